import { checkNumber, checkSeconds } from './ttl-cache-options.ts'

/**
 * Computes a value for {@link TTLCache.getOrSetAsync}.
 *
 * The signal aborts when no caller waits for the value any longer; its reason is that of the last caller to leave.
 */
export type LoadFactory<V> = (signal: AbortSignal) => V | PromiseLike<V>

/** Options of one {@link TTLCache.getOrSetAsync}. Durations are seconds. */
export interface LoadOptions<V> {
  /**
   * How long to keep the value, or a function that tells it from the value. Default: the cache's `defaultTtl`. Zero or
   * less: the value is handed out and not kept. Callers that join a running load get the lifetime that its first caller
   * asked for.
   */
  readonly ttl?: number | ((value: V) => number) | undefined
  /**
   * For how long after it expired the old value is handed out at once, while one load runs in the background
   * (RFC 5861, 3). Default 0.
   */
  readonly staleWhileRevalidate?: number | undefined
  /**
   * For how long after it expired the old value is handed out when the load fails (RFC 5861, 4), or a function that
   * tells it from the error. Default 0. With a function the value is kept until room is needed.
   */
  readonly staleIfError?: number | ((error: unknown) => number) | undefined
  /**
   * Share of its lifetime, from 0 to 1, after which a value that is found is also loaded anew in the background, so
   * that one that is asked for often never expires. Default: never before it expires.
   */
  readonly refreshAhead?: number | undefined
  /**
   * Loads anew even when there is a live value, and counts as a miss. Default `false`.
   *
   * The old value stays until the new one has arrived, and is kept when the load fails or gives `undefined`; with
   * `staleIfError` above zero it is handed out in place of a failure, even while it is live. Joins a load that is
   * running for another such caller, and callers without a live value join this one. A load that was begun for an
   * ordinary caller is superseded: its callers get its value, which is not stored.
   */
  readonly fresh?: boolean | undefined
  /** Ends this caller's wait, which then rejects with the signal's reason. Other callers and the load go on. */
  readonly signal?: AbortSignal | undefined
}

const none = {}

/** The options as an object, checked. */
export function loadOptionsOf<V>(options: number | LoadOptions<V> | undefined): LoadOptions<V> {
  if (options === undefined) return none
  if (typeof options !== 'object') checkSeconds(options, 'ttl')
  const settled = typeof options === 'object' ? options : { ttl: options }
  check(settled)
  return settled
}

/** For how many seconds a value that is loaded with these options is kept after it has expired. */
export function secondsKeptStale({ staleWhileRevalidate = 0, staleIfError = 0 }: LoadOptions<never>): number {
  return Math.max(staleWhileRevalidate, typeof staleIfError === 'function' ? Infinity : staleIfError)
}

function check({ ttl = 0, staleWhileRevalidate = 0, staleIfError = 0, refreshAhead = 0 }: LoadOptions<never>): void {
  if (typeof ttl !== 'function') checkSeconds(ttl, 'ttl')
  checkSeconds(staleWhileRevalidate, 'staleWhileRevalidate')
  if (typeof staleIfError !== 'function') checkSeconds(staleIfError, 'staleIfError')
  checkNumber(refreshAhead, 'refreshAhead')
  if (!(refreshAhead >= 0 && refreshAhead <= 1)) {
    throw new RangeError('refreshAhead must be a share of the lifetime, from 0 to 1')
  }
}
