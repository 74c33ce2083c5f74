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

/** Length from which a line of a value is replaced without the others. */
const LONG_LINE = 16

/**
 * What to look for of a value: itself, what is left when it was trimmed, and each long line of it.
 *
 * A key of several lines is often printed with something before each of them. One with white space in it, such as the
 * frame of a PEM file, or without a letter or digit is more likely to be no secret.
 */
export function knownTexts(value: string, label: string): readonly KnownText[] {
  const lines = value.split(/[\r\n]+/).map(line => line.trim())
  const longLines = lines.filter(line => line.length >= LONG_LINE && /^\S*[\p{L}\p{N}]\S*$/u.test(line))
  // Half a surrogate pair is printed as U+FFFD.
  const texts = [value, value.trim(), ...longLines].flatMap(text => [text, text.toWellFormed()])
  return [...new Set(texts)].map(text => ({ text, label, isShort: text.length < LONG_VALUE }))
}
