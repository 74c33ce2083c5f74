/** Counters and figures of one cache, as {@link TTLCache.stats} returns them. The counters start at zero with the cache. */
export interface CacheStats {
  /** Entries held, those included that have expired and are not yet removed. */
  readonly size: number
  /** Most entries the cache holds. */
  readonly maxSize: number
  /** How many of `size` have expired. */
  readonly expiredCount: number
  /** Lifetime of an entry that was stored without one, in seconds. */
  readonly defaultTtl: number
  /** Calls of `get`, `getOrSet` and `getOrSetAsync` that found a live entry, or a stale one to hand out at once. */
  readonly hits: number
  /** Calls that found none, or asked for a `fresh` one; a call that joins a running load counts here. */
  readonly misses: number
  /** `hits / (hits + misses)`; 0 when nothing was asked yet. */
  readonly hitRatio: number
  /** Stale values that were handed out, while a load ran or because it had failed. */
  readonly staleHits: number
  /** Live entries that left because the cache was full. */
  readonly evictions: number
  /** Entries that left because their time was up. */
  readonly expirations: number
  /** Factories of `getOrSetAsync` that gave a value, whether it was kept or not. */
  readonly loads: number
  /** Factories of `getOrSetAsync` that failed. */
  readonly loadFailures: number
  /** Milliseconds that all these factories took together. */
  readonly totalLoadMs: number
}
