/** What several callers wait for goes on until the last of them has left. */
export class JointAbort {
  readonly #controller = new AbortController()
  #waiting = 0

  /** Aborts when every signal that was added has, with the reason of the last. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** One more caller, who leaves when its signal aborts. */
  add(signal: AbortSignal): void {
    this.#waiting += 1
    const leave = (): void => {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#controller.abort(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
  }
}
