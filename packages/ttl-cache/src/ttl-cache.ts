import { CacheCore } from './cache-core.ts'
import type { CacheEntry } from './cache-entry.ts'
import type { CacheEventName, CacheListener } from './cache-events.ts'
import type { CacheStats } from './cache-stats.ts'
import { NONE } from './entry-store.ts'
import type { LoadFactory, LoadOptions } from './load-options.ts'
import { Loader } from './loader.ts'
import type { SetOptions } from './set-options.ts'
import { checkSeconds, type TTLCacheOptions } from './ttl-cache-options.ts'

/**
 * Calls a function through a cache before it is known whether it returns promises: a value is kept like that of
 * `getOrSet`, a promise is shared like that of `getOrSetAsync`. A function beside the class, which grants it access.
 */
export let getOrShare: <V>(cache: TTLCache<V>, key: string, call: () => V | PromiseLike<V>) => V | Promise<V>

/**
 * Values by key that expire one by one; when the cache is full, the least recently used goes first.
 *
 * Keys are strings. `null` is a value like any other. `undefined` means "no value" everywhere: it cannot be stored, and
 * a factory that returns it is asked again by the next call. A value is handed out as the same object that was stored,
 * unless `clone` is given. An entry is expired from the very millisecond at which its time is up. Each thread has its
 * own caches; within a thread every method but {@link TTLCache.getOrSetAsync} is done before anything else runs.
 *
 * Whatever takes a key throws a TypeError when it is not a string, and when the cache was disposed of.
 */
export class TTLCache<V> implements Iterable<[string, V]>, Disposable {
  readonly #core: CacheCore<V>
  readonly #loader: Loader<V>

  static {
    getOrShare = (cache, key, call) => {
      const found = cache.get(key)
      return found === undefined ? cache.#loader.getOrShare(key, call) : found
    }
  }

  /**
   * Makes an empty cache.
   *
   * @throws TypeError or RangeError for an option that is not what it should be or out of its range.
   */
  constructor(options: TTLCacheOptions<V> = {}) {
    this.#core = new CacheCore(options)
    this.#loader = new Loader(this.#core)
  }

  /** Entries held, those included that have expired and are not yet removed. */
  get size(): number {
    return this.#core.size
  }

  /** The value of a live entry, which becomes the most recently used; `undefined` when there is none. */
  get(key: string): V | undefined {
    return this.#core.get(key)
  }

  /**
   * The same for a read whose caller awaits it in any case: it may share a reading of the clock with others until the
   * turn of the event loop is over, not only until the next `await`.
   */
  getAwaited(key: string): V | undefined {
    const slot = this.#core.findForAwaited(key)
    return slot > NONE ? this.#core.hit(key, slot) : this.#core.miss(key, slot)
  }

  /** Whether there is a live entry. Changes nothing: neither the order of use nor the counters. */
  has(key: string): boolean {
    return this.#core.look(key) > NONE
  }

  /** Like {@link TTLCache.get}, without counting as a use: neither in the order of use nor in the counters. */
  peek(key: string): V | undefined {
    const slot = this.#core.look(key)
    return slot > NONE ? this.#core.valueAt(slot) : undefined
  }

