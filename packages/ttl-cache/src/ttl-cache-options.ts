/** Options of {@link TTLCache}. Durations are seconds. */
export interface TTLCacheOptions {
  /** Lifetime of an entry that is stored without one. Default 300; `Infinity` = never expires; ≤ 0 = not stored. */
  readonly defaultTtl?: number | undefined
  /** Most entries held: a whole number from 1, or `Infinity`. Default 1000. */
  readonly maxSize?: number | undefined
  /**
   * How often expired entries that nobody asks for are removed. Default 60; `Infinity` = only when room is needed.
   * There is no timer: the removal is part of the first `get`, `set`, `getOrSet` or `getOrSetAsync` after this time.
   */
  readonly cleanupInterval?: number | undefined
  /** Monotonic clock in milliseconds. Default `performance.now`, which a change of the system time does not move. */
  readonly now?: (() => number) | undefined
}

/** {@link TTLCacheOptions} with the defaults filled in. */
export interface CacheSettings {
  readonly defaultTtl: number
  readonly maxSize: number
  readonly cleanupInterval: number
  readonly now: () => number
}

const defaultTtl = 300
const defaultMaxSize = 1000
const defaultCleanupInterval = 60

export function settle(options: TTLCacheOptions): CacheSettings {
  const settings = {
    defaultTtl: options.defaultTtl ?? defaultTtl,
    maxSize: options.maxSize ?? defaultMaxSize,
    cleanupInterval: options.cleanupInterval ?? defaultCleanupInterval,
    now: options.now ?? readMonotonicClock,
  }
  checkSeconds(settings.defaultTtl, 'defaultTtl')
  checkMaxSize(settings.maxSize)
  checkSeconds(settings.cleanupInterval, 'cleanupInterval')
  if (settings.cleanupInterval < 0) throw new RangeError('cleanupInterval must not be negative')
  return settings
}

/** Refuses what is not a number of seconds. */
export function checkSeconds(value: number, name: string): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number of seconds, not ${typeof value}`)
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a number of seconds, not NaN`)
}

function checkMaxSize(value: number): void {
  if (typeof value !== 'number') throw new TypeError(`maxSize must be a number, not ${typeof value}`)
  const isWhole = Number.isInteger(value) || value === Infinity
  if (!isWhole || value < 1) throw new RangeError(`maxSize must be a whole number from 1 or Infinity, not ${value}`)
}

// Looked up at each call: test tools replace the method.
function readMonotonicClock(): number {
  return performance.now()
}
