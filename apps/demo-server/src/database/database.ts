import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteDialect, type Generated } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'

/** Tables of the server's own database. */
export interface Schema {
  readonly secret_change: SecretChangeTable
}

/** One row for each secret that was set or deleted through the server; never a value. */
export interface SecretChangeTable {
  readonly id: Generated<number>
  /** ISO 8601, UTC. */
  readonly changed_at: string
  readonly action: 'set' | 'deleted'
  readonly secret_key: string
}

/** The server's own database. */
export type Database = Kysely<Schema>

/**
 * Opens the database file, made when it is not there, and brings its tables up to date.
 *
 * @throws Error when it cannot be opened or migrated; the file is left as it is.
 */
export async function openDatabase(path: string): Promise<Database> {
  // SQLite makes the file with the process's mask, and its journal with the mode of the file.
  closeSync(openSync(path, 'a', 0o600))
  const database = new Kysely<Schema>({ dialect: new SqliteDialect({ database: openSqlite(path) }) })
  try {
    const { error } = await new Migrator({
      db: database,
      provider: { getMigrations: async () => migrations },
    }).migrateToLatest()
    if (error !== undefined) throw error
    return database
  } catch (error) {
    await database.destroy()
    throw error
  }
}

/** `node:sqlite` in the shape that Kysely's dialect asks for. */
function openSqlite(path: string): ConstructorParameters<typeof SqliteDialect>[0]['database'] & object {
  const database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
  } catch (error) {
    database.close()
    throw error
  }
  return {
    close: () => database.close(),
    prepare: sql => {
      const statement = database.prepare(sql)
      return {
        reader: statement.columns().length > 0,
        all: parameters => statement.all(...inputs(parameters)),
        run: parameters => statement.run(...inputs(parameters)),
        iterate: parameters => statement.iterate(...inputs(parameters)),
      }
    },
  }
}

function inputs(parameters: readonly unknown[]): SQLInputValue[] {
  // Kysely passes on what the queries of this app bind, and their types allow only text and numbers.
  return parameters as SQLInputValue[]
}
