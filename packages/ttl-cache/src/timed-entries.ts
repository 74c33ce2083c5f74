import { EntryDetails } from './entry-details.ts'
import { EntryStore, NONE } from './entry-store.ts'
import { FAR, HORIZON, LATEST, NEVER, staleUntil } from './tick.ts'

/** Entries in time: what has expired, what is kept although it has, and what must go first. */
export class TimedEntries<V> extends EntryStore<V> {
  readonly #defaultTtlMs: number
  #details: EntryDetails | undefined
  #epochMs: number
  #tick = 0

  constructor(maxSize: number, defaultTtlMs: number, nowMs: number) {
    super(maxSize)
    this.#defaultTtlMs = defaultTtlMs
    this.#epochMs = nowMs
    // Neither lifetime can be told from a tick.
    if (defaultTtlMs > HORIZON) this.#details = new EntryDetails()
  }

  /** Whether {@link TimedEntries.sweepSome} may find something. */
  get mayHaveExpired(): boolean {
    return this.earliest <= this.#tick
  }

  /** How many entries have expired. */
  get expiredCount(): number {
    return this.countDue(this.#tick) + (this.#details?.staleSince.size ?? 0)
  }

  /** One of the entries that have expired and are kept all the same. */
  get firstStale(): number {
    if (this.#details === undefined) return NONE
    return this.#details.staleSince.keys().next().value ?? NONE
  }

  /** The time, in milliseconds of the clock. */
  get nowMs(): number {
    return this.#epochMs + this.#tick
  }

  /** Sets the time for all that follows. */
  advance(nowMs: number): void {
    const elapsed = nowMs - this.#epochMs
    if (elapsed < HORIZON) this.#tick = elapsed | 0
    else this.#moveEpoch(Math.floor(elapsed))
  }

  /** The slot of a live entry, the negative slot of one that has expired, or {@link NONE}. */
  findNow(key: string): number {
    const slot = this.find(key)
    return slot === NONE || this.expiryOf(slot) > this.#tick ? slot : -slot
  }

  /** Stores a value for a key that the cache does not hold. */
  insertFor(ttlMs: number, key: string, value: V): number {
    const expiry = this.#expiryAfter(ttlMs)
    const slot = this.insert(key, value, expiry)
    if (this.#isUnusual(ttlMs)) this.#noteLife(slot, ttlMs, expiry)
    return slot
  }

  /** The same in the place of the least recently used entry. */
  replaceOldestFor(ttlMs: number, key: string, value: V): number {
    const expiry = this.#expiryAfter(ttlMs)
    const slot = this.replaceOldest(key, value, expiry)
    if (this.#isUnusual(ttlMs)) this.#noteLife(slot, ttlMs, expiry)
    return slot
  }

  /** Stores another value for the key of a slot. */
  replaceFor(ttlMs: number, slot: number, value: V): void {
    const expiry = this.#expiryAfter(ttlMs)
    this.replace(slot, value, expiry)
    if (this.#isUnusual(ttlMs)) this.#noteLife(slot, ttlMs, expiry)
  }

  /** Keeps an entry for so long after it has expired. */
  keepStale(slot: number, keepForMs: number): void {
    this.#details ??= this.#detailsOfAll()
    this.#details.keepFor.set(slot, keepForMs)
  }

  /** Whether an entry is to be kept although it has expired. */
  isKept(slot: number): boolean {
    return this.#details?.keepFor.has(slot) === true
  }

  override remove(slot: number, key?: string): void {
    this.#details?.forget(slot)
    super.remove(slot, key)
  }

  override clear(): void {
    super.clear()
    if (this.#details !== undefined) this.#details = new EntryDetails()
  }

  /** Since when an entry is there, and how long it stays, in milliseconds. */
  timesOf(slot: number): { readonly ageMs: number; readonly expiresInMs: number } {
    const expiresAt = this.#expiresAt(slot)
    const storedAt = this.#details?.storedAt(slot) ?? expiresAt - this.#defaultTtlMs
    return { ageMs: this.nowMs - storedAt, expiresInMs: expiresAt - this.nowMs }
  }

  /**
   * Looks at some of the entries that may have expired, and calls back with those that have and are not kept.
   *
   * @returns Whether there were any to look at.
   */
  sweepSome(visit: (slot: number) => void): boolean {
    if (!this.mayHaveExpired) return false
    return this.sweepZone(this.#tick, slot => {
      if (!this.#keepOn(slot)) visit(slot)
    })
  }

  #isUnusual(ttlMs: number): boolean {
    return ttlMs !== this.#defaultTtlMs || this.#details !== undefined
  }

  #noteLife(slot: number, ttlMs: number, expiry: number): void {
    this.#details ??= this.#detailsOfAll()
    this.#details.forget(slot)
    this.#details.noteStored(slot, this.nowMs)
    if (expiry === FAR) this.#details.exactExpiries.set(slot, this.nowMs + ttlMs)
  }

  #keepOn(slot: number): boolean {
    const keepFor = this.#details?.keepFor.get(slot)
    if (this.#details === undefined || keepFor === undefined) return false
    const expiresAt = this.#expiresAt(slot)
    const keepUntil = expiresAt + keepFor
    if (keepUntil <= this.nowMs) return false
    this.#details.staleSince.set(slot, expiresAt)
    this.setExpiry(slot, staleUntil(Math.min(Math.ceil(keepUntil - this.#epochMs), LATEST)))
    return true
  }

  #expiresAt(slot: number): number {
    const expiry = this.expiryOf(slot)
    if (expiry === NEVER) return Infinity
    const details = this.#details
    return details?.exactExpiries.get(slot) ?? details?.staleSince.get(slot) ?? this.#epochMs + expiry
  }

  #expiryAfter(ttlMs: number): number {
    if (ttlMs === Infinity) return NEVER
    const expiry = this.#tick + ttlMs
    return expiry <= LATEST ? expiry | 0 : FAR
  }

  /** Begins to keep details; until now all entries had the default lifetime. */
  #detailsOfAll(): EntryDetails {
    const details = new EntryDetails()
    for (let slot = this.oldest; slot !== NONE; slot = this.newerThan(slot)) {
      details.noteStored(slot, this.#expiresAt(slot) - this.#defaultTtlMs)
    }
    return details
  }

  #moveEpoch(delta: number): void {
    const epochMs = this.#epochMs + delta
    if (this.countDue(Math.min(delta, LATEST)) > 0) this.#details ??= this.#detailsOfAll()
    this.moveExpiries((expiry, slot) => {
      if (expiry < 0) return staleUntil(Math.max(~expiry - delta, 0))
      const expiresAt = this.#expiresAt(slot)
      const moved = expiresAt - epochMs
      if (moved > LATEST) return FAR
      if (moved > 0) this.#details?.exactExpiries.delete(slot)
      else this.#details?.exactExpiries.set(slot, expiresAt)
      return Math.max(Math.floor(moved), 0)
    })
    this.#epochMs = epochMs
    this.#tick = 0
  }
}
