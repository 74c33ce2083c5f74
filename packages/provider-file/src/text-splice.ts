/** Replaces a part of a text. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with all of these parts replaced; they must not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = []
  let offset = 0
  for (const splice of splices.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(offset, splice.start), splice.text)
    offset = splice.end
  }
  return pieces.join('') + text.slice(offset)
}

/** Where the line of this offset begins. */
export function lineStart(text: string, offset: number): number {
  if (offset === 0) return 0
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
}

/** The beginning of the next line, past blanks and a YAML comment; the offset itself when a line begins there. */
export function afterLineEnd(text: string, offset: number): number {
  if (lineStart(text, offset) === offset) return offset
  const rest = /[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)?/y
  rest.lastIndex = offset
  return offset + (rest.exec(text)?.[0].length ?? 0)
}

/** The line break that the text ends with, or nothing. */
export function lineEndOf(text: string): string {
  return /(?:\r\n|\r|\n)$/.exec(text)?.[0] ?? ''
}

/** The line break that the text uses. */
export function lineBreakIn(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}
