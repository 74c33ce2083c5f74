import type { LoadFactory } from '../load-options.ts'

/** A factory that ends when the test says so, and the signals that its calls were given. */
export class HeldFactory<V> {
  readonly signals: AbortSignal[] = []
  readonly #calls: PromiseWithResolvers<V>[] = []

  readonly run: LoadFactory<V> = signal => {
    const call = Promise.withResolvers<V>()
    this.signals.push(signal)
    this.#calls.push(call)
    return call.promise
  }

  get calls(): number {
    return this.#calls.length
  }

  resolve(value: V, call = 0): void {
    this.#calls[call]?.resolve(value)
  }

  reject(reason: unknown, call = 0): void {
    this.#calls[call]?.reject(reason)
  }
}
