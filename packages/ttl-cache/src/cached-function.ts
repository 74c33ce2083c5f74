import type { Callable, CachedCall } from './cached-call.ts'
import type { TTLCache } from './ttl-cache.ts'

/** A function with its cache, as {@link cached} returns it. */
export type CachedFunction<F extends (...args: never) => unknown> = F & {
  /** The results by key, for instance `cache.clear()` to forget them all. */
  readonly cache: TTLCache<Awaited<ReturnType<F>>>
  /** The same as `cache`, under the name that SimpleTuner documents. */
  readonly _cache: TTLCache<Awaited<ReturnType<F>>>
}

/** One cache for all calls of the function, whatever their `this`. */
export function cachedFunction(fn: Callable, call: CachedCall): Callable {
  const cache = call.createCache()
  const wrapper = function (this: unknown, ...args: readonly unknown[]): unknown {
    return call.run(cache, this, args)
  }
  return Object.defineProperties(wrapper, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
    cache: { value: cache },
    _cache: { value: cache },
  })
}
