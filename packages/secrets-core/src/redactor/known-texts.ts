/** A text that must not be printed: a value, or a part of one. */
export interface KnownText {
  /** The text itself. */
  readonly text: string
  /** What the value is called. */
  readonly label: string
  /** Whether it is so short that it is replaced only where it stands alone. */
  readonly isShort: boolean
}

/** Length from which a value is replaced wherever it stands. */
const LONG_VALUE = 8

/** Length from which a line of a value is replaced without the others, and a word of it without the rest of its line. */
const [LONG_LINE, LONG_WORD] = [16, 32]

/**
 * What to look for of a value: itself, what is left when it was trimmed, with either kind of line end, and each long
 * part of it.
 *
 * A document is often printed with something before or behind each of its lines.
 */
export function knownTexts(value: string, label: string): readonly KnownText[] {
  const trimmed = value.trim()
  // Terminals and mail make two characters of a line end, others one.
  const lines = trimmed.split(/\r?\n/)
  const texts = [value, trimmed, lines.join('\n'), lines.join('\r\n'), ...longParts(lines)]
  // Half a surrogate pair is printed as U+FFFD.
  const printed = new Set(texts.flatMap(text => [text, text.toWellFormed()]))
  return [...printed].map(text => ({ text, label, isShort: text.length < LONG_VALUE }))
}

/**
 * Lines that are one word, and very long words of others, such as a key in a JSON document.
 *
 * Shorter words, such as those of the frame of a PEM file, and what has no letter or digit are more likely to be no
 * secrets.
 */
function longParts(lines: readonly string[]): readonly string[] {
  const parts = lines.flatMap(line => {
    const words = line.trim().split(/\s+/)
    return words.filter(({ length }) => length >= (words.length === 1 ? LONG_LINE : LONG_WORD))
  })
  return parts.filter(part => /[\p{L}\p{N}]/u.test(part))
}
