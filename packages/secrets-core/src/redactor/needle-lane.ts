import { hashOf } from './hash-of.ts'
import type { Needle } from './needle.ts'

/** Characters that are looked at to tell how far to go on. */
const BLOCK = 4

/** Beyond this the table is read slower than it saves steps. */
const MOST_BITS = 20

/** Is told of each place where a needle stands. */
type Report = (needle: Needle, start: number) => unknown

/**
 * Looks for needles that have at least a certain length, all in one pass (Wu and Manber 1994).
 *
 * A table tells from the last four characters of a window of that length how far no needle can begin, so that most
 * characters of a text are never looked at: the longer the window, the fewer.
 */
export class NeedleLane {
  /** Length of the window. */
  readonly width: number
  readonly #needles: Needle[] = []
  readonly #byWindow = new Map<number, Needle[]>()
  #bits = 12
  #shifts: Uint8Array

  /** @param width - From 4 up. */
  constructor(width: number) {
    this.width = width
    this.#shifts = this.#freshTable()
  }

  /** @param needle - At least as long as the window. */
  add(needle: Needle): void {
    this.#needles.push(needle)
    const window = hashOf(needle.head, 0, this.width)
    const sameWindow = this.#byWindow.get(window)
    if (sameWindow) sameWindow.push(needle)
    else this.#byWindow.set(window, [needle])
    if (this.#isFull()) this.#grow()
    else this.#enter(needle)
  }

  /** Reports each place of each needle, in the order of places. */
  find(text: string, report: Report): void {
    if (this.#needles.length === 0) return
    const [shifts, toIndex, reach] = [this.#shifts, 32 - this.#bits, this.width - 1]
    for (let last = reach; last < text.length;) {
      // The index has no more bits than the table has for it.
      const shift = shifts[blockHash(text, last) >>> toIndex] as number
      if (shift === 0) this.#check(text, last - reach, report)
      last += shift || 1
    }
  }

  /** Whether a text, which must be at least as long as the window, is the beginning of a needle and not all of it. */
  hasBeginning(text: string): boolean {
    return this.#withWindow(text, 0).some(needle => needle.beginsWith(text))
  }

  #check(text: string, start: number, report: Report): void {
    for (const needle of this.#withWindow(text, start)) if (needle.standsAt(text, start)) report(needle, start)
  }

  #withWindow(text: string, start: number): readonly Needle[] {
    return this.#byWindow.get(hashOf(text, start, start + this.width)) ?? []
  }

  #isFull(): boolean {
    return this.#bits < MOST_BITS && this.#needles.length * (this.width - BLOCK + 1) * 8 > this.#shifts.length
  }

  #grow(): void {
    this.#bits += 2
    this.#shifts = this.#freshTable()
    for (const needle of this.#needles) this.#enter(needle)
  }

  #freshTable(): Uint8Array {
    return new Uint8Array(2 ** this.#bits).fill(this.width - BLOCK + 1)
  }

  #enter(needle: Needle): void {
    for (let last = BLOCK - 1; last < this.width; last += 1) {
      const index = blockHash(needle.head, last) >>> (32 - this.#bits)
      // As above.
      this.#shifts[index] = Math.min(this.#shifts[index] as number, this.width - 1 - last)
    }
  }
}

/** Of the four characters up to this one; its upper bits are the better mixed ones. */
function blockHash(text: string, last: number): number {
  const block =
    (text.charCodeAt(last - 3) & 0xff) |
    ((text.charCodeAt(last - 2) & 0xff) << 8) |
    ((text.charCodeAt(last - 1) & 0xff) << 16) |
    (text.charCodeAt(last) << 24)
  return Math.imul(block, 0x9e_37_79_b1)
}
