import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Kysely } from 'kysely'
import { migrate } from '../database/migrate.ts'
import { migrations } from '../database/migrations.ts'
import type { Schema } from '../database/schema.ts'
import { NodeSqliteDialect } from '../database/sqlite-dialect.ts'
import { sqliteFailure } from '../database/sqlite-failure.ts'
import { BackupError } from './backup-error.ts'
import { type BackupHeader, type BackupTrailer, tablesLeftOut } from './backup-format.ts'
import { type BackupPart, readBackup } from './read-backup.ts'

/** A backup in a database of its own, whose tables are up to date. */
export interface StagedBackup extends AsyncDisposable {
  readonly header: BackupHeader
  readonly trailer: BackupTrailer
  /** SQLite, whatever it came from and goes to. */
  readonly database: Kysely<Schema>
}

/**
 * Loads a backup into a database of its own, where it can be looked at before anything takes its place. One of an older
 * version is brought up to date there.
 *
 * @param folder - For the file of that database.
 * @throws BackupError `not_a_backup`, `newer`, `damaged`, `unavailable`
 */
export async function stageBackup(path: string, folder: string): Promise<StagedBackup> {
  const file = join(folder, 'staged.db')
  const database = new Kysely<Schema>({ dialect: new NodeSqliteDialect(file, 'write') })
  try {
    const { header, trailer } = await load(path, file, database)
    await database.transaction().execute(transaction => migrate(transaction))
    return { header, trailer, database, [Symbol.asyncDispose]: () => database.destroy() }
  } catch (error) {
    await database.destroy()
    throw error
  }
}

async function load(
  path: string,
  file: string,
  database: Kysely<Schema>,
): Promise<Pick<StagedBackup, 'header' | 'trailer'>> {
  let loading: Loading | undefined
  try {
    for await (const part of readBackup(path)) {
      if (part.kind === 'header') await makeTables(database, part.header)
      if (part.kind === 'header') loading = new Loading(file, part.header)
      else await loading?.add(part)
    }
    // What was read has a header and a trailer, or is refused by the reader.
    if (loading === undefined) throw new BackupError('not_a_backup')
    return { header: loading.header, trailer: loading.finish() }
  } catch (error) {
    throw failureOf(error)
  } finally {
    loading?.close()
  }
}

/** What a row breaks is told without its values. */
function failureOf(error: unknown): unknown {
  const failure = sqliteFailure(error)
  return failure === error || isOfDisk(failure) ? failure : new BackupError('damaged', 'a row breaks the rules')
}

function isOfDisk(failure: unknown): boolean {
  return (
    failure instanceof Error && 'kind' in failure && ['full', 'unavailable', 'read_only'].includes(String(failure.kind))
  )
}

/** As they were when the backup was made. */
async function makeTables(database: Kysely<Schema>, header: BackupHeader): Promise<void> {
  if (header.migrations.some(name => !Object.hasOwn(migrations, name))) throw new BackupError('newer')
  const done = new Set(header.migrations)
  const known = Object.fromEntries(Object.entries(migrations).filter(([name]) => done.has(name)))
  await database.transaction().execute(transaction => migrate(transaction, known))
}

/** Puts rows into the file, in one transaction. Kysely would take ten times as long for each of them. */
class Loading {
  readonly header: BackupHeader
  readonly #file: DatabaseSync
  readonly #tables: readonly LoadedTable[]
  #count = 0
  #trailer: BackupTrailer | undefined

  constructor(file: string, header: BackupHeader) {
    this.header = header
    this.#file = new DatabaseSync(file, { timeout: 5000, enableForeignKeyConstraints: false })
    try {
      this.#tables = header.tables.map(table => new LoadedTable(this.#file, table))
      if (new Set(header.tables.map(({ name }) => name)).size < this.#tables.length) throw damagedTable('twice')
      this.#file.exec('begin immediate')
    } catch (error) {
      this.#file.close()
      throw error
    }
  }

  async add(part: Exclude<BackupPart, { readonly kind: 'header' }>): Promise<void> {
    if (part.kind === 'trailer') {
      this.#trailer = part.trailer
      return
    }
    const [number, ...values] = part.row
    const table = typeof number === 'number' ? this.#tables[number] : undefined
    if (table === undefined) throw damagedTable('unknown')
    table.add(values)
    this.#count += 1
    // SQLite answers at once: whatever came in meanwhile goes first.
    if (this.#count % 1000 === 0) await setImmediate()
  }

  /** Sees to it that all rows are there, and those that they belong to. */
  finish(): BackupTrailer {
    const { rows } = this.#trailer ?? { rows: [] }
    const isWhole = rows.length === this.#tables.length && this.#tables.every(({ count }, at) => count === rows[at])
    if (this.#trailer === undefined || !isWhole) throw new BackupError('damaged', 'rows are missing')
    this.#file.exec('commit')
    const broken = this.#file.prepare('pragma foreign_key_check').get()
    if (broken !== undefined) throw new BackupError('damaged', 'rows belong to none')
    return this.#trailer
  }

  close(): void {
    // What was not committed is undone.
    this.#file.close()
  }
}

class LoadedTable {
  count = 0
  readonly #insert: StatementSync
  readonly #types: readonly string[]

  constructor(file: DatabaseSync, { name, columns }: BackupHeader['tables'][number]) {
    const types = new Map(
      file
        .prepare('select name, type from pragma_table_info(?)')
        .all(name)
        .map(column => [String(column['name']), String(column['type']).toLowerCase()]),
    )
    const isKnown = columns.every(column => types.has(column)) && new Set(columns).size === columns.length
    if (!isKnown || tablesLeftOut.has(name)) throw damagedTable(name)
    this.#types = columns.map(column => types.get(column) ?? '')
    const names = columns.map(column => `"${column}"`).join(', ')
    this.#insert = file.prepare(`insert into "${name}" (${names}) values (${columns.map(() => '?').join(', ')})`)
  }

  add(values: readonly unknown[]): void {
    if (values.length !== this.#types.length) throw new BackupError('damaged', 'a row of another length')
    this.#insert.run(...values.map((value, at) => stored(value, this.#types[at])))
    this.count += 1
  }
}

/** SQLite would keep anything in any column. */
function stored(value: unknown, type: string | undefined): SQLInputValue {
  if (value === null) return null
  if (type === 'text' && typeof value === 'string') return value
  if (type === 'boolean' && typeof value === 'boolean') return Number(value)
  if ((type === 'integer' || type === 'bigint') && Number.isSafeInteger(value)) return Number(value)
  throw new BackupError('damaged', 'a value of another type')
}

function damagedTable(name: string): BackupError {
  return new BackupError('damaged', `table ${name}`)
}
