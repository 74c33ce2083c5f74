/**
 * Computes a value for {@link TTLCache.getOrSetAsync}.
 *
 * The signal aborts when no caller waits for the value any longer; its reason is that of the last caller to leave.
 */
export type LoadFactory<V> = (signal: AbortSignal) => V | PromiseLike<V>

/** Options of one {@link TTLCache.getOrSetAsync}. */
export interface LoadOptions<V> {
  /**
   * How long to keep the value, in seconds, or a function that tells it from the value. Default: the cache's
   * `defaultTtl`. Zero or less: the value is handed out and not kept. Callers that join a running load get the
   * lifetime that its first caller asked for.
   */
  readonly ttl?: number | ((value: V) => number) | undefined
  /** Ends this caller's wait, which then rejects with the signal's reason. Other callers and the load go on. */
  readonly signal?: AbortSignal | undefined
}
