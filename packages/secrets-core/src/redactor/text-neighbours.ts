import { characterOfByte } from './character-of-byte.ts'
import type { Place } from './place.ts'
import type { TextForm } from './spelling.ts'
import type { Neighbours } from './word-borders.ts'

/** The longest that a neighbour can be: an escape sequence. */
const LONGEST = 24

/** What a character next to a value may be written as. Where it may be part of a word, a group holds its code. */
const WRITTEN = {
  text: {
    // In JSON the `n` of a line end is no letter; nor is what ends a command to a terminal, such as `m` that of a colour.
    before:
      // oxlint-disable-next-line no-control-regex -- terminals are told by one
      /(?:\\[bfnrtv]|(?:\x1b|\\u001b|\\x1b|\\033|\\e)\[[\d;?]{0,16}[a-z]|(?:%|\\x)([\da-f]{2})|\\u([\da-f]{4}))$/i,
    after: /^\\?(?:(?:%|\\x)([\da-f]{2})|\\u([\da-f]{4}))/i,
  },
  hex: { before: /(?:[0\\]x|([\da-f]{2}))$/i, after: /^([\da-f]{2})/i },
  'spaced-hex': { before: /([\da-f]{2}) $/i, after: /^ ([\da-f]{2})/i },
  decimal: { before: /(\d+), ?$/, after: /^, ?(\d+)/ },
}

/** What stands next to a value that is written as it is or in hex, read as the value is. */
export function textNeighbours(text: string, { start, end }: Place, form: TextForm): Neighbours {
  const { before, after } = WRITTEN[form]
  const [left, right] = [text.slice(Math.max(0, start - LONGEST), start), text.slice(end, end + LONGEST)]
  const radix = form === 'decimal' ? 10 : 16
  const ofCode = form === 'text' ? (code: number) => String.fromCharCode(code) : characterOfByte
  const read = (digits: string) => ofCode(Number.parseInt(digits, radix))
  return {
    before: characterIn(before.exec(left), read) ?? left.slice(-1),
    after: characterIn(after.exec(right), read) ?? right.slice(0, 1),
  }
}

function characterIn(written: RegExpExecArray | null, read: (digits: string) => string): string | undefined {
  if (written === null) return undefined
  const digits = written[1] ?? written[2]
  return digits === undefined ? '' : read(digits)
}
