import type { Hit } from './needle-matcher.ts'
import type { Place } from './place.ts'
import { wordBorders } from './word-borders.ts'
import type { WordBorders } from './word-borders.ts'

/** What is to be replaced, if nothing speaks against it. */
export interface Match extends Place {
  /** What the value is called. */
  readonly label: string
  /** Of a short value, which is replaced only where it stands alone. */
  readonly borders?: WordBorders
}

/** A character of base64 that a value shares with what stands before it, or what may yet be escaped into one. */
const SHARED_BEFORE = /(?:%(?:2[bf]?)?|\\?\/|[\w+-]|\\)$/i

/** The same behind it, perhaps escaped in a query or in JSON, with padding. */
const SHARED_AFTER = /^(?:%2[bf]|\\?\/|[\w+-])?(?:=|%3d|\\u003d){0,2}/i

/** Characters that are looked at before and behind a hit, at most. */
const [MOST_BEFORE, MOST_AFTER] = [3, 24]

/** From one of these on, nothing changes how a hit before it is judged. */
const SETTLED = /[\n"]/

/** The match that a hit is; `undefined` where the value does not stand there after all. */
export function matchOf(text: string, hit: Hit): Match | undefined {
  const { label, isShort } = hit.needle.known
  if (!isShort) return { ...extent(text, hit), label }
  const borders = wordBorders(text, hit)
  return borders && { ...extent(text, hit), label, borders }
}

/** Whether a match is replaced whatever else is. */
export function standsAlone({ borders }: Match): boolean {
  return borders === undefined || (borders.before && borders.after)
}

/** Whether more text could change the match that a hit is. */
export function isUnsettled(text: string, { needle, end }: Hit): boolean {
  const looksBehind = needle.known.isShort || (typeof needle.form === 'object' && needle.form.sharesLast)
  return looksBehind && text.length - end < MOST_AFTER && !SETTLED.test(text.slice(end))
}

/** From where on characters may belong to a match of a hit that begins at a place or later. */
export function earliestStart(text: string, place: number): number {
  return place - lengthOf(SHARED_BEFORE, text.slice(Math.max(0, place - MOST_BEFORE), place))
}

/** With the characters that hold bits of the value and of something else. */
function extent(text: string, { needle: { form }, start, end }: Hit): Place {
  if (typeof form === 'string') return { start, end }
  return {
    start: form.alignment > 0 ? earliestStart(text, start) : start,
    end: form.sharesLast ? end + lengthOf(SHARED_AFTER, text.slice(end, end + MOST_AFTER)) : end,
  }
}

function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0
}
