import { inspect } from 'node:util'
import { TTLCache } from '../ttl-cache.ts'
import { attempt } from './answers.ts'
import { AwaitedCalls, type Interference } from './awaited-calls.ts'
import { CacheModel, describeEnding, type Ending, type ModelLoadOptions, type ModelOptions } from './cache-model.ts'
import { compare, compareLists } from './compare.ts'
import { lifetimes, noLoadOptions, pickLoadOptions, realLoadOptions } from './load-choices.ts'
import { RecordedChoices } from './recorded-choices.ts'

type Value = number | null

/** Something to do with both. */
export type Operation = (pair: CacheAndModel) => void | Promise<void>

const day = 86_400

const allKeys = ['a:1:x', 'a:1:y', '__proto__', 'b', 'a:2:x', 'a:12:x', 'b:1', '', 'constructor']
const prefixes = ['a:1:', 'a:1:x', 'a:2:', 'a:12:', 'b:1:', 'x:y:', 'a:1', 'a', 'b', '__', 'con', '']
const shortPauses = [0.001, 0.999, 1, 2, 5, 5, 20, 60]
const allPauses = [...shortPauses, day, 13 * day, 40 * day, 70 * day]

/** A cache and its model, which are given the same random operations. */
export class CacheAndModel {
  readonly cache: TTLCache<Value>
  readonly model: CacheModel
  readonly #options: ModelOptions
  readonly #calls: AwaitedCalls
  readonly #random: RecordedChoices
  readonly #keys: readonly string[]
  readonly #pauses: readonly number[]
  readonly #loadOptions: readonly ModelLoadOptions[]
  readonly #removed: string[] = []
  #lastValue = 0
  #skewMs = 0

  constructor(seed: number) {
    const random = new RecordedChoices(seed)
    this.#random = random
    this.#options = {
      maxSize: random.pick([1, 2, 3, 4, 20, Infinity]),
      defaultTtl: random.pick([30, 30, 1, Infinity, 60 * day]),
      cleanupInterval: random.pick([0, 20, 20, 60, Infinity]),
    }
    this.#keys = allKeys.slice(0, random.pick([2, 4, allKeys.length]))
    this.#pauses = random.pick([shortPauses, shortPauses, allPauses])
    this.#loadOptions = [noLoadOptions, pickLoadOptions(random), pickLoadOptions(random)]
    random.note(this.#options, this.#loadOptions)
    this.model = new CacheModel(this.#options)
    this.model.chooseStale = stale =>
      stale.find(entry => this.#removed.includes(`${entry.key}=${entry.value} expired`)) ?? stale[0]
    this.cache = new TTLCache({
      ...this.#options,
      now: () => this.model.now + this.#skewMs,
      onRemove: (key, value, reason) => this.#removed.push(`${key}=${value} ${reason}`),
    })
    this.#calls = new AwaitedCalls(this.cache, this.model)
  }

  /** What was done until now, for whoever has to find out what went wrong. */
  describeHistory(): string {
    return this.#random.describeHistory()
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
    this.#random.note('dispose')
    this.cache.dispose()
    this.model.remove(() => true)
    this.#compareState()
    while (this.#calls.runningLoads.length > 0) await this.endLoad()
    compare('callers without an answer', this.#calls.unanswered, 0)
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
    const ttl = this.#random.pickFor('  ttl', lifetimes)
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
    const prefix = this.#random.pickFor('invalidatePrefix', prefixes)
    const count = this.cache.invalidatePrefix(prefix)
    compare(
      'count',
      count,
      this.model.remove(stored => stored.startsWith(prefix)),
    )
  }

  clear(): void {
    this.#random.note('clear')
    const count = this.cache.clear()
    compare(
      'count',
      count,
      this.model.remove(() => true),
    )
  }

  getOrSet(): void {
    const key = this.#noteKey('getOrSet')
    const ttl = this.#random.pickFor('  ttl', lifetimes)
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
    const modelOptions = this.#random.pickFor('  options', this.#loadOptions)
    const controller = this.#random.isOneIn(3) ? new AbortController() : undefined
    const interfere = this.#pickInterference(key)
    const options = realLoadOptions(modelOptions, this.#random)
    await this.#calls.begin({ key, modelOptions, options, controller, interfere })
  }

  async endLoad(): Promise<void> {
    const load = this.#random.pickOf(this.#calls.runningLoads)
    if (load === undefined) return
    const value = this.#nextValue()
    const error = new Error(`no ${value}`)
    const ending = this.#random.pick<Ending>([{ value }, { value }, { value }, { value: undefined }, { error }])
    this.#random.note(describeEnding(ending), load.key)
    await this.#calls.end(load, ending)
  }

  async abort(): Promise<void> {
    const caller = this.#random.pickOf(this.#calls.abortable)
    if (caller === undefined) return
    const reason = new Error(`gone ${this.#nextValue()}`)
    this.#random.note(reason.message)
    await this.#calls.abort(caller, reason)
  }

  wait(): void {
    this.model.now += this.#random.pickFor('seconds pass', this.#pauses) * 1000
  }

  /** The source of the time goes back by an hour, which is no time to a cache that sees it happen. */
  stepBack(): void {
    this.#random.note('the clock is set back')
    this.cache.stats()
    this.#skewMs -= 3_600_000
    this.cache.stats()
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

  /** What a factory does to the cache that it is called by: mostly nothing. */
  #pickInterference(key: string): Interference {
    if (!this.#random.isOneIn(12)) return () => {}
    const value = this.#nextValue()
    const changedKey = this.#random.pickFor('  the factory sets or removes', [key, key, this.#random.pick(this.#keys)])
    const isSet = this.#random.pickFor('  sets', [true, false])
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
    return this.#random.pickFor(what, this.#keys)
  }
}
