/** Options of {@link cached}. Durations are seconds. */
export interface CachedOptions<A extends readonly unknown[] = readonly unknown[]> {
  /** How long a result is kept. Default 60; `Infinity` = never expires; ≤ 0 = nothing is kept. */
  readonly ttl?: number | undefined
  /** What the keys begin with. Default `''`: they begin with the name of the function. */
  readonly keyPrefix?: string | undefined
  /** Most results held for one function, or for one instance when a method is decorated. Default 1000. */
  readonly maxSize?: number | undefined
  /**
   * Makes the part of the key that tells the arguments apart. Default: all arguments, by content. Give one when only
   * some arguments matter, or when an argument is an object of a class, which is otherwise equal only to itself.
   */
  readonly keyFn?: ((...args: A) => string) | undefined
  /** Monotonic clock in milliseconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined
}
