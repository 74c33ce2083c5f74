/** Why an entry left. */
export type RemovalReason = 'evicted' | 'expired' | 'replaced' | 'deleted'

/**
 * Functions that are called with what has left a cache, for instance to close it.
 *
 * They are called when the cache is in order again, before the operation returns that made the entry leave, and may use
 * the cache, unless it was disposed of. What one throws does not disturb the cache: it is reported as an uncaught exception.
 */
export interface RemovalHooks<V> {
  /** Called with every entry that left, and why. `deleted` is also said of `clear` and `invalidatePrefix`. */
  readonly onRemove?: ((key: string, value: V, reason: RemovalReason) => void) | undefined
  /** Called with a live entry that left because the cache was full. */
  readonly onEvict?: ((key: string, value: V) => void) | undefined
  /** Called with an entry that left because its time was up. */
  readonly onExpire?: ((key: string, value: V) => void) | undefined
}
