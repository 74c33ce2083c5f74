/** A field of a row, as it is written. */
export interface CsvField {
  /** Code unit of the row with which it begins, its quote included. */
  readonly start: number
  /** Code unit behind it. */
  readonly end: number
}

/** A row as it is written (RFC 4180). */
export interface CsvRow {
  /** Line on which it begins, counted from 1. */
  readonly line: number
  /** With its line ending. */
  readonly text: string
  /** At least one; one that is empty for a blank line. */
  readonly fields: readonly CsvField[]
}

/** What is wrong with a file of CSV: says nothing of its content. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault'
  /** Counted from 1. */
  readonly line: number

  /**
   * @param line - Counted from 1.
   * @param problem - Ends a sentence that names the line.
   */
  constructor(line: number, problem: string) {
    super(problem)
    this.line = line
  }
}

const [quote, carriageReturn, lineFeed] = [34, 13, 10]

/**
 * Cuts text that comes in chunks into rows. Stricter than most: a quote inside a field without quotes, or text behind a
 * closing one, is a fault, as there are two ways to read it.
 */
export class CsvParser {
  readonly #delimiter: number
  #text = ''
  #place = 0
  /** Where in the text the present row and field begin. */
  #rowStart = 0
  #fieldStart = 0
  #fields: CsvField[] = []
  #line = 1
  #rowLine = 1
  #state: 'start' | 'plain' | 'quoted' | 'closed' | 'returned' = 'start'

  /** @param delimiter - One character. */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0)
  }

  /** Characters of the row that is not finished. */
  get pending(): number {
    return this.#text.length - this.#rowStart
  }

  /** Rows that end in this chunk. */
  *add(chunk: string): Generator<CsvRow> {
    this.#text += chunk
    this.#skipByteOrderMark()
    for (; this.#place < this.#text.length; this.#place += 1) {
      const row = this.#take(this.#text.charCodeAt(this.#place))
      if (row) yield row
    }
    this.#forget()
  }

  /** The row that no line feed ends. */
  *end(): Generator<CsvRow> {
    if (this.#state === 'quoted') throw new CsvFault(this.#rowLine, 'begins a row with a quote that is never closed')
    if (this.pending > 0) yield this.#row(this.#text.length)
  }

  /** One character; the row that it ends. */
  #take(character: number): CsvRow | undefined {
    if (character === lineFeed) this.#line += 1
    if (this.#state === 'quoted') {
      if (character === quote) this.#state = 'closed'
      return undefined
    }
    if (this.#state === 'returned' && character !== lineFeed) throw this.#textBehindQuote()
    if (character === quote) this.#takeQuote()
    else if (character === this.#delimiter) this.#endField(this.#place)
    else if (character === lineFeed) return this.#row(this.#place)
    else this.#takeOther(character)
    return undefined
  }

  #takeQuote(): void {
    if (this.#state === 'plain') throw new CsvFault(this.#line, 'has a quote within a field that has none around it')
    // Two in a row stand for one.
    this.#state = 'quoted'
  }

  #takeOther(character: number): void {
    if (this.#state === 'start') this.#state = 'plain'
    if (this.#state === 'plain') return
    if (character !== carriageReturn) throw this.#textBehindQuote()
    this.#state = 'returned'
  }

  #textBehindQuote(): CsvFault {
    return new CsvFault(this.#line, 'has text behind a closing quote')
  }

  #endField(place: number): void {
    this.#fields.push({ start: this.#fieldStart - this.#rowStart, end: place - this.#rowStart })
    this.#fieldStart = place + 1
    this.#state = 'start'
  }

  #row(end: number): CsvRow {
    const isReturned = this.#text.charCodeAt(end - 1) === carriageReturn && end > this.#fieldStart
    this.#endField(isReturned ? end - 1 : end)
    const text = this.#text.slice(this.#rowStart, end + 1)
    const row = { line: this.#rowLine, text, fields: this.#fields }
    this.#fields = []
    this.#rowStart = end + 1
    this.#fieldStart = end + 1
    this.#rowLine = this.#line
    return row
  }

  #forget(): void {
    this.#text = this.#text.slice(this.#rowStart)
    this.#place -= this.#rowStart
    this.#fieldStart -= this.#rowStart
    this.#rowStart = 0
  }

  /** Part of the row's text, and of no field. */
  #skipByteOrderMark(): void {
    if (this.#place > 0 || this.#line > 1 || !this.#text.startsWith('\uFEFF')) return
    this.#place = 1
    this.#fieldStart = 1
  }
}

/** The text that a field stands for. */
export function csvValue({ text }: CsvRow, { start, end }: CsvField): string {
  const written = text.slice(start, end)
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
}

/** Text as a field; with quotes where it had them or needs them. */
export function csvField(value: string, wasQuoted: boolean, delimiter: string): string {
  const needsQuotes = wasQuoted || value.includes(delimiter) || /["\r\n]/.test(value)
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value
}
