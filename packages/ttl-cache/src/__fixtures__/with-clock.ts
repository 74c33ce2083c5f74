import type { TTLCacheOptions } from '../ttl-cache-options.ts'
import { TTLCache } from '../ttl-cache.ts'

export interface CacheWithClock<V> {
  readonly cache: TTLCache<V>
  /** Lets seconds pass. */
  readonly advance: (seconds: number) => void
}

/** A cache whose clock stands still until it is moved. */
export function withClock<V>(options: TTLCacheOptions<V> = {}): CacheWithClock<V> {
  let nowMs = 0
  const cache = new TTLCache<V>({ ...options, now: () => nowMs })
  const advance = (seconds: number): void => {
    nowMs += seconds * 1000
  }
  return { cache, advance }
}
