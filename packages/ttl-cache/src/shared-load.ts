import type { LoadFactory } from './load-options.ts'

/** Methods, so that a cache of numbers is still a cache of unknown values to the type checker. */
interface Outcome<V> {
  readonly promise: Promise<V>
  resolve(value: V): void
  reject(reason: unknown): void
}

/** What is to be done when a factory has ended. */
export interface LoadEnds<V> {
  arrived(value: V): void
  failed(): void
}

/** One run of a factory for any number of callers. */
export class SharedLoad<V> {
  readonly key: string
  /** Whether it was begun for a caller who wants a fresh value. */
  readonly isFresh: boolean
  readonly #controller = new AbortController()
  readonly #outcome: Outcome<V> = Promise.withResolvers<V>()
  #waiting = 0
  #isSettled = false

  constructor(key: string, isFresh: boolean) {
    this.key = key
    this.isFresh = isFresh
  }

  /** Calls the factory at once, and one of `ends` before any caller learns of it. Never rejects. */
  async run(factory: LoadFactory<V>, ends: LoadEnds<V>): Promise<void> {
    try {
      const value = await this.#call(factory, ends)
      ends.arrived(value)
      this.#outcome.resolve(value)
    } catch (error) {
      this.#outcome.reject(error)
    }
  }

  /** Waits for the value. An abort of `signal` ends this wait only; `onAbandoned` runs when it was the last one. */
  wait(signal: AbortSignal | undefined, onAbandoned: () => void): Promise<V> {
    this.#waiting += 1
    // No promise of its own for each of many who wait.
    return signal === undefined ? this.#outcome.promise : this.#waitUntil(signal, onAbandoned)
  }

  /** Lets the load go on whether anybody waits or not; its failure need not interest anybody. */
  async runUnwatched(): Promise<void> {
    this.#waiting += 1
    await Promise.allSettled([this.#outcome.promise])
  }

  async #waitUntil(signal: AbortSignal, onAbandoned: () => void): Promise<V> {
    const departure = Promise.withResolvers<never>()
    const leave = (): void => {
      departure.reject(signal.reason)
      this.#leave(signal.reason, onAbandoned)
    }
    signal.addEventListener('abort', leave, { once: true })
    // The factory's first, synchronous part may have aborted it.
    if (signal.aborted) leave()
    try {
      return await Promise.race([this.#outcome.promise, departure.promise])
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  async #call(factory: LoadFactory<V>, ends: LoadEnds<V>): Promise<V> {
    try {
      return await factory(this.#controller.signal)
    } catch (error) {
      ends.failed()
      throw error
    } finally {
      this.#isSettled = true
    }
  }

  #leave(reason: unknown, onAbandoned: () => void): void {
    this.#waiting -= 1
    if (this.#waiting > 0 || this.#isSettled) return
    onAbandoned()
    this.#controller.abort(reason)
  }
}
