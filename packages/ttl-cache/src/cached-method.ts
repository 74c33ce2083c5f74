import type { Callable, CachedCall } from './cached-call.ts'
import type { TTLCache } from './ttl-cache.ts'

const cachesOfInstances = new WeakMap<object, Map<PropertyKey, TTLCache<unknown>>>()

/** One cache per instance, which goes with the instance. */
export function cachedMethod(method: Callable, call: CachedCall, name: PropertyKey): Callable {
  const caches = new WeakMap<object, TTLCache<unknown>>()
  const open = (instance: object): TTLCache<unknown> => {
    const cache = call.createCache()
    caches.set(instance, cache)
    register(instance, name, cache)
    return cache
  }
  const wrapper = function (this: unknown, ...args: readonly unknown[]): unknown {
    if (!isObject(this)) throw new TypeError(`${String(name)} is cached per instance and was called without one`)
    return call.run(caches.get(this) ?? open(this), this, args)
  }
  return Object.defineProperties(wrapper, {
    name: { value: method.name, configurable: true },
    length: { value: method.length, configurable: true },
  })
}

/**
 * The cache of a method that {@link cached} decorates, on one instance.
 *
 * @returns `undefined` when the method is not decorated, or was not yet called on this instance. When a subclass
 *   decorates the method again, the cache of the method that a caller of the instance reaches.
 */
export function cacheOf<T extends object, M extends keyof T>(
  instance: T,
  method: M,
): TTLCache<T[M] extends (...args: never) => unknown ? Awaited<ReturnType<T[M]>> : never> | undefined {
  const cache = cachesOfInstances.get(instance)?.get(method)
  // Only results of this very method are stored in it.
  return cache as TTLCache<T[M] extends (...args: never) => unknown ? Awaited<ReturnType<T[M]>> : never> | undefined
}

/** The first one stays: an overriding method is called before the one that it overrides. */
function register(instance: object, name: PropertyKey, cache: TTLCache<unknown>): void {
  const registered = cachesOfInstances.get(instance) ?? new Map<PropertyKey, TTLCache<unknown>>()
  if (!registered.has(name)) registered.set(name, cache)
  cachesOfInstances.set(instance, registered)
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
