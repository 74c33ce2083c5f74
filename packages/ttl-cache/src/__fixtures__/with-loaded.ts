import type { LoadOptions } from '../load-options.ts'
import type { TTLCacheOptions } from '../ttl-cache-options.ts'
import type { HeldFactory } from './held-factory.ts'
import { withClock, type CacheWithClock } from './with-clock.ts'

/** A cache with a loaded value. */
export interface LoadedCache extends CacheWithClock<string> {
  /** Asks again with the options with which the value was loaded. */
  readonly ask: (factory: HeldFactory<string>, options?: LoadOptions<string>) => Promise<string>
}

/** A cache with the value `old` at `a`, which was loaded with these options and lives for ten seconds. */
export async function withLoaded(
  options: LoadOptions<string>,
  cacheOptions: TTLCacheOptions<string> = {},
): Promise<LoadedCache> {
  const { cache, advance } = withClock<string>(cacheOptions)
  await cache.getOrSetAsync('a', () => 'old', { ttl: 10, ...options })
  const ask: LoadedCache['ask'] = (factory, others) =>
    cache.getOrSetAsync('a', factory.run, { ttl: 10, ...options, ...others })
  return { cache, advance, ask }
}
