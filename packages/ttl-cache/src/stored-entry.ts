/** One value of a cache with its place in the order of use. An overwrite stores a new one. */
export interface StoredEntry<V> {
  readonly key: string
  /** `undefined` once the entry has left the cache, so that nothing that still refers to it keeps the value alive. */
  value: V | undefined
  /** Milliseconds of the cache's clock; `Infinity` = never. */
  readonly expiresAt: number
  older: StoredEntry<V> | undefined
  newer: StoredEntry<V> | undefined
}
