/** The longest delay that Node's timers keep; they take a longer one for a millisecond. */
const maxDelayMs = 2 ** 31 - 1

/** A timer that may be set for years. It does not keep the process alive. */
export class LongTimer {
  readonly #now: () => number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** Runs something at a time of the clock, in place of what was set before. */
  set(dueAt: number, run: () => void): void {
    this.clear()
    const delayMs = Math.max(0, dueAt - this.#now())
    const onTimer = delayMs > maxDelayMs ? (): void => this.set(dueAt, run) : run
    this.#timer = setTimeout(onTimer, Math.min(delayMs, maxDelayMs)).unref()
  }

  /** Forgets what was set. */
  clear(): void {
    clearTimeout(this.#timer)
  }
}
