import { CachedCall, createCache, type Callable } from './cached-call.ts'
import { cachedFunction, type CachedFunction } from './cached-function.ts'
import { cachedMethod } from './cached-method.ts'
import type { CachedOptions } from './cached-options.ts'

/** What {@link cached} returns: wraps a function, or decorates a method, which keeps one cache per instance. */
export interface CachedDecorator<A extends readonly unknown[]> {
  /** Decorates a method. {@link cacheOf} gives the cache of an instance. */
  <This, F extends (this: This, ...args: A) => unknown>(method: F, context: ClassMethodDecoratorContext<This, F>): F
  /** Wraps a function. The result has the function's name and, as `cache`, its cache. */
  <F extends (...args: A) => unknown>(fn: F): CachedFunction<F>
}

/**
 * Keeps the results of a function by its arguments.
 *
 * The key of a call is `{keyPrefix}:{function}:{argument…}`, as in `mymodule:get_user:123`; a last argument that is a
 * plain object is written `name=value`, sorted by name. Texts that contain `:`, `=`, a quote or a control character, or
 * that look like another type, are quoted as in JSON, so no two different argument lists share a key. Objects of a
 * class (other than Date, URL, RegExp, Map, Set, Uint8Array, Buffer), functions and symbols equal only themselves.
 *
 * A function that returns promises is called once for all who ask while it runs; what it rejects with, or a function
 * throws, reaches them all and is not kept, nor is `undefined`. Return `null` to keep "there is none". A function that
 * has once returned a promise returns one from then on.
 *
 * @example
 * ```ts
 * async function loadUser(id: number) {
 *   return { id, name: `user ${id}` }
 * }
 * const getUser = cached({ ttl: 120, keyPrefix: 'mymodule' })(loadUser)
 * await getUser(123)
 * getUser.cache.delete('mymodule:loadUser:123')
 * ```
 * @throws TypeError or RangeError for a `ttl` or `maxSize` that {@link TTLCache} refuses.
 */
export function cached<A extends readonly unknown[] = never>(options: CachedOptions<A> = {}): CachedDecorator<A> {
  // A decorated method makes its caches much later; what is wrong with the options is said here.
  createCache(options)
  const decorate = (target: Callable, context?: ClassMethodDecoratorContext): Callable => {
    checkTarget(target, context)
    const call = new CachedCall(target, options)
    return context === undefined ? cachedFunction(target, call) : cachedMethod(target, call, context.name)
  }
  // A wrapper takes the arguments and returns the results of what it wraps, and gets its `cache` from cachedFunction.
  return decorate as CachedDecorator<A>
}

function checkTarget(target: unknown, context: ClassMethodDecoratorContext | undefined): asserts target is Callable {
  const isMethod = context === undefined || context.kind === 'method'
  if (typeof target === 'function' && isMethod) return
  throw new TypeError(
    'cached() takes a function, or decorates a method by a standard decorator (not experimentalDecorators)',
  )
}
