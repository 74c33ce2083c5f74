/** What is known about one entry, as {@link TTLCache.entry} returns it. */
export interface CacheEntry<V> {
  /** The value. */
  readonly value: V
  /** Milliseconds since it was stored. */
  readonly ageMs: number
  /** Milliseconds until it expires; negative once it has and is still kept; `Infinity` = never. */
  readonly expiresInMs: number
}
