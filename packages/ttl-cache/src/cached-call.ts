import { cacheKey } from './cache-key.ts'
import type { CachedOptions } from './cached-options.ts'
import { isPromiseLike } from './is-promise-like.ts'
import { checkSeconds } from './ttl-cache-options.ts'
import { getOrShare, TTLCache } from './ttl-cache.ts'

/** Any function, called without knowing its types. */
export type Callable = (...args: readonly unknown[]) => unknown

const defaultTtl = 60

/** Name of a function that has none, as in the keys of SimpleTuner. */
const anonymous = '<lambda>'

/** How one function is called through a cache. */
export class CachedCall {
  readonly #fn: Callable
  readonly #options: CachedOptions<never>
  readonly #baseKey: string
  #returnsPromises: boolean

  constructor(fn: Callable, options: CachedOptions<never>) {
    const name = fn.name === '' ? anonymous : fn.name
    this.#fn = fn
    this.#options = options
    this.#baseKey = options.keyPrefix ? `${options.keyPrefix}:${name}` : name
    this.#returnsPromises = Object.prototype.toString.call(fn) === '[object AsyncFunction]'
  }

  createCache(): TTLCache<unknown> {
    return createCache(this.#options)
  }

  /** The cached result or that of a call; a promise for it when the function returns promises. */
  run(cache: TTLCache<unknown>, self: unknown, args: readonly unknown[]): unknown {
    if (this.#returnsPromises) return this.#load(cache, self, args)
    const result = getOrShare(cache, this.#keyOf(args), () => Reflect.apply(this.#fn, self, args))
    if (isPromiseLike(result)) this.#returnsPromises = true
    return result
  }

  async #load(cache: TTLCache<unknown>, self: unknown, args: readonly unknown[]): Promise<unknown> {
    return await cache.getOrSetAsync(this.#keyOf(args), () => Reflect.apply(this.#fn, self, args))
  }

  #keyOf(args: readonly unknown[]): string {
    const { keyFn } = this.#options
    if (keyFn === undefined) return cacheKey(this.#baseKey, args)
    const key: unknown = Reflect.apply(keyFn, undefined, args)
    if (typeof key !== 'string')
      throw new TypeError(`keyFn of ${this.#baseKey} must return a string, not ${typeof key}`)
    return `${this.#baseKey}:${key}`
  }
}

/** Makes the cache that the options describe; throws for what they say wrongly. */
export function createCache({ ttl = defaultTtl, maxSize, now }: CachedOptions<never>): TTLCache<unknown> {
  checkSeconds(ttl, 'ttl')
  return new TTLCache({ defaultTtl: ttl, maxSize, now })
}
