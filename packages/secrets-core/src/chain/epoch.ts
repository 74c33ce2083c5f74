/**
 * Counts how often a kept document was found to be true no longer: whatever was taken out of it is out of date then, for
 * every key, not only for that which was asked for.
 */
export class Epoch {
  /** Grows by one each time. */
  current = 0
}
