import { isUtf8 } from 'node:buffer'

/** What Python's `str.strip()` removes. `trim()` removes U+FEFF too, and keeps U+001C to U+001F and U+0085. */
const PYTHON_WHITE_SPACE: ReadonlySet<string> = new Set(
  '\t\n\v\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009' +
    '\u200A\u2028\u2029\u202F\u205F\u3000',
)

/**
 * Reads the content of a key file as SimpleTuner's `read_text().strip()` does (R92): line ends become LF, white space
 * around goes, a byte order mark stays part of the secret.
 *
 * @returns The secret, maybe empty; `undefined` when the bytes are not UTF-8.
 */
export function keyText(content: Buffer): string | undefined {
  if (!isUtf8(content)) return undefined
  return strip(content.toString('utf8').replaceAll(/\r\n?/g, '\n'))
}

function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isWhiteSpace(text, start)) start += 1
  while (end > start && isWhiteSpace(text, end - 1)) end -= 1
  return text.slice(start, end)
}

function isWhiteSpace(text: string, index: number): boolean {
  return PYTHON_WHITE_SPACE.has(text.charAt(index))
}
