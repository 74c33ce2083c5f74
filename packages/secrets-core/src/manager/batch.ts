import type { ChainAnswer } from '../chain/chain-answer.ts'
import { JointAbort } from '../policy/joint-abort.ts'

/** Asks for several keys at once. */
export type AskAll = (keys: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, ChainAnswer>>

/** Keys that are asked for one by one and answered by one pass over the chain, which begins when all have asked. */
export class Batch {
  readonly #askAll: AskAll
  readonly #keys: string[] = []
  readonly #callers = new JointAbort()
  readonly #answers = Promise.withResolvers<ReadonlyMap<string, ChainAnswer>>()

  constructor(askAll: AskAll) {
    this.#askAll = askAll
  }

  /** The answers, once that for `key` is among them. The pass ends when all the signals have aborted. */
  answers(key: string, signal: AbortSignal): Promise<ReadonlyMap<string, ChainAnswer>> {
    this.#keys.push(key)
    this.#callers.add(signal)
    return this.#answers.promise
  }

  /** Begins the pass at once, unless nobody has asked. */
  begin(): void {
    if (this.#keys.length > 0) this.#answers.resolve(this.#askAll(this.#keys, this.#callers.signal))
  }
}
