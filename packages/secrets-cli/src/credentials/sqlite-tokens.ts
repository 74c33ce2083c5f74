import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { ReencryptChange } from '@st/credential-crypto'
import { fileStats, realPath } from './rotate-file.ts'
import { CliError } from '../cli-error.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'

/** A column of tokens. */
export interface TokenColumn {
  /** Of the database. */
  readonly path: string
  /** Name of the table. */
  readonly table: string
  /** Name of the column. */
  readonly column: string
}

/** A row of a table of tokens. */
export interface TokenRow {
  /** Its row id. */
  readonly id: bigint
  /** What is stored; `undefined` for NULL and for no text at all. */
  readonly token: string | undefined
  /** Whether it holds something that is no text. */
  readonly isOdd: boolean
  /** Another column as text; `undefined` when it was not asked for, or is NULL or bytes. */
  member(name: string): string | undefined
}

/** Rows that are read at once, and changed in one transaction. */
const batchSize = 500

/** How {@link SqliteTokens.open} opens a database. */
export interface OpenTokensOptions {
  /** Further columns whose text is needed. */
  readonly members: readonly string[]
  /** Whether nothing is to be written. */
  readonly isReadOnly: boolean
  /** Milliseconds for which somebody else's transaction is waited for. Default: 5000. */
  readonly lockTimeoutMs?: number | undefined
}

/** What SQLite answers, by its result codes: https://www.sqlite.org/rescode.html */
const failures: ReadonlyMap<number, readonly [exitCode: ExitCode, problem: string, hint: string]> = new Map([
  [
    5,
    [
      exitCodes.conflict,
      'is locked by another process',
      'Run it again when that is done; what was changed stays changed.',
    ],
  ],
  [6, [exitCodes.conflict, 'is locked', 'Run it again.']],
  [8, [exitCodes.unusable, 'may not be written to', 'Check the owner and mode of the file and its folder.']],
  [10, [exitCodes.unexpected, 'cannot be read or written: the disk fails or is full', 'Make room, and run it again.']],
  [11, [exitCodes.unusable, 'is damaged', 'Restore it from a backup.']],
  [13, [exitCodes.unexpected, 'cannot grow: the disk is full', 'Make room, and run it again.']],
  [14, [exitCodes.unusable, 'cannot be opened', 'Check the owner and mode of the file and its folder.']],
  [26, [exitCodes.unusable, 'is no SQLite database', 'Check the path, or name the type of the file.']],
])

/**
 * A column of tokens in an SQLite database. Other processes may use the database meanwhile, in any journal mode: nothing
 * is read while something is written, and no transaction lasts longer than one batch.
 */
export class SqliteTokens {
  readonly #database: DatabaseSync
  readonly #subject: TokenColumn
  /** Name under which the table has its row ids, as no column of it is called. */
  readonly #rowId: string
  readonly #members: readonly string[]

  private constructor(database: DatabaseSync, subject: TokenColumn, members: readonly string[]) {
    this.#database = database
    const columns = tableColumns(database, subject)
    this.#subject = { ...subject, column: existing(columns, subject.column, subject) }
    for (const member of members) existing(columns, member, subject)
    this.#members = members
    this.#rowId = rowIdName(columns)
  }

  /**
   * Opens a database that exists.
   *
   * @throws CliError when it is no database, or has no such table of rows, or the table no such columns.
   */
  static async open(given: TokenColumn, options: OpenTokensOptions): Promise<SqliteTokens> {
    const { members, isReadOnly, lockTimeoutMs = 5000 } = options
    const subject = { ...given, path: await realPath(given.path) }
    // SQLite would make the file.
    await fileStats(subject.path)
    const Database = loadSqlite()
    return guarded(subject.path, () => {
      const database = new Database(subject.path, { readOnly: isReadOnly })
      try {
        database.exec(`PRAGMA busy_timeout = ${lockTimeoutMs}; PRAGMA synchronous = FULL`)
        return new SqliteTokens(database, subject, members)
      } catch (error) {
        database.close()
        throw error
      }
    })
  }

  /** How many rows the table has. */
  count(): number {
    const { path, table } = this.#subject
    return guarded(path, () => {
      const row = this.#database.prepare(`SELECT count(*) AS n FROM ${quoted(table)}`).get()
      return Number(row?.['n'])
    })
  }

