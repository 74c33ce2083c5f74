import { hashOf } from './hash-of.ts'
import { NeedleLane } from './needle-lane.ts'
import type { Needle } from './needle.ts'
import type { Place } from './place.ts'

/** Width of the fastest lane. */
const LONG = 16

/** A needle and where it stands in a text. */
export interface Hit extends Place {
  readonly needle: Needle
}

/** Finds many needles in one text; needles may be added at any time. */
export class NeedleMatcher {
  readonly #long = new NeedleLane(LONG)
  readonly #lanes = [new NeedleLane(4), new NeedleLane(8), this.#long]
  readonly #needles: Needle[] = []
  #longest = 0
  /** Hashes of the beginnings of needles, of fewer characters than the longest lane looks at. */
  readonly #beginnings = new Set<number>()
  /** How many needles have theirs there. */
  #begun = 0

  /** @param needle - At least 4 characters long. */
  add(needle: Needle): void {
    this.#needles.push(needle)
    this.#longest = Math.max(this.#longest, needle.length)
    this.#lanes.findLast(({ width }) => width <= needle.length)?.add(needle)
  }

  /** All places of all needles, overlapping ones too, in no particular order. */
  find(text: string): readonly Hit[] {
    const hits: Hit[] = []
    for (const lane of this.#lanes) {
      lane.find(text, (needle, start) => hits.push({ needle, start, end: start + needle.length }))
    }
    return hits
  }

  /** First place from which on more text could complete a needle; the length of the text where there is none. */
  firstBeginning(text: string): number {
    for (const needle of this.#needles.slice(this.#begun)) this.#addBeginnings(needle)
    this.#begun = this.#needles.length
    for (let start = Math.max(0, text.length - this.#longest + 1); start < text.length; start += 1) {
      if (this.#isBeginning(text, start)) return start
    }
    return text.length
  }

  #addBeginnings({ head, length }: Needle): void {
    for (let end = 1; end < Math.min(LONG, length); end += 1) this.#beginnings.add(hashOf(head, 0, end))
  }

  #isBeginning(text: string, start: number): boolean {
    // Another text with the same hash is held back in vain, which nobody notices.
    if (text.length - start < LONG) return this.#beginnings.has(hashOf(text, start, text.length))
    return this.#long.hasBeginning(text.slice(start))
  }
}
