import type { LoadOptions } from '../load-options.ts'
import type { TTLCache } from '../ttl-cache.ts'
import { describeAnswer, drain } from './answers.ts'
import type { CacheModel, Ending, ModelCaller, ModelLoad, ModelLoadOptions } from './cache-model.ts'
import { compareLists } from './compare.ts'

type Value = number | null

/** What a factory does to the cache that it is called by. */
export type Interference = (target: TTLCache<Value> | CacheModel) => void

/** One call of getOrSetAsync, for both. */
export interface AwaitedCall {
  readonly key: string
  readonly modelOptions: ModelLoadOptions
  readonly options: LoadOptions<Value> | undefined
  readonly controller: AbortController | undefined
  readonly interfere: Interference
}

/** A call that the cache has not answered. */
interface Caller {
  readonly model: ModelCaller
  readonly controller: AbortController | undefined
  outcome: string | undefined
}

/** One call of a factory. */
interface FactoryCall {
  readonly signal: AbortSignal
  readonly held: PromiseWithResolvers<Value | undefined>
}

/** The calls of getOrSetAsync of a cache and its model, which are answered, ended and aborted alike. */
export class AwaitedCalls {
  readonly #cache: TTLCache<Value>
  readonly #model: CacheModel
  /** In the order of the model's loads. */
  readonly #factoryCalls: FactoryCall[] = []
  #callers: Caller[] = []

  constructor(cache: TTLCache<Value>, model: CacheModel) {
    this.#cache = cache
    this.#model = model
  }

  get unanswered(): number {
    return this.#callers.length
  }

  get runningLoads(): readonly ModelLoad[] {
    return this.#model.loads.filter(({ hasEnded }) => !hasEnded)
  }

  get abortable(): readonly Caller[] {
    return this.#callers.filter(({ controller }) => controller !== undefined)
  }

  async begin({ key, modelOptions, options, controller, interfere }: AwaitedCall): Promise<void> {
    const factory = (signal: AbortSignal): Promise<Value> => {
      const held = Promise.withResolvers<Value | undefined>()
      this.#factoryCalls.push({ signal, held })
      interfere(this.#cache)
      // A factory must not give `undefined`, and this one may.
      return held.promise as Promise<Value>
    }
    const withSignal = controller === undefined ? options : { ...options, signal: controller.signal }
    const outcome = describeAnswer(this.#cache.getOrSetAsync(key, factory, withSignal))
    const model = this.#model.getOrSetAsync(key, modelOptions, () => interfere(this.#model))
    const caller: Caller = { model, controller, outcome: undefined }
    void outcome.then(text => (caller.outcome = text))
    this.#callers.push(caller)
    await this.#compareAnswers()
  }

  async end(load: ModelLoad, ending: Ending): Promise<void> {
    const held = this.#factoryCalls[this.#model.loads.indexOf(load)]?.held
    if ('error' in ending) held?.reject(ending.error)
    else held?.resolve(ending.value)
    await drain()
    this.#model.endLoad(load, ending)
    await this.#compareAnswers()
  }

  async abort(caller: Caller, reason: Error): Promise<void> {
    caller.controller?.abort(reason)
    this.#model.abort(caller.model, reason)
    await this.#compareAnswers()
  }

  /** Whether the same factories were called and aborted, and the same callers have their answers. */
  async #compareAnswers(): Promise<void> {
    await drain()
    const aborts = this.#factoryCalls.map(({ signal }) => signal.aborted)
    const outcomes = this.#callers.map(({ outcome }) => outcome)
    compareLists(
      'aborts of factory calls',
      aborts,
      this.#model.loads.map(load => load.isAborted),
    )
    compareLists(
      'answers',
      outcomes,
      this.#callers.map(({ model }) => model.outcome),
    )
    this.#callers = this.#callers.filter(({ outcome }) => outcome === undefined)
  }
}
