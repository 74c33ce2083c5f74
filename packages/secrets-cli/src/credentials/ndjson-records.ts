import { jsonMembers } from './json-members.ts'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { type OnBytes, textLines } from './text-chunks.ts'
import type { TokenFile, TokenRecord } from './token-record.ts'

const byteOrderMark = '\uFEFF'

/**
 * The lines of a file of JSON objects. Blank lines are records without a token.
 *
 * @throws CliError for a line that is no object, has the member more than once or not as text, and for a file in
 * which no line has it.
 */
export async function* ndjsonRecords(file: TokenFile, onBytes?: OnBytes): AsyncGenerator<TokenRecord> {
  let line = 0
  let isNamed = false
  for await (const text of textLines(file.path, onBytes)) {
    line += 1
    const found = recordOf(text, line, file)
    isNamed ||= found.isNamed
    yield found.record
  }
  if (!isNamed && line > 0) {
    throw new CliError(
      exitCodes.unusable,
      `No line of ${file.path} has a member "${file.member}".`,
      'Check the name of the member.',
    )
  }
}

interface FoundRecord {
  readonly record: TokenRecord
  readonly isNamed: boolean
}

function recordOf(text: string, line: number, file: TokenFile): FoundRecord {
  // JSON knows no mark; what stands at the beginning of a file may have one.
  const object = line === 1 && text.startsWith(byteOrderMark) ? ` ${text.slice(1)}` : text
  if (object.trim() === '') return { record: new NdjsonRecord({ line, text, values: {} }), isNamed: false }
  const values = parsedObject(object)
  if (values === undefined) throw lineFailure(file, line, 'is no JSON object')
  const named = jsonMembers(object).filter(({ name }) => name === file.member)
  if (named.length > 1) throw lineFailure(file, line, `has the member "${file.member}" more than once`)
  const [span] = named
  const token = span && tokenOf(values[file.member])
  if (token === null) throw lineFailure(file, line, `has no text as "${file.member}"`)
  return { record: new NdjsonRecord({ line, text, values, span, token: token || undefined }), isNamed: !!span }
}

/** `null` for what is neither text nor JSON's own `null`, which is the same as none. */
function tokenOf(value: unknown): string | undefined | null {
  if (value === null) return undefined
  return typeof value === 'string' ? value : null
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // An object's members may be anything.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    // What it says quotes the text.
    return undefined
  }
}

function lineFailure({ path }: TokenFile, line: number, problem: string): CliError {
  return new CliError(exitCodes.unusable, `Line ${line} of ${path} ${problem}.`, 'Mend the file; nothing was changed.')
}

interface NdjsonParts {
  readonly line: number
  readonly text: string
  readonly values: Readonly<Record<string, unknown>>
  readonly span?: { readonly start: number; readonly end: number } | undefined
  readonly token?: string | undefined
}

class NdjsonRecord implements TokenRecord {
  readonly line: number
  readonly text: string
  readonly token: string | undefined
  readonly isData: boolean
  readonly #parts: NdjsonParts

  constructor(parts: NdjsonParts) {
    this.line = parts.line
    this.text = parts.text
    this.token = parts.token
    this.isData = parts.text.trim() !== ''
    this.#parts = parts
  }

  member(name: string): string | undefined {
    const value = Object.hasOwn(this.#parts.values, name) ? this.#parts.values[name] : undefined
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }

  with(token: string): string {
    const { text, span } = this.#parts
    if (!span) throw new TypeError('a record without a token cannot be given another')
    return text.slice(0, span.start) + JSON.stringify(token) + text.slice(span.end)
  }
}
