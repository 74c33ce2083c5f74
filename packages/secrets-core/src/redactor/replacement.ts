import { standsAlone } from './match.ts'
import type { Match } from './match.ts'
import type { Place } from './place.ts'

/**
 * Writes a text anew, part by part, with markers in the place of matches.
 *
 * Nothing of a match remains. One inside another leaves no trace; where two overlap, both markers are written, unless
 * they are the same.
 */
export class Replacement {
  readonly #markerOf: (label: string) => string
  /** Where the last match that was replaced ends, counted from the end of what is written: above 0 when behind it. */
  #covered = Number.NEGATIVE_INFINITY
  #marker = ''

  /** @param markerOf - What to write for a value that is called so. */
  constructor(markerOf: (label: string) => string) {
    this.#markerOf = markerOf
  }

  /**
   * Writes what stands between two places.
   *
   * @param matches - By their place, the longest first: all that begin between the two, and all that touch one of them.
   * @param part - Begins where the last one ended.
   */
  write(text: string, matches: readonly Match[], part: Place): string {
    const starts = new Set(matches.filter(standsAlone).map(({ start }) => start))
    let covered = part.start + this.#covered
    let output = ''
    for (const match of matches.filter(({ start }) => start >= part.start && start < part.end)) {
      if (match.end <= covered || !isReplaced(match, covered, starts)) continue
      const marker = this.#markerOf(match.label)
      const gap = text.slice(Math.max(part.start, covered), match.start)
      if (match.start >= covered || marker !== this.#marker) output += gap + marker
      covered = match.end
      this.#marker = marker
    }
    this.#covered = covered - part.end
    return output + text.slice(Math.max(part.start, covered), part.end)
  }
}

/** Next to what is replaced a value stands alone, too: it would when the text is redacted again. */
function isReplaced({ borders, start, end }: Match, covered: number, starts: ReadonlySet<number>): boolean {
  return borders === undefined || ((borders.before || covered === start) && (borders.after || starts.has(end)))
}
