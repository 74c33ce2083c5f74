/** What is wrong with a text, for machines. */
export type TextFaultDetail =
  | 'syntax'
  | 'not_an_object'
  | 'unknown_tag'
  | 'too_deep'
  | 'too_many_aliases'
  | 'not_utf8'
  | 'binary'

const wording: Readonly<Record<TextFaultDetail, (language: string) => string>> = {
  syntax: language => `is not valid ${language}`,
  not_an_object: language => `is valid ${language} but no object of keys and values`,
  unknown_tag: language => `uses a ${language} tag that is not known`,
  too_deep: language => `is ${language} nested too deeply`,
  too_many_aliases: language => `has too many ${language} aliases`,
  not_utf8: () => 'is not UTF-8 text',
  binary: () => 'holds null characters, as no text does',
}

/**
 * A text cannot be read as secrets. Says what and where, and never quotes: the messages of `JSON.parse` and of YAML
 * parsers hold pieces of the text.
 */
export class TextFault extends Error {
  readonly detail: TextFaultDetail
  /** Line and column, where they are known. */
  readonly position: string | undefined

  /**
   * @param detail - What is wrong.
   * @param language - What the text should be: `'JSON'`, `'YAML'`.
   * @param place - Where, when that is known: the text and an offset in it.
   */
  constructor(detail: TextFaultDetail, language: string, place?: { readonly text: string; readonly offset: number }) {
    const position = place && positionText(place)
    super(`${wording[detail](language)}${position === undefined ? '' : ` (${position})`}`)
    this.name = 'TextFault'
    this.detail = detail
    this.position = position
  }
}

function positionText({ text, offset }: { readonly text: string; readonly offset: number }): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}
