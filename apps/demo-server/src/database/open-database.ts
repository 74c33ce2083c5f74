import { closeSync, openSync } from 'node:fs'
import { Kysely } from 'kysely'
import { Database } from './database.ts'
import { DatabaseError } from './database-error.ts'
import { noInvalidations } from './invalidations.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import { NodeSqliteDialect } from './sqlite-dialect.ts'

/** Options of {@link openDatabase}. */
export interface DatabaseOptions {
  /** For how many seconds a write is tried again while another process is in its way. Default 5. */
  readonly lockWait?: number | undefined
  /** Most connections to PostgreSQL, besides the one that listens. Default 10. */
  readonly connections?: number | undefined
}

/**
 * Opens the database and brings its tables up to date.
 *
 * @param location - `postgres://…`, or else the path of a file, which is made when it is not there.
 * @throws DatabaseError when it cannot be opened or migrated; what is there is left as it is.
 */
export async function openDatabase(location: string, options: DatabaseOptions = {}): Promise<Database> {
  const lockWaitMs = (options.lockWait ?? 5) * 1000
  const database = /^postgres(ql)?:\/\//.test(location)
    ? await openPostgres(location, options.connections ?? 10, lockWaitMs)
    : openSqlite(location, lockWaitMs)
  try {
    await database.migrate(migrate)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function openPostgres(url: string, connections: number, lockWaitMs: number): Promise<Database> {
  // Its client is not loaded where it is not needed.
  const postgres = await import('./open-postgres.ts')
  return postgres.openPostgres(url, connections, lockWaitMs)
}

function openSqlite(path: string, lockWaitMs: number): Database {
  createOwnFile(path)
  const writes = new Kysely<Schema>({ dialect: new NodeSqliteDialect(path, 'write') })
  const openReads = (): Kysely<Schema> => new Kysely<Schema>({ dialect: new NodeSqliteDialect(path, 'read') })
  const parts = { reads: openReads(), writes, openReads, invalidations: noInvalidations, lockWaitMs }
  return new Database({ kind: 'sqlite', ...parts })
}

/** SQLite would make the file with the process's mask; its journal gets the mode of the file. */
function createOwnFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    throw new DatabaseError(code === 'ENOSPC' ? 'full' : code === 'EROFS' ? 'read_only' : 'unavailable', code)
  }
}
