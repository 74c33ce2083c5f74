import type { CacheStats } from './cache-stats.ts'
import { ExpiryQueue } from './expiry-queue.ts'
import type { LoadFactory, LoadOptions } from './load-options.ts'
import { Loads } from './loads.ts'
import { isPromiseLike } from './is-promise-like.ts'
import { RecencyList } from './recency-list.ts'
import type { StoredEntry } from './stored-entry.ts'
import { checkSeconds, settle, type CacheSettings, type TTLCacheOptions } from './ttl-cache-options.ts'

/**
 * Calls a function through a cache before it is known whether it returns promises: a value is kept like that of
 * `getOrSet`, a promise is shared like that of `getOrSetAsync`. A function beside the class, which grants it access.
 */
export let getOrShare: <V>(cache: TTLCache<V>, key: string, call: () => V | PromiseLike<V>) => V | Promise<V>

const millisecondsPerSecond = 1000

/**
 * Values by key that expire one by one; when the cache is full, the least recently used goes first.
 *
 * Keys are strings. `null` is a value like any other. `undefined` means "no value" everywhere: storing it removes the
 * key, and a factory that returns it is asked again by the next call. A value is handed out as the same object that
 * was stored, and an entry is expired from the very millisecond at which its time is up. Each thread has its own
 * caches; within a thread every method but {@link TTLCache.getOrSetAsync} is done before anything else runs.
 */
export class TTLCache<V> implements Iterable<[string, V]>, Disposable {
  readonly #settings: CacheSettings
  readonly #entries = new Map<string, StoredEntry<V>>()
  readonly #recency = new RecencyList<V>()
  readonly #expiry = new ExpiryQueue<StoredEntry<V>>()
  readonly #loads = new Loads<V>()
  #lastSweepMs: number
  #isDisposed = false
  #hits = 0
  #misses = 0
  #evictions = 0
  #expirations = 0

  static {
    getOrShare = (cache, key, call) => cache.#getOrShare(key, call)
  }

  /**
   * Makes an empty cache.
   *
   * @throws TypeError or RangeError for an option that is not a number or out of its range.
   */
  constructor(options: TTLCacheOptions = {}) {
    this.#settings = settle(options)
    this.#lastSweepMs = this.#settings.now()
  }

  /** Entries held, those included that have expired and are not yet removed. */
  get size(): number {
    return this.#entries.size
  }

