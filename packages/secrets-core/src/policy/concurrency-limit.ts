import { untilAborted } from '../contract/until-aborted.ts'

/** Lets a number of calls run at once; the others wait in line. */
export class ConcurrencyLimit {
  readonly #limit: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Runs `work` when there is room; an abort ends the wait for it with the signal's reason. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running >= this.#limit) await this.#turn(signal)
    else this.#running += 1
    try {
      return await work()
    } finally {
      this.#passOn()
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    try {
      await untilAborted(signal, promise)
    } catch (error) {
      // It may have been given a place in the same moment.
      if (!this.#waiting.delete(resolve)) this.#passOn()
      throw error
    }
  }

  /** The place goes to who has waited longest, so that nobody can slip in between. */
  #passOn(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running -= 1
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
