import { base64Neighbours } from './base64-neighbours.ts'
import type { Hit } from './needle-matcher.ts'
import { textNeighbours } from './text-neighbours.ts'

/** Whether a word ends where a value does. */
export interface WordBorders {
  readonly before: boolean
  readonly after: boolean
}

/** The characters next to a value; empty where there is none. */
export interface Neighbours {
  readonly before: string
  readonly after: string
}

/**
 * At which ends of a value a word ends too: where not both its own character and its neighbour belong to words.
 *
 * @returns `undefined` where the value does not stand there.
 */
export function wordBorders(text: string, hit: Hit): WordBorders | undefined {
  const { known, form } = hit.needle
  const neighbours = typeof form === 'string' ? textNeighbours(text, hit, form) : base64Neighbours(text, hit, form)
  if (neighbours === undefined) return undefined
  return {
    before: !isWord(neighbours.before) || !isWord(known.text.charAt(0)),
    after: !isWord(neighbours.after) || !isWord(known.text.charAt(known.text.length - 1)),
  }
}

/** Digits, `_`, and letters of scripts that put spaces between words: a value may follow a Chinese one at once. */
function isWord(character: string): boolean {
  return /^[\w\p{LC}\p{M}]/u.test(character)
}
