import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { RandomChoices } from './__fixtures__/random-choices.ts'
import type { LoadOptions } from './load-options.ts'
import { TTLCache } from './ttl-cache.ts'

const batches = 20
const runsOfBatch = process.env['ST_LONG_TESTS'] === '1' ? 20_000 : 1000

const keys = ['p:a:1', 'p:a:2', 'p:b:1']
const prefixes = ['p:a:', 'p:b:', 'p:', 'p:a:1', '']

/** A value that knows when its load or write began: numbers that only grow. */
interface Versioned {
  readonly key: string
  readonly begunAt: number
  /** Whether a fresh caller has begun its load. */
  readonly isFresh: boolean
  expiresAtMs: number
}

/** One call of a factory. */
interface FactoryCall {
  readonly key: string
  /** When the key was last changed before this call. */
  readonly changedAt: number
  readonly signal: AbortSignal
  readonly value: Versioned
  readonly held: PromiseWithResolvers<Versioned>
  /** Whether a fresh caller has begun a load of the key since. */
  isSuperseded: boolean
}

type Action = (schedule: Schedule) => void | Promise<void>

/** Random operations on one cache, at any distance from each other: in one step, some promise jobs apart, or more. */
class Schedule {
  readonly #random: RandomChoices
  readonly #cache: TTLCache<Versioned>
  readonly #history: unknown[][] = []
  /** When a change of the key returned that made out of date whatever had begun before it. */
  readonly #changedAt = new Map<string, number>()
  readonly #controllers: AbortController[] = []
  #running: FactoryCall[] = []
  #nowMs = 0
  #moment = 0
  #waiting = 0
  #violation: Error | undefined
  /** How many times each thing happened that the test is about. */
  readonly seen = { outdatedLoads: 0, askedWhileLoading: 0, given: 0, aborted: 0, superseded: 0 }

  constructor(seed: number) {
    this.#random = new RandomChoices(seed)
    const options = {
      maxSize: this.#random.pick([2, 3, 10]),
      cleanupInterval: this.#random.pick([0, 5, 60]),
      defaultTtl: 10,
    }
    this.#cache = new TTLCache({ ...options, now: () => this.#nowMs })
    this.#history.push([options])
  }