  /** All rows, in the order of their ids, a batch at a time. */
  *batches(): Generator<readonly TokenRow[]> {
    const { path, table, column } = this.#subject
    const members = this.#members.map((name, index) => `, ${quoted(name)} AS m${index}`).join('')
    const sql = `SELECT ${this.#rowId} AS id, ${quoted(column)} AS token${members} FROM ${quoted(table)}
      WHERE ${this.#rowId} > ? ORDER BY ${this.#rowId} LIMIT ${batchSize}`
    const statement = guarded(path, () => this.#database.prepare(sql))
    statement.setReadBigInts(true)
    // The least row id is no row's predecessor.
    for (let last = -(2n ** 63n); ;) {
      const rows = guarded(path, () => statement.all(last)).map(row => new SqliteRow(row, this.#members))
      if (rows.length > 0) yield rows
      if (rows.length < batchSize) return
      last = rows.at(-1)?.id ?? last
    }
  }

  /**
   * Stores new tokens in one transaction, each only where the old one still is.
   *
   * @returns How many were stored.
   */
  update(changes: readonly ReencryptChange<TokenRow>[]): number {
    const { path, table, column } = this.#subject
    return guarded(path, () => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        const sql = `UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE ${this.#rowId} = ? AND ${quoted(column)} = ?`
        const statement = this.#database.prepare(sql)
        let stored = 0
        for (const { row, token } of changes) stored += Number(statement.run(token, row.id, row.token ?? null).changes)
        this.#database.exec('COMMIT')
        return stored
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Closes the database. */
  close(): void {
    this.#database.close()
  }
}

class SqliteRow implements TokenRow {
  readonly id: bigint
  readonly token: string | undefined
  readonly isOdd: boolean
  readonly #row: Readonly<Record<string, SQLOutputValue>>
  readonly #members: readonly string[]

  constructor(row: Readonly<Record<string, SQLOutputValue>>, members: readonly string[]) {
    const { id, token } = row
    this.id = BigInt(String(id))
    this.token = typeof token === 'string' && token !== '' ? token : undefined
    this.isOdd = token !== null && typeof token !== 'string'
    this.#row = row
    this.#members = members
  }

  member(name: string): string | undefined {
    const value = this.#row[`m${this.#members.indexOf(name)}`]
    return value === null || value === undefined || typeof value === 'object' ? undefined : String(value)
  }
}

/** Loaded when it is needed. Before it was out of trial, Node warned of it on the user's terminal. */
function loadSqlite(): typeof DatabaseSync {
  const warning = Object.getOwnPropertyDescriptor(process, 'emitWarning')
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:sqlite').DatabaseSync
  } finally {
    if (warning) Object.defineProperty(process, 'emitWarning', warning)
  }
}

function tableColumns(database: DatabaseSync, { path, table }: TokenColumn): readonly string[] {
  const facts = database.prepare('SELECT type, wr FROM pragma_table_list(?)').get(table)
  if (facts === undefined) throw new CliError(exitCodes.unusable, `${path} has no table "${table}".`, 'Check its name.')
  if (facts['type'] !== 'table' || facts['wr'] !== 0) {
    throw new CliError(
      exitCodes.unusable,
      `"${table}" of ${path} is no table with row ids.`,
      'Views and tables WITHOUT ROWID are not supported.',
    )
  }
  return database
    .prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
    .all(table)
    .map(({ name }) => String(name))
}

/** SQLite compares names without regard to case. */
function existing(columns: readonly string[], wanted: string, { path, table }: TokenColumn): string {
  const found = columns.find(name => name.toLowerCase() === wanted.toLowerCase())
  if (found !== undefined) return found
  throw new CliError(exitCodes.unusable, `Table "${table}" of ${path} has no column "${wanted}".`, 'Check its name.')
}

function rowIdName(columns: readonly string[]): string {
  const taken = columns.map(name => name.toLowerCase())
  const name = ['rowid', '_rowid_', 'oid'].find(alias => !taken.includes(alias))
  if (name !== undefined) return name
  throw new CliError(exitCodes.unusable, 'The table has columns by all names of its row id.')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** What SQLite says may quote what is stored. */
function guarded<T>(path: string, use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error)) throw error
    const code = Number(error.errcode)
    const [exitCode, problem, hint] = failures.get(code & 0xff) ?? [
      exitCodes.unexpected,
      `fails (SQLite ${code})`,
      'Run it again.',
    ]
    throw new CliError(exitCode, `${path} ${problem}.`, hint)
  }
}
