import { describe, expect, it } from 'vitest'
import { randomNumbers } from './__fixtures__/random-numbers.ts'
import { TTLCache } from './ttl-cache.ts'

const maxSize = 5
const defaultTtl = 30
const cleanupInterval = 20
const keys = ['a:1', 'a:2', 'a:12', 'b:1', 'b:2', 'b', 'c', '']
const prefixes = ['a:1', 'a:12', 'b', 'c', 'x', 'y', 'z', '']
const lifetimes = [undefined, 1, 5, 60, Infinity, 0, -1]

interface ModelEntry {
  readonly key: string
  readonly value: number
  readonly expiresAt: number
}

interface ModelLoad {
  readonly key: string
  isCurrent: boolean
}

/** What the cache promises, written for reading: an array in the order of use, searched from end to end. */
class Model {
  now = 0
  entries: ModelEntry[] = []
  loads: ModelLoad[] = []
  hits = 0
  misses = 0
  evictions = 0
  expirations = 0
  #lastSweep = 0

  get(key: string): number | undefined {
    this.#sweepWhenDue()
    const entry = this.entries.find(stored => stored.key === key)
    if (entry !== undefined && entry.expiresAt <= this.now) this.#sweepIf(stored => stored === entry)
    if (entry === undefined || entry.expiresAt <= this.now) {
      this.misses += 1
      return undefined
    }
    this.hits += 1
    this.entries = [...this.entries.filter(stored => stored !== entry), entry]
    return entry.value
  }

  peek(key: string): number | undefined {
    return this.entries.find(stored => stored.key === key && stored.expiresAt > this.now)?.value
  }

  set(key: string, value: number, ttl: number = defaultTtl): void {
    this.#supersede(load => load.key === key)
    this.store(key, value, ttl)
  }

  store(key: string, value: number, ttl: number = defaultTtl): void {
    this.#sweepWhenDue()
    const isNew = this.entries.every(stored => stored.key !== key)
    this.entries = this.entries.filter(stored => stored.key !== key)
    if (ttl <= 0) return
    if (isNew && this.entries.length === maxSize) this.#sweep()
    if (isNew && this.entries.length === maxSize) {
      this.entries.shift()
      this.evictions += 1
    }
    this.entries.push({ key, value, expiresAt: this.now + ttl })
  }

  remove(matches: (key: string) => boolean): number {
    this.#supersede(load => matches(load.key))
    const before = this.entries.length
    this.entries = this.entries.filter(stored => !matches(stored.key))
    return before - this.entries.length
  }

  /** Whether a load of the key is running that a caller would join. */
  isLoading(key: string): boolean {
    return this.loads.some(load => load.key === key && load.isCurrent)
  }

  #supersede(matches: (load: ModelLoad) => boolean): void {
    for (const load of this.loads.filter(matches)) load.isCurrent = false
  }

  #sweepWhenDue(): void {
    if (this.now - this.#lastSweep >= cleanupInterval) this.#sweep()
  }

  #sweep(): void {
    this.#lastSweep = this.now
    this.#sweepIf(stored => stored.expiresAt <= this.now)
  }

  #sweepIf(isExpired: (entry: ModelEntry) => boolean): void {
    const before = this.entries.length
    this.entries = this.entries.filter(stored => !isExpired(stored))
    this.expirations += before - this.entries.length
  }
}

interface RunningLoad {
  readonly model: ModelLoad
  readonly factory: PromiseWithResolvers<number>
  readonly ttl: number | undefined
  /** What each caller got; a failure is the text of its message. */
  readonly outcomes: Promise<unknown>[]
}

/** The cache and its model, given the same operations. */
class Pair {
  readonly model = new Model()
  readonly #cache: TTLCache<number>
  readonly #random: () => number
  #running: RunningLoad[] = []
  #values = 0

  constructor(seed: number) {
    this.#random = randomNumbers(seed)
    this.#cache = new TTLCache({ maxSize, defaultTtl, cleanupInterval, now: () => this.model.now * 1000 })
  }