  /** The value of a live entry, which becomes the most recently used; `undefined` when there is none. */
  get(key: string): V | undefined {
    const now = this.#settings.now()
    this.#sweepWhenDue(now)
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAt <= now) {
      if (entry !== undefined) this.#expire(entry)
      this.#misses += 1
      return undefined
    }
    this.#recency.markUsed(entry)
    this.#hits += 1
    return entry.value
  }

  /** Whether there is a live entry. Changes nothing: neither the order of use nor the counters. */
  has(key: string): boolean {
    return this.#findLive(key) !== undefined
  }

  /** Like {@link TTLCache.get}, without counting as a use: neither in the order of use nor in the counters. */
  peek(key: string): V | undefined {
    return this.#findLive(key)?.value
  }

  /**
   * Stores a value for `ttl` seconds, replacing what the key had. Replacing never evicts another key.
   *
   * When the cache is full, expired entries go first, then the least recently used one. A value that is being loaded
   * for this key is not kept when it arrives.
   *
   * @param value - `undefined` stores nothing and removes the key.
   * @param ttl - Seconds. Default: the cache's `defaultTtl`; `Infinity` = never expires; zero or less stores nothing
   *   and removes the key.
   * @throws TypeError when the key is not a string; RangeError when `ttl` is NaN.
   */
  set(key: string, value: V, ttl: number = this.#settings.defaultTtl): void {
    checkKey(key)
    checkSeconds(ttl, 'ttl')
    this.#loads.supersede(key)
    this.#store(key, value, ttl)
  }

  /**
   * Removes a key. A value that is being loaded for it is not kept when it arrives.
   *
   * @returns Whether the cache held the key; true also for an expired entry that was not yet removed.
   */
  delete(key: string): boolean {
    this.#loads.supersede(key)
    const entry = this.#entries.get(key)
    if (entry === undefined) return false
    this.#remove(entry)
    return true
  }

  /** Removes everything, also what is being loaded, and returns how many entries were held. Counters go on. */
  clear(): number {
    const count = this.#entries.size
    this.#loads.supersedePrefix('')
    for (const entry of this.#entries.values()) entry.value = undefined
    this.#entries.clear()
    this.#recency.clear()
    this.#expiry.clear()
    return count
  }

  /**
   * Removes every key that begins with `prefix`, taken literally; `''` removes all.
   *
   * Values that are being loaded for such keys are not kept when they arrive.
   *
   * @returns How many entries were removed, expired ones included.
   */
  invalidatePrefix(prefix: string): number {
    if (typeof prefix !== 'string') throw new TypeError(`prefix must be a string, not ${typeof prefix}`)
    this.#loads.supersedePrefix(prefix)
    const before = this.#entries.size
    for (const [key, entry] of this.#entries) {
      if (key.startsWith(prefix)) this.#remove(entry)
    }
    return before - this.#entries.size
  }

  /**
   * The value of a live entry, or else what `factory` returns, which is then stored.
   *
   * Nothing is stored when the factory throws (the error reaches the caller), when it returns `undefined`, and when
   * the key was set, deleted or invalidated by the factory itself.
   *
   * @param ttl - As in {@link TTLCache.set}; zero or less hands the value out and does not keep it.
   */
  getOrSet(key: string, factory: () => V, ttl: number = this.#settings.defaultTtl): V {
    checkKey(key)
    checkSeconds(ttl, 'ttl')
    const found = this.get(key)
    if (found !== undefined) return found
    const { value, isCurrent } = this.#loads.compute(key, factory)
    if (isCurrent) this.#keep(key, value, ttl)
    return value
  }

  /**
   * The value of a live entry, or else what one call of `factory` gives to all who ask while it runs.
   *
   * A failure reaches every caller that waits, and nothing is stored. When the key, or a prefix of it, is set, deleted
   * or invalidated while the factory runs, those who asked before may still receive its value, but it is not stored,
   * and a call made after that starts a load of its own.
   *
   * @param factory - Called at most once; may also return the value itself. Its signal aborts when no caller waits any
   *   longer; what it gives after that is dropped.
   * @param options - Seconds to keep the value, or {@link LoadOptions}.
   * @returns A promise, which rejects with what the factory threw, with the reason of the caller's own signal, or with
   *   a TypeError or RangeError for a bad argument or a computed `ttl` that is not a number.
   */
  async getOrSetAsync(key: string, factory: LoadFactory<V>, options?: number | LoadOptions<V>): Promise<V> {
    const { ttl = this.#settings.defaultTtl, signal } = typeof options === 'number' ? { ttl: options } : (options ?? {})
    checkKey(key)
    if (typeof ttl !== 'function') checkSeconds(ttl, 'ttl')
    signal?.throwIfAborted()
    const found = this.get(key)
    if (found !== undefined) return found
    const keep = (value: V): void => {
      const seconds = typeof ttl === 'function' ? ttl(value) : ttl
      checkSeconds(seconds, 'ttl')
      this.#store(key, value, seconds)
    }
    return await this.#loads.share({ key, factory, keep }, signal)
  }

  /** Counters and figures at this moment. */
  stats(): CacheStats {
    const asked = this.#hits + this.#misses
    return {
      size: this.#entries.size,
      maxSize: this.#settings.maxSize,
      expiredCount: this.#expiry.countDue(this.#settings.now()),
      defaultTtl: this.#settings.defaultTtl,
      hits: this.#hits,
      misses: this.#misses,
      hitRatio: asked === 0 ? 0 : this.#hits / asked,
      evictions: this.#evictions,
      expirations: this.#expirations,
    }
  }

  /**
   * The live entries from the least to the most recently used, without counting as a use.
   *
   * An entry that is removed, replaced or expires during the iteration is left out; one that is added is not shown.
   */
  *[Symbol.iterator](): IterableIterator<[string, V]> {
    for (const entry of Array.from(this.#recency)) {
      const { key, value, expiresAt } = entry
      if (value !== undefined && expiresAt > this.#settings.now()) yield [key, value]
    }
  }

  /**
   * Removes everything for good: from here on nothing is stored, also not what is still being loaded.
   *
   * Reads find nothing, and `getOrSet` and `getOrSetAsync` ask their factory each time. A second call does nothing.
   */
  dispose(): void {
    this.#isDisposed = true
    this.clear()
  }

  /** The same as {@link TTLCache.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose()
  }

  #getOrShare(key: string, call: () => V | PromiseLike<V>): V | Promise<V> {
    const found = this.get(key)
    if (found !== undefined) return found
    const ttl = this.#settings.defaultTtl
    const { value, isCurrent } = this.#loads.compute(key, call)
    if (!isPromiseLike(value)) {
      if (isCurrent) this.#keep(key, value, ttl)
      return value
    }
    if (!isCurrent) return Promise.resolve(value)
    const keep = (arrived: V): void => {
      this.#store(key, arrived, ttl)
    }
    return this.#loads.share({ key, factory: () => value, keep }, undefined)
  }

  /** Stores what a synchronous factory returned. What is still being loaded for the key is older. */
  #keep(key: string, value: V, ttl: number): void {
    if (value === undefined || ttl <= 0) return
    this.#loads.supersede(key)
    this.#store(key, value, ttl)
  }

  #findLive(key: string): StoredEntry<V> | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && entry.expiresAt > this.#settings.now() ? entry : undefined
  }

  #store(key: string, value: V, ttl: number): void {
    const now = this.#settings.now()
    this.#sweepWhenDue(now)
    const previous = this.#entries.get(key)
    if (value === undefined || ttl <= 0 || this.#isDisposed) {
      if (previous !== undefined) this.#remove(previous)
      return
    }
    if (previous !== undefined) this.#detach(previous)
    else if (this.#entries.size >= this.#settings.maxSize) this.#makeRoom(now)
    const expiresAt = now + ttl * millisecondsPerSecond
    const entry: StoredEntry<V> = { key, value, expiresAt, older: undefined, newer: undefined }
    // Over the previous entry, never delete and insert again: a Map that is kept turning over rehashes again and again.
    this.#entries.set(key, entry)
    this.#recency.append(entry)
    this.#expiry.add(entry)
  }

  #makeRoom(now: number): void {
    this.#sweep(now)
    const oldest = this.#recency.oldest
    if (oldest === undefined || this.#entries.size < this.#settings.maxSize) return
    this.#remove(oldest)
    this.#evictions += 1
  }

  #sweepWhenDue(now: number): void {
    if (now - this.#lastSweepMs >= this.#settings.cleanupInterval * millisecondsPerSecond) this.#sweep(now)
  }

  #sweep(now: number): void {
    this.#lastSweepMs = now
    for (let entry = this.#expiry.takeDue(now); entry !== undefined; entry = this.#expiry.takeDue(now)) {
      this.#entries.delete(entry.key)
      this.#recency.remove(entry)
      entry.value = undefined
      this.#expirations += 1
    }
  }

  #expire(entry: StoredEntry<V>): void {
    this.#remove(entry)
    this.#expirations += 1
  }

  #remove(entry: StoredEntry<V>): void {
    this.#entries.delete(entry.key)
    this.#detach(entry)
  }

  #detach(entry: StoredEntry<V>): void {
    entry.value = undefined
    this.#recency.remove(entry)
    this.#expiry.noteGone(entry)
  }
}

function checkKey(key: string): void {
  if (typeof key !== 'string') throw new TypeError(`A cache key must be a string, not ${typeof key}`)
}
