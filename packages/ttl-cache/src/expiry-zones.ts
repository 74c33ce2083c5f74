import { intAt } from './int-at.ts'
import { NEVER } from './tick.ts'

/** Slots of a zone, and zones of a district, as a power of two. */
const zoneBits = 6

/** Slots of one zone. */
export const zoneSize: number = 1 << zoneBits

/**
 * Finds what has expired without looking at the rest: a zone map (block range index) of two levels.
 *
 * For each zone of 64 slots, and each district of 64 zones, it has a lower bound of the expiries there. Storing lowers a
 * bound at once; that an entry left or lives longer is only found out when the bound is due and the zone is read.
 */
export class ExpiryZones {
  #zones: Int32Array<ArrayBuffer> = new Int32Array(0)
  #districts: Int32Array<ArrayBuffer> = new Int32Array(0)
  #earliest: number = NEVER

  /** No entry expires before this tick. */
  get earliest(): number {
    return this.#earliest
  }

  /** Makes room for slots below `length`. */
  grow(length: number): void {
    this.#zones = enlarged(this.#zones, length)
    this.#districts = enlarged(this.#districts, this.#zones.length)
  }

  clear(): void {
    this.#zones.fill(NEVER)
    this.#districts.fill(NEVER)
    this.#earliest = NEVER
  }

  /** An entry that expires at this tick is in the slot. */
  note(slot: number, expiry: number): void {
    const zone = slot >> zoneBits
    if (expiry >= intAt(this.#zones, zone)) return
    this.#zones[zone] = expiry
    const district = zone >> zoneBits
    if (expiry >= intAt(this.#districts, district)) return
    this.#districts[district] = expiry
    if (expiry < this.#earliest) this.#earliest = expiry
  }

  /** A zone in which something may have expired; -1 when nothing has anywhere. The caller reads it and settles it. */
  findDue(tick: number): number {
    for (let district = 0; district < this.#districts.length && this.#earliest <= tick; district += 1) {
      if (intAt(this.#districts, district) > tick) continue
      const zone = this.#findDueIn(district, tick)
      if (zone >= 0) return zone
    }
    this.#earliest = lowest(this.#districts, 0, this.#districts.length)
    return -1
  }

  /** The bound of a zone, now that all of it was read. */
  settle(zone: number, bound: number): void {
    this.#zones[zone] = bound
  }

  /** Calls back with each zone in which something may have expired. */
  forEachDue(tick: number, visit: (zone: number) => void): void {
    for (let zone = 0; zone < this.#zones.length; zone += 1) if (intAt(this.#zones, zone) <= tick) visit(zone)
  }

  #findDueIn(district: number, tick: number): number {
    const end = Math.min((district + 1) << zoneBits, this.#zones.length)
    for (let zone = district << zoneBits; zone < end; zone += 1) if (intAt(this.#zones, zone) <= tick) return zone
    this.#districts[district] = lowest(this.#zones, district << zoneBits, end)
    return -1
  }
}

function enlarged(bounds: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(length / zoneSize)).fill(NEVER)
  larger.set(bounds)
  return larger
}

function lowest(bounds: Int32Array, start: number, end: number): number {
  let bound: number = NEVER
  for (let index = start; index < end; index += 1) bound = Math.min(bound, intAt(bounds, index))
  return bound
}
