import { Clock } from './clock.ts'
import { toMilliseconds } from './milliseconds.ts'
import type { RemovalHooks } from './removal-hooks.ts'

/** Options of {@link TTLCache}. Durations are seconds. */
export interface TTLCacheOptions<V = unknown> extends RemovalHooks<V> {
  /** Lifetime of an entry that is stored without one. Default 300; `Infinity` = never expires; ≤ 0 = not stored. */
  readonly defaultTtl?: number | undefined
  /** Most entries held: a whole number from 1, or `Infinity`. Default 1000. */
  readonly maxSize?: number | undefined
  /**
   * How often expired entries that nobody asks for are removed. Default 60; `Infinity` = only when room is needed.
   * The first `get`, `set`, `getOrSet` or `getOrSetAsync` after this time removes what it can in a millisecond, which is
   * all of a small cache; the rest goes between turns of the event loop.
   */
  readonly cleanupInterval?: number | undefined
  /**
   * Whether expired entries are also removed while the cache is not used, by one timer for all caches of the thread. It
   * does not keep the process alive, nor a cache that is used no longer. Default `false`.
   */
  readonly cleanupTimer?: boolean | undefined
  /**
   * Monotonic clock in milliseconds, read by every operation. Default `performance.now`, which a change of the system
   * time does not move, as `preciseClock` says.
   */
  readonly now?: (() => number) | undefined
  /**
   * Whether every operation reads the default clock. Default `false`: writes do, reads share a reading until an `await`
   * that comes after it is over (those of `getOrSetAsync` for a turn of the event loop) or 64 reads, so that a read after
   * the thread was blocked may still find what expired meanwhile.
   */
  readonly preciseClock?: boolean | undefined
  /** Tells this cache apart in events. Default none. */
  readonly name?: string | undefined
  /**
   * Makes the copy that is stored, and the one that each read hands out, for instance `structuredClone`. Default none:
   * all readers get the object that was stored, and see what one of them changes.
   */
  readonly clone?: ((value: V) => V) | undefined
  /** Whether stored values are frozen, with all that they are made of. Default `false`. */
  readonly freeze?: boolean | undefined
}

/** What the options come to. */
export interface CacheSettings {
  readonly defaultTtl: number
  readonly defaultTtlMs: number
  readonly maxSize: number
  readonly cleanupIntervalMs: number
  readonly hasTimer: boolean
  readonly freezes: boolean
  readonly clock: Clock
}

export function settle(options: Omit<TTLCacheOptions<never>, 'clone'>): CacheSettings {
  const { defaultTtl = 300, maxSize = 1000, cleanupInterval = 60 } = options
  checkSeconds(defaultTtl, 'defaultTtl')
  checkMaxSize(maxSize)
  checkSeconds(cleanupInterval, 'cleanupInterval')
  if (cleanupInterval < 0) throw new RangeError('cleanupInterval must not be negative')
  return {
    defaultTtl,
    defaultTtlMs: toMilliseconds(defaultTtl),
    maxSize,
    cleanupIntervalMs: toMilliseconds(cleanupInterval),
    hasTimer: options.cleanupTimer === true,
    freezes: options.freeze === true,
    clock: new Clock(options.now, options.preciseClock === true),
  }
}

/** Refuses what is not a number of seconds. */
export function checkSeconds(value: number, name: string): void {
  checkNumber(value, name)
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a number of seconds, not NaN`)
}

/** Refuses what is not a number. */
export function checkNumber(value: number, name: string): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${typeof value}`)
}

function checkMaxSize(value: number): void {
  checkNumber(value, 'maxSize')
  const isWhole = Number.isInteger(value) || value === Infinity
  if (!isWhole || value < 1) throw new RangeError(`maxSize must be a whole number from 1 or Infinity, not ${value}`)
}
