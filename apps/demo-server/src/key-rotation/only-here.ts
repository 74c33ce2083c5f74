import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/**
 * Does something unless another instance on the same database is doing it. The lock belongs to a connection, so that it ends
 * with the process that has it.
 *
 * @returns What `work` gives; `undefined` when it was not done.
 */
export async function onlyHere<T>(database: Database, work: () => Promise<T>): Promise<T | undefined> {
  if (database.kind === 'sqlite') return work()
  return database.reads.connection().execute(async connection => {
    const { rows } = await sql<{ isMine: boolean }>`select pg_try_advisory_lock(${lock}::bigint) as "isMine"`.execute(
      connection,
    )
    if (rows[0]?.isMine !== true) return undefined
    try {
      return await work()
    } finally {
      // It may be lost with its lock; an error here would hide what `work` threw.
      await sql`select pg_advisory_unlock(${lock}::bigint)`.execute(connection).catch(() => undefined)
    }
  })
}

/** Any number that nobody else locks. */
const lock = '7307204136411463542'
