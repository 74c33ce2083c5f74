import { inspect } from 'node:util'
import { TTLCache } from '../ttl-cache.ts'
import { attempt, describeAnswer, drain } from './answers.ts'
import {
  CacheModel,
  describeEnding,
  type Ending,
  type ModelCaller,
  type ModelLoad,
  type ModelLoadOptions,
  type ModelOptions,
} from './cache-model.ts'
import { compare, compareLists } from './compare.ts'
import { lifetimes, noLoadOptions, pickLoadOptions, realLoadOptions } from './load-choices.ts'
import { RandomChoices } from './random-choices.ts'

type Value = number | null

/** Something to do with both. */
export type Operation = (pair: CacheAndModel) => void | Promise<void>

const day = 86_400

const allKeys = ['a:1:x', 'a:1:y', '__proto__', 'b', 'a:2:x', 'a:12:x', 'b:1', '', 'constructor']
const prefixes = ['a:1:', 'a:1:x', 'a:2:', 'a:12:', 'b:1:', 'x:y:', 'a:1', 'a', 'b', '__', 'con', '']
const shortPauses = [0.001, 0.999, 1, 2, 5, 5, 20, 60]
const allPauses = [...shortPauses, day, 13 * day, 40 * day, 70 * day]

/** A call of getOrSetAsync that the cache has not answered. */
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

/** A cache and its model, which are given the same random operations. */
export class CacheAndModel {
  readonly cache: TTLCache<Value>
  readonly model: CacheModel
  readonly #options: ModelOptions
  readonly #random: RandomChoices
  readonly #keys: readonly string[]
  readonly #pauses: readonly number[]
  readonly #loadOptions: readonly ModelLoadOptions[]
  /** The options and the operations until now. */
  readonly #history: unknown[][]
  readonly #removed: string[] = []
  /** In the order of the model's loads. */
  readonly #factoryCalls: FactoryCall[] = []
  #callers: Caller[] = []
  #lastValue = 0
  #skewMs = 0

