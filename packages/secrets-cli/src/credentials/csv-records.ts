import { CsvFault, type CsvField, csvField, CsvParser, type CsvRow, csvValue } from './csv-parser.ts'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { longestRecord, type OnBytes, recordTooLong, textChunks } from './text-chunks.ts'
import type { TokenFile, TokenRecord } from './token-record.ts'

/**
 * The rows of a file of CSV whose first row names the columns. That row and blank lines are records without a token.
 *
 * @throws CliError for a file without the column or with it twice, and for a row that is not RFC 4180 or has another
 * number of fields than the first.
 */
export async function* csvRecords(file: TokenFile, onBytes?: OnBytes): AsyncGenerator<TokenRecord> {
  let header: CsvHeader | undefined
  for await (const row of csvRows(file, onBytes)) {
    if (header === undefined) {
      header = headerOf(row, file)
      yield new CsvRecord(row, header, undefined)
    } else {
      yield new CsvRecord(row, header, tokenField(row, header, file))
    }
  }
}

interface CsvHeader {
  readonly names: readonly string[]
  readonly index: number
  readonly delimiter: string
}

async function* csvRows(file: TokenFile, onBytes: OnBytes | undefined): AsyncGenerator<CsvRow> {
  const parser = new CsvParser(file.delimiter)
  try {
    for await (const chunk of textChunks(file.path, onBytes)) {
      yield* parser.add(chunk)
      if (parser.pending > longestRecord) throw recordTooLong(file.path)
    }
    yield* parser.end()
  } catch (error) {
    if (error instanceof CsvFault) throw lineFailure(file, error.line, error.message)
    throw error
  }
}

function headerOf(row: CsvRow, { path, member, delimiter }: TokenFile): CsvHeader {
  const names = row.fields.map(field => csvValue(row, field))
  const index = names.indexOf(member)
  if (index === -1) {
    throw new CliError(
      exitCodes.unusable,
      `${path} has no column "${member}".`,
      'Check its name in the first line, and the delimiter.',
    )
  }
  if (names.lastIndexOf(member) !== index)
    throw new CliError(exitCodes.unusable, `${path} has the column "${member}" more than once.`)
  return { names, index, delimiter }
}

function tokenField(row: CsvRow, { names, index }: CsvHeader, file: TokenFile): CsvField | undefined {
  const { fields, line, text } = row
  if (text.trim() === '') return undefined
  if (fields.length !== names.length) {
    throw lineFailure(file, line, `begins a row of ${fields.length} fields, and the first row has ${names.length}`)
  }
  return fields[index]
}

function lineFailure({ path }: TokenFile, line: number, problem: string): CliError {
  return new CliError(exitCodes.unusable, `Line ${line} of ${path} ${problem}.`, 'Mend the file; nothing was changed.')
}

class CsvRecord implements TokenRecord {
  readonly line: number
  readonly text: string
  readonly token: string | undefined
  readonly isData: boolean
  readonly #row: CsvRow
  readonly #header: CsvHeader
  readonly #field: CsvField | undefined

  constructor(row: CsvRow, header: CsvHeader, field: CsvField | undefined) {
    this.line = row.line
    this.text = row.text
    this.token = (field && csvValue(row, field)) || undefined
    this.isData = field !== undefined
    this.#row = row
    this.#header = header
    this.#field = field
  }

  member(name: string): string | undefined {
    const field = this.#row.fields[this.#header.names.indexOf(name)]
    return field && csvValue(this.#row, field)
  }

  with(token: string): string {
    if (!this.#field) throw new TypeError('a record without a token cannot be given another')
    const { start, end } = this.#field
    const written = csvField(token, this.text[start] === '"', this.#header.delimiter)
    return this.text.slice(0, start) + written + this.text.slice(end)
  }
}
