/**
 * Counts how often a kept document was replaced by another one: whatever was taken out of the old one is out of date
 * then, for every key, not only for that which was asked for.
 */
export class Epoch {
  /** Grows by one with each replacement. */
  current = 0
}