  async run(): Promise<void> {
    for (let step = 0; step < 30; step += 1) {
      await this.#random.pick(actions)(this)
      this.#throwViolation()
    }
    while (this.#running.length > 0) await this.endLoad()
    await new Promise(resolve => setImmediate(resolve))
    if (this.#waiting > 0) this.#violate(`${this.#waiting} callers have no answer`)
    for (const key of keys) this.#check(key, this.#cache.peek(key), this.#lastChange(key))
    this.#throwViolation()
  }

  describeHistory(): string {
    return this.#history.map(step => step.map(part => inspect(part)).join(' ')).join('\n')
  }

  get(): void {
    const key = this.#noteKey('get')
    const value = this.#cache.get(key)
    this.#check(key, value, this.#lastChange(key))
    if (value !== undefined && value.expiresAtMs <= this.#nowMs) this.#violate('the value has expired')
  }

  iterate(): void {
    this.#history.push(['iterate'])
    for (const [key, value] of this.#cache) this.#check(key, value, this.#lastChange(key))
  }

  set(): void {
    const key = this.#noteKey('set')
    const value = this.#makeValue(key)
    value.expiresAtMs = this.#nowMs + 10_000
    this.#cache.set(key, value)
    this.#changedAt.set(key, value.begunAt)
  }

  delete(): void {
    const key = this.#noteKey('delete')
    this.#cache.delete(key)
    this.#changedAt.set(key, this.#nextMoment())
  }

  invalidatePrefix(): void {
    const prefix = this.#random.pick(prefixes)
    this.#history.push(['invalidatePrefix', prefix])
    if (prefix === '') this.#cache.clear()
    else this.#cache.invalidatePrefix(prefix)
    const changedAt = this.#nextMoment()
    for (const key of keys) if (key.startsWith(prefix)) this.#changedAt.set(key, changedAt)
  }

  getOrSet(): void {
    const key = this.#noteKey('getOrSet')
    const since = this.#lastChange(key)
    const computed = { ...this.#makeValue(key), expiresAtMs: this.#nowMs + 10_000 }
    const value = this.#cache.getOrSet(key, () => computed)
    if (value === computed) this.#changedAt.set(key, computed.begunAt)
    this.#check(key, value, since)
  }

  getOrSetAsync(): void {
    const key = this.#noteKey('getOrSetAsync')
    const controller = this.#random.isOneIn(3) ? new AbortController() : undefined
    const options = this.#pickLoadOptions()
    this.#history.push(['  options', options])
    if (this.#running.some(call => call.key === key)) this.seen.askedWhileLoading += 1
    const answer = this.#cache.getOrSetAsync(
      key,
      signal => this.#load(key, signal, options?.fresh === true),
      controller === undefined ? options : { ...options, signal: controller.signal },
    )
    if (controller !== undefined) this.#controllers.push(controller)
    void this.#await(key, answer, options)
  }

  async endLoad(): Promise<void> {
    const call = this.#random.pickOf(this.#running)
    if (call === undefined) return
    this.#running = this.#running.filter(other => other !== call)
    const isFailure = this.#random.isOneIn(4)
    this.#history.push(['load ends', call.value, isFailure ? 'failed' : ''])
    if (call.changedAt < this.#lastChange(call.key)) this.seen.outdatedLoads += 1
    if (isFailure) call.held.reject(new Error('failed'))
    else call.held.resolve(call.value)
    await this.pause()
  }

  abort(): void {
    const controller = this.#random.pickOf(this.#controllers)
    if (controller === undefined) return
    this.#history.push(['abort'])
    controller.abort(new Error('aborted'))
    this.seen.aborted += 1
  }

  wait(): void {
    const ms = this.#random.pick([1, 4999, 5000, 10_000, 25_000])
    this.#history.push(['milliseconds pass', ms])
    this.#nowMs += ms
  }

  async pause(): Promise<void> {
    const jobs = this.#random.below(6)
    this.#history.push(['promise jobs', jobs])
    for (let job = 0; job < jobs; job += 1) await Promise.resolve()
  }

  async turn(): Promise<void> {
    this.#history.push(['turn'])
    await new Promise(resolve => setImmediate(resolve))
  }

  /** The factory of all loads. */
  async #load(key: string, signal: AbortSignal, isFresh: boolean): Promise<Versioned> {
    const value = { ...this.#makeValue(key), isFresh }
    if (isFresh) this.#supersedeOrdinary(key)
    const held = Promise.withResolvers<Versioned>()
    const changedAt = this.#lastChange(key)
    const isTwin = (call: FactoryCall): boolean =>
      call.key === key && call.changedAt === changedAt && !call.isSuperseded && !call.signal.aborted
    if (this.#running.some(isTwin)) this.#violate(`two factories run for ${key} at once`)
    this.#running.push({ key, changedAt, signal, value, held, isSuperseded: false })
    return await held.promise
  }

  #supersedeOrdinary(key: string): void {
    for (const call of this.#running) {
      if (call.key !== key || call.value.isFresh) continue
      call.isSuperseded = true
      this.seen.superseded += 1
    }
  }

  async #await(key: string, answer: Promise<Versioned>, options: LoadOptions<Versioned> = {}): Promise<void> {
    const since = this.#lastChange(key)
    this.#waiting += 1
    const [result] = await Promise.allSettled([answer])
    this.#waiting -= 1
    if (result.status === 'fulfilled') {
      this.#check(key, result.value, since)
      if (options.fresh === true && options.staleIfError === undefined) this.#noteFresh(key, result.value)
    } else if (!/^Error: (?:failed|aborted)$/u.test(String(result.reason))) this.#violate(String(result.reason))
  }

  /** What began before a fresh load is out of date once that has ended. */
  #noteFresh(key: string, { isFresh, begunAt }: Versioned): void {
    if (!isFresh) this.#violate(`${key} was not loaded anew`)
    this.#changedAt.set(key, Math.max(begunAt, this.#lastChange(key)))
  }

  /** The point of all this: a value of the same key that began when or after the key was changed. */
  #check(key: string, value: Versioned | undefined, changedAt: number): void {
    if (value === undefined) return
    this.seen.given += 1
    if (value.key !== key) this.#violate(`${key} has the value of ${value.key}`)
    if (value.begunAt < changedAt) this.#violate(`${key} has ${inspect(value)}, and was changed at ${changedAt}`)
  }

  #pickLoadOptions(): LoadOptions<Versioned> | undefined {
    if (this.#random.isOneIn(3)) return undefined
    const seconds = this.#random.pick([10, 10, 20, 0])
    return {
      ttl: value => {
        value.expiresAtMs = this.#nowMs + seconds * 1000
        return seconds
      },
      staleWhileRevalidate: this.#random.pick([undefined, 20]),
      staleIfError: this.#random.pick([undefined, 20, () => 20]),
      refreshAhead: this.#random.pick([undefined, 0, 0.5]),
      fresh: this.#random.pick([undefined, false, true]),
    }
  }

  #makeValue(key: string): Versioned {
    return { key, begunAt: this.#nextMoment(), isFresh: false, expiresAtMs: Infinity }
  }

  #nextMoment(): number {
    this.#moment += 1
    return this.#moment
  }

  #noteKey(what: string): string {
    const key = this.#random.pick(keys)
    this.#history.push([what, key])
    return key
  }

  #lastChange(key: string): number {
    return this.#changedAt.get(key) ?? 0
  }

  #violate(message: string): void {
    this.#violation ??= new Error(message)
  }

  #throwViolation(): void {
    if (this.#violation !== undefined) throw this.#violation
  }
}

const actions: readonly Action[] = [
  schedule => schedule.get(),
  schedule => schedule.iterate(),
  schedule => schedule.set(),
  schedule => schedule.delete(),
  schedule => schedule.invalidatePrefix(),
  schedule => schedule.getOrSet(),
  ...Array.from({ length: 6 }, () => (schedule: Schedule) => schedule.getOrSetAsync()),
  ...Array.from({ length: 4 }, () => (schedule: Schedule) => schedule.endLoad()),
  schedule => schedule.abort(),
  schedule => schedule.wait(),
  schedule => schedule.pause(),
  schedule => schedule.turn(),
]

async function run(seed: number): Promise<Schedule> {
  const schedule = new Schedule(seed)
  try {
    await schedule.run()
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}\nafter\n${schedule.describeHistory()}`, { cause: error })
  }
  return schedule
}

describe('a read', () => {
  it.each(Array.from({ length: batches }, (_, batch) => batch * runsOfBatch + 1))(
    `never gives what began before a change that had returned, in ${runsOfBatch} interleavings from seed %i`,
    async first => {
      const seen = { outdatedLoads: 0, askedWhileLoading: 0, given: 0, aborted: 0, superseded: 0 }

      for (let seed = first; seed < first + runsOfBatch; seed += 1) {
        const schedule = await run(seed)
        seen.outdatedLoads += schedule.seen.outdatedLoads
        seen.askedWhileLoading += schedule.seen.askedWhileLoading
        seen.given += schedule.seen.given
        seen.aborted += schedule.seen.aborted
        seen.superseded += schedule.seen.superseded
      }

      expect(Math.min(...Object.values(seen))).toBeGreaterThan(runsOfBatch / 4)
    },
  )
})