  /** One random operation; answers of the cache and of the model. */
  async step(): Promise<readonly [unknown, unknown]> {
    const { model } = this
    const key = this.#pick(keys)
    const prefix = this.#pick(prefixes)
    const ttl = this.#pick(lifetimes)
    const value = (this.#values += 1)
    const operations: readonly (() => readonly [unknown, unknown] | Promise<readonly [unknown, unknown]>)[] = [
      () => [this.#cache.get(key), model.get(key)],
      () => [this.#cache.peek(key), model.peek(key)],
      () => [this.#cache.has(key), model.peek(key) !== undefined],
      () => [this.#cache.set(key, value, ttl), model.set(key, value, ttl)],
      () => [this.#cache.set(key, value), model.set(key, value)],
      () => [this.#cache.delete(key), model.remove(stored => stored === key) > 0],
      () => [this.#cache.invalidatePrefix(prefix), this.#invalidate(prefix)],
      () => [this.#cache.getOrSet(key, () => value, ttl), this.#modelGetOrSet(key, value, ttl)],
      () => [undefined, void (model.now += this.#pick([0.25, 1, 5, 20]))],
      () => this.#ask(key, ttl),
      () => this.#finish(value),
    ]
    return await this.#pick(operations)()
  }

  state(): readonly [unknown, unknown] {
    const { model } = this
    const { size, expiredCount, hits, misses, evictions, expirations } = this.#cache.stats()
    const live = model.entries.filter(({ expiresAt }) => expiresAt > model.now)
    return [
      { size, expiredCount, hits, misses, evictions, expirations, live: [...this.#cache] },
      {
        size: model.entries.length,
        expiredCount: model.entries.length - live.length,
        hits: model.hits,
        misses: model.misses,
        evictions: model.evictions,
        expirations: model.expirations,
        live: live.map(entry => [entry.key, entry.value]),
      },
    ]
  }

  #invalidate(prefix: string): number {
    return this.model.remove(stored => stored.startsWith(prefix))
  }

  #modelGetOrSet(key: string, value: number, ttl: number | undefined): number {
    const found = this.model.get(key)
    if (found === undefined && (ttl ?? defaultTtl) > 0) this.model.set(key, value, ttl)
    return found ?? value
  }

  /** Asks for a value; who misses joins the running load or starts one. */
  async #ask(key: string, ttl: number | undefined): Promise<readonly [unknown, unknown]> {
    const found = this.model.get(key)
    const isJoining = this.model.isLoading(key)
    const factory = Promise.withResolvers<number>()
    let calls = 0
    const outcome = this.#cache
      .getOrSetAsync(
        key,
        () => {
          calls += 1
          return factory.promise
        },
        { ttl },
      )
      .catch(String)
    if (found !== undefined)
      return [
        [await outcome, calls],
        [found, 0],
      ]
    if (isJoining) {
      this.#running.find(({ model }) => model.key === key && model.isCurrent)?.outcomes.push(outcome)
      return [calls, 0]
    }
    const model: ModelLoad = { key, isCurrent: true }
    this.model.loads.push(model)
    this.#running.push({ model, factory, ttl, outcomes: [outcome] })
    return [calls, 1]
  }

  /** Ends one of the running loads, with a value or a failure. */
  async #finish(value: number): Promise<readonly [unknown, unknown]> {
    if (this.#running.length === 0) return [undefined, undefined]
    const load = this.#pick(this.#running)
    const isFailure = this.#random() < 0.25
    if (isFailure) load.factory.reject(new Error(String(value)))
    else load.factory.resolve(value)
    const outcomes = await Promise.all(load.outcomes)
    if (load.model.isCurrent && !isFailure) this.model.store(load.model.key, value, load.ttl)
    load.model.isCurrent = false
    this.#running = this.#running.filter(other => other !== load)
    return [outcomes, outcomes.map(() => (isFailure ? `Error: ${value}` : value))]
  }

  #pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.#random() * choices.length)]
    // `undefined` is one of the lifetimes, so the index, which is always within bounds, cannot be checked by value.
    return choice as T
  }
}

describe('TTLCache', () => {
  it.each(Array.from({ length: 20 }, (_, index) => index + 1))('does what its model does (seed %i)', async seed => {
    const pair = new Pair(seed)

    for (let step = 0; step < 1000; step += 1) {
      const [answer, expectedAnswer] = await pair.step()
      const [state, expectedState] = pair.state()
      expect(answer).toEqual(expectedAnswer)
      expect(state).toEqual(expectedState)
    }

    const { evictions, expirations, loads } = pair.model
    expect(Math.min(evictions, expirations, loads.length)).toBeGreaterThan(4)
  })
})
