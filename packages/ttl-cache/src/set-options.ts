/** Options of one {@link TTLCache.set}. Durations are seconds. */
export interface SetOptions {
  /** How long the value lives. Default: the cache's `defaultTtl`; zero or less stores nothing and removes the key. */
  readonly ttl?: number | undefined
  /**
   * For how long after it expired the value is kept, for {@link TTLCache.entry} and for loads that hand out old values.
   * Default 0.
   */
  readonly staleFor?: number | undefined
}
