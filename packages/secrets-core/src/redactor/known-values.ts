import { knownTexts } from './known-texts.ts'
import { labelMarker } from './label-marker.ts'
import { earliestStart, isUnsettled, matchOf, standsAlone } from './match.ts'
import type { Match } from './match.ts'
import { NeedleMatcher } from './needle-matcher.ts'
import type { Hit } from './needle-matcher.ts'
import { needlesOf } from './needle.ts'

/** Written where a label holds a known value itself. */
const NEUTRAL_MARKERS = ['[secret]', '[redacted]']

/** The values that must not be printed. */
export class KnownValues {
  readonly #minLength: number
  readonly #values = new Set<string>()
  readonly #tooShort = new Set<string>()
  /** Values with their labels that no text has been searched for yet. */
  readonly #fresh = new Map<string, string>()
  readonly #matcher = new NeedleMatcher()
  readonly #markers = new Map<string, string>()

  /** @param minLength - Shorter values are only counted. */
  constructor(minLength: number) {
    this.#minLength = minLength
  }

  /** How many different values were too short. */
  get skipped(): number {
    return this.#tooShort.size
  }

  /** A value that is known already keeps its label. */
  add(value: string, label: string): void {
    if (this.#values.has(value)) return
    // Nothing but white space would be everywhere.
    if (value.trim().length < this.#minLength) {
      this.#tooShort.add(value)
      return
    }
    this.#values.add(value)
    this.#fresh.set(value, label)
  }

  /** Where their spellings stand in a text. */
  hits(text: string): readonly Hit[] {
    for (const [value, label] of this.#fresh) {
      for (const needle of knownTexts(value, label).flatMap(needlesOf)) this.#matcher.add(needle)
    }
    if (this.#fresh.size > 0) this.#markers.clear()
    this.#fresh.clear()
    return this.#matcher.find(text)
  }

  /** What there is to replace in a text, by place, the longest first. */
  matches(text: string, hits: readonly Hit[] = this.hits(text)): readonly Match[] {
    const matches = hits.map(hit => matchOf(text, hit)).filter(match => match !== undefined)
    return matches.toSorted((a, b) => a.start - b.start || b.end - a.end)
  }

  /** The place in a text before which every match begins that no more text changes. */
  settledEnd(text: string, hits: readonly Hit[]): number {
    if (this.#values.size === 0) return text.length
    const begun = earliestStart(text, this.#matcher.firstBeginning(text))
    const end = earliest(
      text,
      hits.filter(hit => isUnsettled(text, hit)),
      begun,
    )
    // Whether a short value is replaced may depend on what is replaced right behind it.
    return earliest(
      text,
      hits.filter(hit => hit.needle.known.isShort && hit.end >= end),
      end,
    )
  }

  /** What is written for values that are called so: the label in brackets, unless it holds a known value. */
  markerOf(label: string): string {
    let marker = this.#markers.get(label)
    if (marker === undefined) {
      const candidates = [labelMarker(label), ...NEUTRAL_MARKERS]
      // In the end one without any letter that could belong to a value.
      marker = candidates.find(candidate => this.#labelsIn(candidate).length === 0) ?? '[***]'
      this.#markers.set(label, marker)
    }
    return marker
  }

  /** What is written for the known values that a text holds. */
  markersIn(text: string): readonly string[] {
    return this.#labelsIn(text).map(label => this.markerOf(label))
  }

  #labelsIn(text: string): readonly string[] {
    return this.matches(text)
      .filter(standsAlone)
      .map(({ label }) => label)
  }
}

function earliest(text: string, hits: readonly Hit[], end: number): number {
  return hits.reduce((least, { start }) => Math.min(least, earliestStart(text, start)), end)
}
