import { ExpiryZones, zoneSize } from './expiry-zones.ts'
import { intAt } from './int-at.ts'
import { createKeyIndex, type KeyIndex } from './key-index.ts'
import { PrefixIndex } from './prefix-index.ts'
import { dueTick, NEVER } from './tick.ts'

/** In place of a slot: none. It is also where the circle of the order of use begins and ends. */
export const NONE = 0

const smallestCapacity = 16

/** Up to here the arrays grow fourfold: copying them is cheap, making many of them is not. */
const smallCapacity = 16_384

/** Numbers of one slot in the links, and their offsets. */
const stride = 3
const EXPIRY = 0
const NEWER = 1
const OLDER = 2

/**
 * Entries in parallel arrays: no object per entry, little for the garbage collector to follow, and what a read touches
 * lies side by side. Slots are numbers from 1; those that became free are used first.
 */
export class EntryStore<V> {
  readonly #index: KeyIndex
  #zones = new ExpiryZones()
  readonly #maxSize: number
  #keys: (string | undefined)[] = []
  #values: (V | undefined)[] = []
  /** Expiry, newer and older neighbour of each slot. A free slot has the next free one as its older neighbour. */
  #links: Int32Array<ArrayBuffer> = new Int32Array(0)
  #prefixes: PrefixIndex | undefined
  #capacity = 0
  #lastUsed = 0
  #free: number = NONE
  #size = 0

  constructor(maxSize: number) {
    this.#maxSize = maxSize
    this.#index = createKeyIndex(maxSize)
    this.#grow(Math.min(maxSize, smallestCapacity))
  }

  get size(): number {
    return this.#size
  }

  /** The least recently used entry. */
  get oldest(): number {
    return this.newerThan(NONE)
  }

  /** No entry expires before this tick. */
  get earliest(): number {
    return this.#zones.earliest
  }

  /** A copy of the keys, from the least to the most recently used. */
  keys(): readonly string[] {
    const keys: string[] = []
    for (let slot = this.oldest; slot !== NONE; slot = this.newerThan(slot)) keys.push(this.keyOf(slot))
    return keys
  }

  find(key: string): number {
    return this.#index.get(key) ?? NONE
  }

  keyOf(slot: number): string {
    return this.#keys[slot] ?? ''
  }

  valueOf(slot: number): V {
    // Slots come from `find` and the order of use, which have only those in use; `undefined` is never stored.
    return this.#values[slot] as V
  }

  expiryOf(slot: number): number {
    return intAt(this.#links, slot * stride + EXPIRY)
  }

  newerThan(slot: number): number {
    return intAt(this.#links, slot * stride + NEWER)
  }

  /** Makes an entry the most recently used. */
  touch(slot: number): void {
    const links = this.#links
    const at = slot * stride
    const newer = intAt(links, at + NEWER)
    if (newer === NONE) return
    const older = intAt(links, at + OLDER)
    links[newer * stride + OLDER] = older
    links[older * stride + NEWER] = newer
    const newest = intAt(links, OLDER)
    links[newest * stride + NEWER] = slot
    links[at + OLDER] = newest
    links[at + NEWER] = NONE
    links[OLDER] = slot
  }

  insert(key: string, value: V, expiry: number): number {
    const slot = this.#takeSlot()
    this.#index.set(key, slot)
    this.#keys[slot] = key
    this.#values[slot] = value
    const links = this.#links
    const at = slot * stride
    const newest = intAt(links, OLDER)
    links[at + EXPIRY] = expiry
    links[at + NEWER] = NONE
    links[at + OLDER] = newest
    links[newest * stride + NEWER] = slot
    links[OLDER] = slot
    this.#zones.note(slot, expiry)
    this.#prefixes?.add(slot, key)
    this.#size += 1
    return slot
  }

  /** Another value for the same key, which becomes the most recently used. */
  replace(slot: number, value: V, expiry: number): void {
    this.#values[slot] = value
    this.setExpiry(slot, expiry)
    this.touch(slot)
  }

  /** Also for an entry that is kept after it expired. */
  setExpiry(slot: number, expiry: number): void {
    this.#links[slot * stride + EXPIRY] = expiry
    this.#zones.note(slot, dueTick(expiry))
  }

  /** Gives the place of the least recently used entry to another key: removes and inserts in one go. */
  replaceOldest(key: string, value: V, expiry: number): number {
    const slot = this.oldest
    this.#index.delete(this.keyOf(slot))
    this.#prefixes?.remove(slot)
    this.#index.set(key, slot)
    this.#keys[slot] = key
    this.#prefixes?.add(slot, key)
    this.replace(slot, value, expiry)
    return slot
  }

  /** @param key - That of the slot, if the caller has it: it is warm, the stored one and its hash lie elsewhere in memory. */
  remove(slot: number, key: string = this.keyOf(slot)): void {
    const links = this.#links
    const at = slot * stride
    const newer = intAt(links, at + NEWER)
    const older = intAt(links, at + OLDER)
    links[newer * stride + OLDER] = older
    links[older * stride + NEWER] = newer
    this.#index.delete(key)
    this.#prefixes?.remove(slot)
    this.#keys[slot] = undefined
    this.#values[slot] = undefined
    links[at + EXPIRY] = NEVER
    links[at + OLDER] = this.#free
    this.#free = slot
    this.#size -= 1
  }

  /** Frees everything, the memory too. */
  clear(): void {
    this.#index.clear()
    this.#prefixes = undefined
    this.#keys = []
    this.#values = []
    this.#links = new Int32Array(0)
    this.#lastUsed = 0
    this.#free = NONE
    this.#size = 0
    this.#zones = new ExpiryZones()
    this.#capacity = 0
    this.#grow(Math.min(this.#maxSize, smallestCapacity))
  }

  /** Removes by `remove` each entry whose key begins with `prefix`; returns how many those were. */
  removeWithPrefix(prefix: string, remove: (slot: number) => void): number {
    const before = this.#size
    if (PrefixIndex.serves(prefix)) this.#followChain(prefix, remove)
    else this.#scan(prefix, remove)
    return before - this.#size
  }

  /**
   * Reads one zone in which something may be due, and calls back with each slot that is; that removes the entry or gives
   * it a later expiry.
   *
   * @returns Whether there was such a zone.
   */
  sweepZone(tick: number, visit: (slot: number) => void): boolean {
    const zone = this.#zones.findDue(tick)
    if (zone < 0) return false
    let bound: number = NEVER
    for (let slot = zone * zoneSize; slot < this.#endOf(zone); slot += 1) {
      if (dueTick(this.expiryOf(slot)) <= tick) visit(slot)
      bound = Math.min(bound, dueTick(this.expiryOf(slot)))
    }
    this.#zones.settle(zone, bound)
    return true
  }

  /** How many entries there are whose expiry is reached. */
  countDue(tick: number): number {
    let count = 0
    this.#zones.forEachDue(tick, zone => {
      for (let slot = zone * zoneSize; slot < this.#endOf(zone); slot += 1) {
        const expiry = this.expiryOf(slot)
        if (expiry >= 0 && expiry <= tick) count += 1
      }
    })
    return count
  }

