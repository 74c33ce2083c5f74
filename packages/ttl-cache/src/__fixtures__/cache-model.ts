import type { RemovalReason } from '../removal-hooks.ts'

export interface ModelOptions {
  readonly maxSize: number
  readonly defaultTtl: number
  readonly cleanupInterval: number
}

export interface ModelEntry {
  readonly key: string
  readonly value: number | null
  readonly storedAt: number
  readonly expiresAt: number
  /** For how many milliseconds it is kept after it has expired. */
  readonly keepFor: number
}

export interface ModelLoadOptions {
  readonly ttl: number | undefined
  readonly staleWhileRevalidate: number | undefined
  readonly staleIfError: number | undefined
  /** Whether `staleIfError` is what a function tells when a load has failed. */
  readonly decidesByError: boolean
  readonly refreshAhead: number | undefined
  readonly fresh: boolean | undefined
}

/** One call of getOrSetAsync and what came of it, as text; `undefined` while it waits. */
export interface ModelCaller {
  readonly options: ModelLoadOptions
  outcome: string | undefined
}

/** One call of a factory. */
export interface ModelLoad {
  readonly key: string
  readonly options: ModelLoadOptions
  readonly startedAt: number
  readonly isBackground: boolean
  readonly callers: ModelCaller[]
  /** Whether the next caller would join it and its value may be stored. */
  isCurrent: boolean
  isAborted: boolean
  hasEnded: boolean
}

/** How a factory ends: with a value, which may be none, or with an error. */
export type Ending = { readonly value: number | null | undefined } | { readonly error: Error }

export function describeEnding(ending: Ending): string {
  return 'error' in ending ? `fails with ${ending.error.message}` : `gives ${ending.value}`
}

/**
 * What the cache promises, written for reading: an array in the order of use, searched from end to end. Times are in
 * milliseconds, options in seconds.
 */
export class CacheModel {
  now = 0
  /** The least recently used first. */
  entries: ModelEntry[] = []
  /** In the order in which their factories were called. */
  readonly loads: ModelLoad[] = []
  readonly counters = {
    hits: 0,
    misses: 0,
    staleHits: 0,
    evictions: 0,
    expirations: 0,
    loads: 0,
    loadFailures: 0,
    totalLoadMs: 0,
  }
  /** What has left since somebody emptied the list. */
  readonly removed: string[] = []
  /** Which of several stale entries makes room is not promised. */
  chooseStale: (stale: readonly ModelEntry[]) => ModelEntry | undefined = ([first]) => first
  readonly #options: ModelOptions
  #computations: { readonly key: string; isCurrent: boolean }[] = []
  #sweptAt = 0

  constructor(options: ModelOptions) {
    this.#options = options
  }

  get live(): readonly ModelEntry[] {
    return this.entries.filter(entry => this.#isLive(entry))
  }

  find(key: string): ModelEntry | undefined {
    return this.entries.find(entry => entry.key === key)
  }

  peek(key: string): number | null | undefined {
    return this.live.find(entry => entry.key === key)?.value
  }

  get(key: string): number | null | undefined {
    this.#sweepWhenDue()
    const entry = this.find(key)
    if (entry !== undefined && this.#isLive(entry)) return this.#hit(entry)
    this.#miss(entry)
    return undefined
  }

  set(key: string, value: number | null, ttl: number = this.#options.defaultTtl): void {
    this.#supersede(changed => changed === key)
    this.#store(key, value, { ttl, keepFor: 0 })
  }

  /** For delete, invalidatePrefix, clear and dispose. */
  remove(matches: (key: string) => boolean): number {
    this.#supersede(matches)
    return this.#removeAll(entry => matches(entry.key), 'deleted')
  }

  getOrSet(key: string, factory: () => number | null | undefined, ttl: number = this.#options.defaultTtl): unknown {
    const found = this.get(key)
    if (found !== undefined) return found
    const computation = { key, isCurrent: true }
    this.#computations.push(computation)
    const value = factory()
    this.#computations = this.#computations.filter(other => other !== computation)
    if (value !== undefined && ttl > 0 && computation.isCurrent) this.set(key, value, ttl)
    return value
  }

  /** @param factory - What the factory does before it first waits. */
  getOrSetAsync(key: string, options: ModelLoadOptions, factory: () => void): ModelCaller {
    this.#sweepWhenDue()
    const caller: ModelCaller = { options, outcome: undefined }
    const entry = this.find(key)
    if (entry === undefined || !this.#mayHandOut(entry, options)) {
      this.#miss(options.staleIfError === undefined ? entry : undefined)
      this.#joinOrStartLoad(key, options, factory).callers.push(caller)
      return caller
    }
    if (!this.#isLive(entry)) this.counters.staleHits += 1
    caller.outcome = `gives ${this.#hit(entry)}`
    const isRefreshed = !this.#isLive(entry) || isAged(entry, options.refreshAhead, this.now)
    if (isRefreshed && this.#currentLoad(key) === undefined) {
      this.#startLoad({ key, options, isBackground: true }, factory)
    }
    return caller
  }

  endLoad(load: ModelLoad, ending: Ending): void {
    load.hasEnded = true
    this.counters.totalLoadMs += this.now - load.startedAt
    if ('error' in ending) this.counters.loadFailures += 1
    else this.counters.loads += 1
    if (load.isCurrent && !('error' in ending) && ending.value !== undefined) this.#keep(load, ending.value)
    load.isCurrent = false
    for (const caller of load.callers) {
      caller.outcome = ('error' in ending ? this.#standIn(load.key, caller) : undefined) ?? describeEnding(ending)
    }
  }

  abort(caller: ModelCaller, reason: Error): void {
    const load = this.loads.find(({ callers }) => callers.includes(caller))
    caller.outcome = describeEnding({ error: reason })
    if (load === undefined) return
    load.callers.splice(load.callers.indexOf(caller), 1)
    if (load.callers.length > 0 || load.isBackground) return
    load.isAborted = true
    load.isCurrent = false
  }

  #isLive(entry: ModelEntry): boolean {
    return entry.expiresAt > this.now
  }

  #mayHandOut(entry: ModelEntry, { staleWhileRevalidate = 0, fresh }: ModelLoadOptions): boolean {
    if (fresh === true) return false
    return this.#isLive(entry) || this.now - entry.expiresAt < staleWhileRevalidate * 1000
  }

  #hit(entry: ModelEntry): number | null {
    this.counters.hits += 1
    this.entries = [...this.entries.filter(other => other !== entry), entry]
    return entry.value
  }

  #miss(found: ModelEntry | undefined): void {
    this.counters.misses += 1
    if (found !== undefined && !this.#isLive(found) && found.keepFor === 0)
      this.#removeAll(entry => entry === found, 'expired')
  }

  #currentLoad(key: string): ModelLoad | undefined {
    return this.loads.find(load => load.key === key && load.isCurrent)
  }