  /**
   * Value, age and time left of an entry, without counting as a use; also of one that has expired and is still kept.
   *
   * @returns `undefined` when there is none.
   */
  entry(key: string): CacheEntry<V> | undefined {
    const slot = Math.abs(this.#core.look(key))
    return slot === NONE ? undefined : { value: this.#core.valueAt(slot), ...this.#core.timesOf(slot) }
  }

  /**
   * Stores a value for `ttl` seconds, replacing what the key had. Replacing never evicts another key.
   *
   * When the cache is full, expired entries go first, then the least recently used one. A value that is being loaded
   * for this key is not kept when it arrives.
   *
   * @param options - Seconds, or {@link SetOptions}. Default: the cache's `defaultTtl`; `Infinity` = never expires; zero
   *   or less stores nothing and removes the key.
   * @throws TypeError when the value is `undefined`; RangeError when a duration is NaN.
   */
  set(key: string, value: V, options: number | SetOptions = this.#core.settings.defaultTtl): void {
    this.#core.check(key)
    // Taken apart by hand, because an object for each number would cost as much as the rest.
    const ttl = typeof options === 'object' ? (options.ttl ?? this.#core.settings.defaultTtl) : options
    const staleFor = typeof options === 'object' ? (options.staleFor ?? 0) : 0
    checkSeconds(ttl, 'ttl')
    checkSeconds(staleFor, 'staleFor')
    if (value === undefined) throw new TypeError('A cache cannot store undefined; delete the key, or store null')
    this.#loader.supersede(key)
    if (staleFor > 0) this.#core.setStale(key, value, { ttl, staleFor })
    else this.#core.set(key, value, ttl)
  }

  /**
   * Removes a key. A value that is being loaded for it is not kept when it arrives.
   *
   * @returns Whether the cache held the key; true also for an expired entry that was not yet removed.
   */
  delete(key: string): boolean {
    this.#core.check(key)
    this.#loader.supersede(key)
    return this.#core.delete(key)
  }

  /** Removes everything, also what is being loaded, and returns how many entries were held. Counters go on. */
  clear(): number {
    return this.invalidatePrefix('')
  }

  /**
   * Removes every key that begins with `prefix`, taken literally; `''` removes all.
   *
   * Values that are being loaded for such keys are not kept when they arrive. A prefix with two colons or more, such as
   * `provider:replicate:`, finds its keys by an index, which the first such call makes; a shorter one looks at all keys.
   *
   * @returns How many entries were removed, expired ones included.
   */
  invalidatePrefix(prefix: string): number {
    if (typeof prefix !== 'string') throw new TypeError(`prefix must be a string, not ${typeof prefix}`)
    this.#core.check(prefix)
    this.#loader.supersedePrefix(prefix)
    return this.#core.invalidatePrefix(prefix)
  }

  /**
   * The value of a live entry, or else what `factory` returns, which is then stored.
   *
   * Nothing is stored when the factory throws (the error reaches the caller), when it returns `undefined`, and when
   * the key was set, deleted or invalidated by the factory itself.
   *
   * @param ttl - As in {@link TTLCache.set}; zero or less hands the value out and does not keep it.
   * @throws TypeError when the factory returns a promise, which is for {@link TTLCache.getOrSetAsync}.
   */
  getOrSet(key: string, factory: () => V, ttl: number = this.#core.settings.defaultTtl): V {
    checkSeconds(ttl, 'ttl')
    const found = this.get(key)
    return found === undefined ? this.#loader.compute(key, factory, ttl) : found
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
  getOrSetAsync(key: string, factory: LoadFactory<V>, options?: number | LoadOptions<V>): Promise<V> {
    // Not an async function, which alone would cost a hit as much again.
    const found = options === undefined ? this.#core.getForAwaited(key) : undefined
    return found === undefined ? this.#loader.load(key, factory, options) : Promise.resolve(found)
  }

  /** Counters and figures at this moment. */
  stats(): CacheStats {
    const { settings, hits, misses, evictions, expirations } = this.#core
    const { loads, loadFailures, totalLoadMs, staleHits } = this.#loader
    this.#core.advance(settings.clock.now())
    return {
      size: this.size,
      maxSize: settings.maxSize,
      expiredCount: this.#core.expiredCount,
      defaultTtl: settings.defaultTtl,
      hits,
      misses,
      hitRatio: hits + misses === 0 ? 0 : hits / (hits + misses),
      staleHits,
      evictions,
      expirations,
      loads,
      loadFailures,
      totalLoadMs,
    }
  }

  /**
   * Calls a function at each event of this cache; `node:diagnostics_channel` has those of all caches, as
   * `st:cache.{event}`. What a listener throws does not disturb the cache: it is reported as an uncaught exception.
   *
   * @returns A function that ends it.
   */
  on<E extends CacheEventName>(event: E, listener: CacheListener<E>): () => void {
    return this.#core.on(event, listener)
  }

  /**
   * The live entries from the least to the most recently used, without counting as a use.
   *
   * Shows the keys that are held when it begins, each with the value that it has when its turn comes; one that has
   * none by then is left out.
   */
  *[Symbol.iterator](): IterableIterator<[string, V]> {
    for (const key of this.#core.keys()) {
      const value = this.#core.isDisposed ? undefined : this.peek(key)
      if (value !== undefined) yield [key, value]
    }
  }

  /**
   * Removes everything for good; what is still being loaded is handed out and not stored.
   *
   * From here on whatever takes a key throws; figures and iteration are those of an empty cache. A second call does
   * nothing.
   */
  dispose(): void {
    this.#loader.supersedePrefix('')
    this.#core.dispose()
  }

  /** The same as {@link TTLCache.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose()
  }
}
