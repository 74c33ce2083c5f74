import { characterOfByte } from './character-of-byte.ts'
import type { Place } from './place.ts'
import type { Base64Form } from './spelling.ts'
import type { Neighbours } from './word-borders.ts'

/**
 * What stands next to a value in base64, decoded with it.
 *
 * @returns `undefined` where it is not the value after all: only the characters that hold nothing else were compared.
 */
export function base64Neighbours(text: string, { start, end }: Place, form: Base64Form): Neighbours | undefined {
  const { alignment, bytes, sharesLast } = form
  const before = charactersBefore(text, start, alignment)
  const after = text.slice(end, end + 2).replace(/[^\w+/-].*/s, '')
  const decoded = Buffer.from(before + standardAlphabet(text.slice(start, end)) + after, 'base64').toString('latin1')
  const first = alignment === 0 && before !== '' ? 3 : alignment
  if (!decoded.startsWith(bytes, first)) return undefined
  const previous = decoded.charCodeAt(first - 1)
  return {
    before: alignment === 0 ? neighbour(text.charAt(start - 1), previous) : characterOfByte(previous),
    after: neighbour(after.charAt(sharesLast ? 1 : 0), decoded.charCodeAt(first + bytes.length)),
  }
}

/** Those of the value's own group that it has not to itself; of one that it begins, the group before. */
function charactersBefore(text: string, start: number, alignment: number): string {
  const length = alignment === 0 ? 4 : alignment + 1
  const characters = text.slice(Math.max(0, start - length), start)
  return /^[\w+/-]+$/.test(characters) && characters.length === length ? characters : ''
}

/**
 * @param character - What stands there as it is; a sign may as well be no part of the base64.
 * @param code - The byte that stands there; NaN where there are too few characters for one.
 */
function neighbour(character: string, code: number): string {
  return /\w/.test(character) && !Number.isNaN(code) ? characterOfByte(code) : character
}

function standardAlphabet(core: string): string {
  return core.replaceAll(/%2b/gi, '+').replaceAll(/%2f|\\\//gi, '/')
}