  constructor(seed: number) {
    const random = new RandomChoices(seed)
    this.#random = random
    this.#options = {
      maxSize: random.pick([1, 2, 3, 4, 20, Infinity]),
      defaultTtl: random.pick([30, 30, 1, Infinity, 60 * day]),
      cleanupInterval: random.pick([0, 20, 20, 60, Infinity]),
    }
    this.#keys = allKeys.slice(0, random.pick([2, 4, allKeys.length]))
    this.#pauses = random.pick([shortPauses, shortPauses, allPauses])
    this.#loadOptions = [noLoadOptions, pickLoadOptions(random), pickLoadOptions(random)]
    this.#history = [[this.#options, this.#loadOptions]]
    this.model = new CacheModel(this.#options)
    this.model.chooseStale = stale =>
      stale.find(entry => this.#removed.includes(`${entry.key}=${entry.value} expired`)) ?? stale[0]
    this.cache = new TTLCache({
      ...this.#options,
      now: () => this.model.now + this.#skewMs,
      onRemove: (key, value, reason) => this.#removed.push(`${key}=${value} ${reason}`),
    })
  }

  /** What was done until now, for whoever has to find out what went wrong. */
  describeHistory(): string {
    return this.#history.map(step => step.map(part => inspect(part)).join(' ')).join('\n')
  }

  /** Does one of the operations on both. Throws where they differ. */
  async step(operations: readonly Operation[]): Promise<void> {
    await this.#random.pick(operations)(this)
    // Looking lets the cache know the time; it has to find the time out by itself, too.
    if (this.#random.isOneIn(3)) return
    this.#compareState()
    if (this.#random.isOneIn(8)) for (const key of this.#keys) this.#compareEntry(key)
  }

  /** Ends the cache and all loads. Throws when somebody is left without an answer. */
  async finish(): Promise<void> {
    this.#history.push(['dispose'])
    this.cache.dispose()
    this.model.remove(() => true)
    this.#compareState()
    while (this.#runningLoads.length > 0) await this.endLoad()
    compare('callers without an answer', this.#callers.length, 0)
    this.#compareState()
  }

  get(): void {
    const key = this.#noteKey('get')
    compare('get', this.cache.get(key), this.model.get(key))
  }

  peek(): void {
    const key = this.#noteKey('peek and has')
    compare('peek', this.cache.peek(key), this.model.peek(key))
    compare('has', this.cache.has(key), this.model.peek(key) !== undefined)
  }

  entry(): void {
    this.#compareEntry(this.#noteKey('entry'))
  }

  set(): void {
    const key = this.#noteKey('set')
    const ttl = this.#noteOne('  ttl', lifetimes)
    const value = this.#nextValue()
    this.cache.set(key, value, ttl)
    this.model.set(key, value, ttl)
  }

  setUndefined(): void {
    const key = this.#noteKey('set undefined')
    const answer = attempt(() => this.cache.set(key, undefined as never))
    compare('set', answer, 'TypeError')
  }

  delete(): void {
    const key = this.#noteKey('delete')
    const isDeleted = this.cache.delete(key)
    compare('delete', isDeleted, this.model.remove(stored => stored === key) > 0)
  }

  invalidatePrefix(): void {
    const prefix = this.#noteOne('invalidatePrefix', prefixes)
    const count = this.cache.invalidatePrefix(prefix)
    compare(
      'count',
      count,
      this.model.remove(stored => stored.startsWith(prefix)),
    )
  }

  clear(): void {
    this.#history.push(['clear'])
    const count = this.cache.clear()
    compare(
      'count',
      count,
      this.model.remove(() => true),
    )
  }

  getOrSet(): void {
    const key = this.#noteKey('getOrSet')
    const ttl = this.#noteOne('  ttl', lifetimes)
    const value = this.#random.pick([this.#nextValue(), this.#nextValue(), undefined])
    const interfere = this.#pickInterference(key)
    // A factory must not return `undefined`, and this one does.
    const found = this.cache.getOrSet(key, () => (interfere(this.cache), value) as Value, ttl)
    compare(
      'getOrSet',
      found,
      this.model.getOrSet(key, () => (interfere(this.model), value), ttl),
    )
  }

  /** A factory that throws, or returns what it may not. */
  getOrSetBadly(): void {
    const key = this.#noteKey('getOrSet that fails')
    const isPromise = this.#random.isOneIn(2)
    const factory = (): Value => {
      // The type forbids a promise; the cache has to refuse it.
      if (isPromise) return Promise.resolve(1) as unknown as Value
      throw new RangeError('by the factory')
    }
    const answer = attempt(() => this.cache.getOrSet(key, factory))
    const found = this.model.get(key)
    compare('getOrSet', answer, found ?? (found === null ? null : isPromise ? 'TypeError' : 'RangeError'))
  }

  async getOrSetAsync(): Promise<void> {
    const key = this.#noteKey('getOrSetAsync')
    const options = this.#noteOne('  options', this.#loadOptions)
    const controller = this.#random.isOneIn(3) ? new AbortController() : undefined
    const interfere = this.#pickInterference(key)
    const factory = (signal: AbortSignal): Promise<Value> => {
      const held = Promise.withResolvers<Value | undefined>()
      this.#factoryCalls.push({ signal, held })
      interfere(this.cache)
      // A factory must not give `undefined`, and this one may.
      return held.promise as Promise<Value>
    }
    const realOptions = realLoadOptions(options, this.#random)
    const withSignal = controller === undefined ? realOptions : { ...realOptions, signal: controller.signal }
    const outcome = describeAnswer(this.cache.getOrSetAsync(key, factory, withSignal))
    const model = this.model.getOrSetAsync(key, options, () => interfere(this.model))
    const caller: Caller = { model, controller, outcome: undefined }
    void outcome.then(text => (caller.outcome = text))
    this.#callers.push(caller)
    await this.#compareAnswers()
  }

  async endLoad(): Promise<void> {
    const load = this.#random.pickOf(this.#runningLoads)
    if (load === undefined) return
    const value = this.#nextValue()
    const error = new Error(`no ${value}`)
    const ending = this.#random.pick<Ending>([{ value }, { value }, { value }, { value: undefined }, { error }])
    this.#history.push([describeEnding(ending), load.key])
    const held = this.#factoryCalls[this.model.loads.indexOf(load)]?.held
    if ('error' in ending) held?.reject(ending.error)
    else held?.resolve(ending.value)
    await drain()
    this.model.endLoad(load, ending)
    await this.#compareAnswers()
  }

  async abort(): Promise<void> {
    const caller = this.#random.pickOf(this.#callers.filter(({ controller }) => controller !== undefined))
    if (caller === undefined) return
    const reason = new Error(`gone ${this.#nextValue()}`)
    this.#history.push([reason.message])
    caller.controller?.abort(reason)
    this.model.abort(caller.model, reason)
    await this.#compareAnswers()
  }

  wait(): void {
    this.model.now += this.#noteOne('seconds pass', this.#pauses) * 1000
  }

  /** The source of the time goes back by an hour, which is no time to a cache that sees it happen. */
  stepBack(): void {
    this.#history.push(['the clock is set back'])
    this.cache.stats()
    this.#skewMs -= 3_600_000
    this.cache.stats()
  }

  get #runningLoads(): readonly ModelLoad[] {
    return this.model.loads.filter(({ hasEnded }) => !hasEnded)
  }

  #compareState(): void {
    const { entries, live, counters, removed } = this.model
    const { maxSize, defaultTtl, size, expiredCount, hitRatio, ...counted } = this.cache.stats()
    const figures = [maxSize, defaultTtl, size, this.cache.size, expiredCount, hitRatio]
    compareLists('maxSize, defaultTtl, size, size, expiredCount, hitRatio', figures, [
      this.#options.maxSize,
      this.#options.defaultTtl,
      entries.length,
      entries.length,
      entries.length - live.length,
      counters.hits / Math.max(1, counters.hits + counters.misses),
    ])
    compare('counters', counted, counters)
    compareLists(
      'live',
      [...this.cache].flat(),
      live.flatMap(({ key, value }) => [key, value]),
    )
    compareLists('removed', this.#removed.splice(0).toSorted(), removed.splice(0).toSorted())
  }

  #compareEntry(key: string): void {
    const entry = this.model.find(key)
    const expected = entry && {
      value: entry.value,
      ageMs: this.model.now - entry.storedAt,
      expiresInMs: entry.expiresAt - this.model.now,
    }
    compare(`entry(${inspect(key)})`, this.cache.entry(key), expected)
  }

  /** Whether the same factories were called and aborted, and the same callers have their answers. */
  async #compareAnswers(): Promise<void> {
    await drain()
    const aborts = this.#factoryCalls.map(({ signal }) => signal.aborted)
    const outcomes = this.#callers.map(({ outcome }) => outcome)
    compareLists(
      'aborts of factory calls',
      aborts,
      this.model.loads.map(load => load.isAborted),
    )
    compareLists(
      'answers',
      outcomes,
      this.#callers.map(({ model }) => model.outcome),
    )
    this.#callers = this.#callers.filter(({ outcome }) => outcome === undefined)
  }

  /** What a factory does to the cache that it is called by: mostly nothing. */
  #pickInterference(key: string): (target: TTLCache<Value> | CacheModel) => void {
    if (!this.#random.isOneIn(12)) return () => {}
    const value = this.#nextValue()
    const changedKey = this.#noteOne('  the factory sets or removes', [key, key, this.#random.pick(this.#keys)])
    const isSet = this.#noteOne('  sets', [true, false])
    return target => {
      if (isSet) target.set(changedKey, value)
      else if (target instanceof TTLCache) target.delete(changedKey)
      else target.remove(stored => stored === changedKey)
    }
  }

  #nextValue(): Value {
    this.#lastValue += 1
    return this.#lastValue % 7 === 0 ? null : this.#lastValue
  }

  #noteKey(what: string): string {
    return this.#noteOne(what, this.#keys)
  }

  #noteOne<T>(what: string, choices: readonly T[]): T {
    const choice = this.#random.pick(choices)
    this.#history.push([what, choice])
    return choice
  }
}
