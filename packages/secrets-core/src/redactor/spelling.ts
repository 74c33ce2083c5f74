/** One way in which a value may stand in a text. */
export interface Spelling {
  /** What is looked for. */
  readonly text: string
  /** How what stands next to it is to be read. */
  readonly form: TextForm | Base64Form
}

/** Written character by character, or byte by byte. */
export type TextForm = 'text' | 'hex' | 'spaced-hex' | 'decimal'

/** Written in base64, whose characters hold six bits each. */
export interface Base64Form {
  /** The bytes of the value, a character each. */
  readonly bytes: string
  /** How many bytes stand before the value in its first group of three: 0, 1 or 2. */
  readonly alignment: number
  /** Whether the last bits of the value share a character with what follows, which may be padding. */
  readonly sharesLast: boolean
}
