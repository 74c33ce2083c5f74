import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'
import { GuardedDriver } from './guarded-driver.ts'
import { sqliteFailure } from './sqlite-failure.ts'

/** How a connection to a file is used. */
export type SqliteUse = 'read' | 'write'

/** Kysely's dialect over a file of `node:sqlite`, which is opened when it is first used. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #path: string
  readonly #use: SqliteUse

  constructor(path: string, use: SqliteUse) {
    super({ database: async () => kyselyDatabase(open(path, use)) })
    this.#path = path
    this.#use = use
  }

  override createDriver(): Driver {
    return new GuardedDriver(new ImmediateDriver(this.#path, this.#use), sqliteFailure)
  }
}

/** For how long opening, and a read, may wait while another process recovers or closes the file; it blocks the thread. */
const blockingWaitMs = 1000

function open(path: string, use: SqliteUse): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: blockingWaitMs, enableForeignKeyConstraints: true })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    // A write that finds the lock taken comes back later, and does not keep everybody else waiting meanwhile.
    database.exec(use === 'write' ? 'PRAGMA busy_timeout = 0' : 'PRAGMA query_only = ON')
    return database
  } catch (error) {
    database?.close()
    throw error
  }
}

/** A transaction that writes takes the lock when it begins: one that only read before could not get it any more. */
class ImmediateDriver extends SqliteDriver {
  readonly #opened: { database?: DatabaseSync }
  readonly #begin: 'begin' | 'begin immediate'

  constructor(path: string, use: SqliteUse) {
    const opened: { database?: DatabaseSync } = {}
    super({
      database: async () => {
        opened.database = open(path, use)
        return kyselyDatabase(opened.database)
      },
    })
    this.#opened = opened
    this.#begin = use === 'write' ? 'begin immediate' : 'begin'
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(this.#begin))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite has ended it by itself after some failures, a full disk among them (https://sqlite.org/lang_transaction.html).
    if (this.#opened.database?.isTransaction === true) await super.rollbackTransaction(connection)
  }
}

function kyselyDatabase(database: DatabaseSync): Exclude<SqliteDialectConfig['database'], (...args: never) => unknown> {
  return {
    close: () => database.close(),
    prepare: sql => kyselyStatement(database.prepare(sql)),
  }
}

function kyselyStatement(statement: StatementSync): SqliteStatement {
  const columns = statement.columns()
  const booleans = columns.filter(({ type }) => type?.toLowerCase() === 'boolean').map(({ name }) => name)
  const read = (row: object): object => withBooleans(row, booleans)
  return {
    reader: columns.length > 0,
    all: parameters => statement.all(...inputs(parameters)).map(read),
    run: parameters => statement.run(...inputs(parameters)),
    *iterate(parameters) {
      for (const row of statement.iterate(...inputs(parameters))) yield read(row)
    },
  }
}

/** Rows as PostgreSQL's client gives them: ordinary objects, with booleans. */
function withBooleans(row: object, columns: readonly string[]): object {
  const copy: Record<string, unknown> = { ...row }
  for (const name of columns) if (typeof copy[name] === 'number') copy[name] = copy[name] !== 0
  return copy
}

function inputs(parameters: readonly unknown[]): SQLInputValue[] {
  // The types of the tables allow text, numbers, booleans and null, and the first two and the last are bound as they are.
  return parameters.map(value => (typeof value === 'boolean' ? Number(value) : value)) as SQLInputValue[]
}