  /** Gives each entry the expiry that `moved` makes of its own. */
  moveExpiries(moved: (expiry: number, slot: number) => number): void {
    this.#zones.clear()
    for (let slot = 1; slot <= this.#lastUsed; slot += 1) {
      const expiry = this.expiryOf(slot)
      if (expiry !== NEVER) this.setExpiry(slot, moved(expiry, slot))
    }
  }

  #endOf(zone: number): number {
    return Math.min((zone + 1) * zoneSize, this.#lastUsed + 1)
  }

  #takeSlot(): number {
    const slot = this.#free
    if (slot !== NONE) {
      this.#free = intAt(this.#links, slot * stride + OLDER)
      return slot
    }
    if (this.#lastUsed === this.#capacity) this.#grow(this.#nextCapacity())
    this.#lastUsed += 1
    return this.#lastUsed
  }

  #nextCapacity(): number {
    const factor = this.#capacity < smallCapacity ? 4 : 2
    return Math.min(this.#capacity * factor, this.#maxSize)
  }

  #grow(capacity: number): void {
    const length = capacity + 1
    const links = new Int32Array(length * stride)
    links.set(this.#links)
    if (this.#capacity === 0) links[EXPIRY] = NEVER
    this.#links = links
    this.#keys = enlarged(this.#keys, length)
    this.#values = enlarged(this.#values, length)
    this.#zones.grow(length)
    this.#prefixes?.grow(length)
    this.#capacity = capacity
  }

  #followChain(prefix: string, visit: (slot: number) => void): void {
    this.#prefixes ??= this.#indexPrefixes()
    for (let slot = this.#prefixes.first(prefix), next: number; slot !== NONE; slot = next) {
      next = this.#prefixes.next(slot)
      if (this.keyOf(slot).startsWith(prefix)) visit(slot)
    }
  }

  #scan(prefix: string, visit: (slot: number) => void): void {
    for (let slot = 1; slot <= this.#lastUsed; slot += 1) if (this.#keys[slot]?.startsWith(prefix)) visit(slot)
  }

  #indexPrefixes(): PrefixIndex {
    const index = new PrefixIndex(this.#maxSize)
    index.grow(this.#capacity + 1)
    for (let slot = 1; slot <= this.#lastUsed; slot += 1) {
      const key = this.#keys[slot]
      if (key !== undefined) index.add(slot, key)
    }
    return index
  }
}

/** A copy with room. Filled with `undefined`, so that the arrays of all caches are of one kind to the compiler. */
function enlarged<T>(items: readonly (T | undefined)[], length: number): (T | undefined)[] {
  const larger: (T | undefined)[] = []
  larger.length = length
  larger.fill(undefined)
  for (let index = 0; index < items.length; index += 1) larger[index] = items[index]
  return larger
}