  #joinOrStartLoad(key: string, options: ModelLoadOptions, factory: () => void): ModelLoad {
    const running = this.#currentLoad(key)
    const isJoined = options.fresh !== true || running?.options.fresh === true
    if (!isJoined) this.#supersede(changed => changed === key)
    return this.#currentLoad(key) ?? this.#startLoad({ key, options, isBackground: false }, factory)
  }

  #startLoad(how: Pick<ModelLoad, 'key' | 'options' | 'isBackground'>, factory: () => void): ModelLoad {
    const load = { ...how, startedAt: this.now, callers: [], isCurrent: true, isAborted: false, hasEnded: false }
    this.loads.push(load)
    factory()
    return load
  }

  #keep({ key, options }: ModelLoad, value: number | null): void {
    const { ttl = this.#options.defaultTtl, staleWhileRevalidate = 0, staleIfError = 0 } = options
    const secondsForErrors = options.decidesByError ? Infinity : staleIfError
    this.#store(key, value, { ttl, keepFor: Math.max(staleWhileRevalidate, secondsForErrors) * 1000 })
  }

  #standIn(key: string, { options }: ModelCaller): string | undefined {
    const { staleIfError = 0 } = options
    const entry = this.find(key)
    if (entry === undefined || staleIfError <= 0) return undefined
    if (this.now - entry.expiresAt >= staleIfError * 1000) return undefined
    if (!this.#isLive(entry)) this.counters.staleHits += 1
    return `gives ${entry.value}`
  }

  #store(
    key: string,
    value: number | null,
    { ttl, keepFor }: { readonly ttl: number; readonly keepFor: number },
  ): void {
    this.#sweepWhenDue()
    if (ttl <= 0) {
      this.#removeAll(entry => entry.key === key, 'deleted')
      return
    }
    const replaced = this.find(key)
    if (replaced === undefined && this.entries.length >= this.#options.maxSize) this.#makeRoom()
    // What is stored again has not left.
    if (replaced?.value === value) this.entries = this.entries.filter(entry => entry !== replaced)
    else this.#removeAll(entry => entry === replaced, 'replaced')
    this.entries.push({ key, value, storedAt: this.now, expiresAt: this.now + ttl * 1000, keepFor })
  }

  #makeRoom(): void {
    if (this.#removeExpired() > 0) this.#sweptAt = this.now
    if (this.entries.length < this.#options.maxSize) return
    const stale = this.chooseStale(this.entries.filter(entry => !this.#isLive(entry)))
    const [oldest] = this.entries
    this.#removeAll(entry => entry === (stale ?? oldest), stale === undefined ? 'evicted' : 'expired')
  }

  #sweepWhenDue(): void {
    if (this.now - this.#sweptAt < this.#options.cleanupInterval * 1000) return
    this.#sweptAt = this.now
    this.#removeExpired()
  }

  #removeExpired(): number {
    return this.#removeAll(({ expiresAt, keepFor }) => expiresAt + keepFor <= this.now, 'expired')
  }

  #removeAll(matches: (entry: ModelEntry) => boolean, reason: RemovalReason): number {
    const leaving = this.entries.filter(matches)
    if (leaving.length === 0) return 0
    this.entries = this.entries.filter(entry => !leaving.includes(entry))
    if (reason === 'expired') this.counters.expirations += leaving.length
    if (reason === 'evicted') this.counters.evictions += leaving.length
    this.removed.push(...leaving.map(({ key, value }) => `${key}=${value} ${reason}`))
    return leaving.length
  }

  #supersede(matches: (key: string) => boolean): void {
    for (const running of [...this.loads, ...this.#computations]) if (matches(running.key)) running.isCurrent = false
  }
}

/** Whether so great a share of its life is over. */
function isAged({ storedAt, expiresAt }: ModelEntry, share: number | undefined, now: number): boolean {
  return share !== undefined && now - storedAt >= share * (expiresAt - storedAt)
}
