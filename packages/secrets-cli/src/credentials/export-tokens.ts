import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { CredentialCipher } from '@st/credential-crypto'
import { fileStats, realPath } from './rotate-file.ts'
import type { ContextChoice } from './row-context.ts'
import { SqliteTokens, type TokenColumn, type TokenRow } from './sqlite-tokens.ts'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import type { TokenFile, TokenRecord } from './token-record.ts'
import { tokenRecords } from './token-records.ts'
import { attempt, type OnProgress, type TokenProblem } from './token-report.ts'

/** How tokens are exported. */
export interface ExportOptions {
  /** Reads them. */
  readonly cipher: CredentialCipher
  /** What they are bound to. */
  readonly context: ContextChoice
  /** Takes what is exported: plaintexts. */
  write(text: string): Promise<void>
  /** Is told how far it has come. */
  readonly onProgress?: OnProgress | undefined
  /** Ends it between two records. */
  readonly signal?: AbortSignal | undefined
}

/** What was exported. Holds no plaintext. */
export interface ExportReport {
  /** Credentials that were written. */
  readonly exported: number
  /** Records whose token could not be decrypted. Where there are any, nothing was written. */
  readonly problems: readonly TokenProblem[]
}

/**
 * Writes a file of tokens as it is, with the plaintexts in the place of the tokens. All are decrypted before the first is
 * written.
 *
 * @throws CliError when the file is not what it should be.
 */
export async function exportFile(given: TokenFile, options: ExportOptions): Promise<ExportReport> {
  const file = { ...given, path: await realPath(given.path) }
  const total = Number((await fileStats(file.path)).size)
  const { onProgress, signal } = options
  const records = (phase: 'checking' | 'exporting'): AsyncGenerator<TokenRecord> =>
    tokenRecords(file, done => {
      signal?.throwIfAborted()
      onProgress?.({ phase, done, total })
    })
  const problems: TokenProblem[] = []
  for await (const record of records('checking')) {
    const result = decrypted(record, options)
    if ('kind' in result) problems.push({ place: `line ${record.line}`, kind: result.kind })
  }
  if (problems.length > 0) return { exported: 0, problems }
  let exported = 0
  for await (const record of records('exporting')) {
    const result = decrypted(record, options)
    if ('kind' in result) throw changedMeanwhile(file.path)
    await options.write(result.value === undefined ? record.text : record.with(result.value))
    if (result.value !== undefined) exported += 1
  }
  return { exported, problems }
}

/**
 * Writes the tokens of a column as NDJSON: each row's id, the columns that its context is made of, and the plaintext
 * under the name of the column. Rows without a token are left out.
 *
 * @throws CliError when the database, table or column is not what it should be.
 */
export async function exportSqlite(subject: TokenColumn, options: ExportOptions): Promise<ExportReport> {
  const members = Object.values(options.context.members)
  const table = await SqliteTokens.open(subject, { members, isReadOnly: true })
  try {
    return await exportRows(table, { subject, members, options })
  } finally {
    table.close()
  }
}

interface RowExport {
  readonly subject: TokenColumn
  readonly members: readonly string[]
  readonly options: ExportOptions
}

async function exportRows(table: SqliteTokens, work: RowExport): Promise<ExportReport> {
  const { onProgress, signal } = work.options
  const total = table.count()
  const problems: TokenProblem[] = []
  let exported = 0
  for (const phase of ['checking', 'exporting'] as const) {
    let done = 0
    for (const batch of table.batches()) {
      signal?.throwIfAborted()
      if (phase === 'checking') problems.push(...batch.flatMap(row => problemOf(row, work.options)))
      else exported += await writeRows(batch, work)
      done += batch.length
      onProgress?.({ phase, done, total })
      // So that an interruption is heard.
      await turnOfTheLoop()
    }
    if (problems.length > 0) break
  }
  return { exported, problems }
}

function problemOf(row: TokenRow, options: ExportOptions): readonly TokenProblem[] {
  const place = `row ${row.id}`
  if (row.isOdd) return [{ place, kind: 'no_text' }]
  const result = decrypted(row, options)
  return 'kind' in result ? [{ place, kind: result.kind }] : []
}

async function writeRows(rows: readonly TokenRow[], { subject, members, options }: RowExport): Promise<number> {
  let count = 0
  for (const row of rows) {
    const result = decrypted(row, options)
    if ('kind' in result) throw changedMeanwhile(subject.path)
    if (result.value === undefined) continue
    const context = Object.fromEntries(members.map(name => [name, row.member(name)]))
    const line = { rowid: String(row.id), ...context, [subject.column]: result.value }
    await options.write(`${JSON.stringify(line)}\n`)
    count += 1
  }
  return count
}

function decrypted(
  record: Pick<TokenRow, 'token' | 'member'>,
  { cipher, context }: ExportOptions,
): ReturnType<typeof attempt<string | undefined>> {
  const { token } = record
  if (token === undefined) return { value: undefined }
  return attempt(record, context, bound => cipher.decrypt(token, bound))
}

function changedMeanwhile(path: string): CliError {
  return new CliError(
    exitCodes.conflict,
    `${path} was changed while it was exported; what was written is not all of it.`,
    'Run it again.',
  )
}
