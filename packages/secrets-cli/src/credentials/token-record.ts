/** One record of a file of tokens: a line of NDJSON, a row of CSV. */
export interface TokenRecord {
  /** Line on which it begins, counted from 1. */
  readonly line: number
  /** As it is in the file, with its line ending. */
  readonly text: string
  /** What is stored; `undefined` where there is none, as in a header, a blank line, or a record whose token is empty. */
  readonly token: string | undefined
  /** Whether it is a record of data at all: no header, no blank line. */
  readonly isData: boolean
  /** Text of another member; `undefined` when the record has none of that name, or it is no text and no number. */
  member(name: string): string | undefined
  /** {@link TokenRecord.text} with something else in the place of the token, which it must have. */
  with(token: string): string
}

/** A file of tokens, and where in its records they are. */
export interface TokenFile {
  /** Of the file. */
  readonly path: string
  /** How its records are written. */
  readonly type: 'ndjson' | 'csv'
  /** Member or column that holds the token. */
  readonly member: string
  /** Character between the columns of CSV. */
  readonly delimiter: string
}
