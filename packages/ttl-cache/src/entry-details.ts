/**
 * What is known of the entries that are not like the others, by slot. A cache whose entries all have the default
 * lifetime and are gone when they expire has none of it. Times are milliseconds of the cache's clock.
 */
export class EntryDetails {
  /** When the entry expires, where no tick tells: that is too late, or was before the epoch. */
  readonly exactExpiries: Map<number, number> = new Map()
  /** For how many milliseconds the entry is kept after it has expired. */
  readonly keepFor: Map<number, number> = new Map()
  /** When the entry expired, where it is kept all the same; in the order in which that was noticed. */
  readonly staleSince: Map<number, number> = new Map()
  #storedAt: Float64Array<ArrayBuffer> = new Float64Array(0)

  storedAt(slot: number): number {
    return this.#storedAt[slot] ?? 0
  }

  noteStored(slot: number, nowMs: number): void {
    if (slot >= this.#storedAt.length) this.#grow(slot)
    this.#storedAt[slot] = nowMs
  }

  /** The slot has another value, or none. */
  forget(slot: number): void {
    this.exactExpiries.delete(slot)
    this.keepFor.delete(slot)
    this.staleSince.delete(slot)
  }

  #grow(slot: number): void {
    const larger = new Float64Array(slot * 2 + 1)
    larger.set(this.#storedAt)
    this.#storedAt = larger
  }
}
