import { Kysely } from 'kysely'
import { Database } from './database.ts'
import { PooledPostgresDialect } from './postgres-dialect.ts'
import { postgresFailure } from './postgres-failure.ts'
import { PostgresInvalidations } from './postgres-invalidations.ts'
import type { Schema } from './schema.ts'

/**
 * Connects to a PostgreSQL, whose tables may not be up to date yet.
 *
 * @param url - `postgres://…`; its password is never told.
 * @throws DatabaseError when it cannot be reached; TypeError for an address that cannot be read.
 */
export async function openPostgres(url: string, connections: number, lockWaitMs: number): Promise<Database> {
  // What `pg` would say about an address that it cannot read quotes it, with its password.
  if (!URL.canParse(url))
    throw new TypeError('The address of the database is not of the form postgres://user@host/name')
  const invalidations = new PostgresInvalidations(url)
  try {
    await invalidations.start()
  } catch (error) {
    throw postgresFailure(error)
  }
  const pool = new Kysely<Schema>({ dialect: new PooledPostgresDialect(url, { connections, lockWaitMs }) })
  return new Database({ kind: 'postgres', reads: pool, writes: pool, invalidations, lockWaitMs })
}
