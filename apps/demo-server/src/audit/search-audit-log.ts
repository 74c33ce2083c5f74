import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { auditCondition, type AuditFilter } from './audit-filter.ts'
import type { AuditEntryTable } from './audit-tables.ts'

/** Takes some milliseconds. */
const entriesAtOnce = 5000

/**
 * Finds entries by a filter that no index helps with: looks at all of them, a part at a time, because an embedded database
 * keeps everybody else waiting while it looks.
 *
 * @returns The newest that match and are older than `before`, `limit` of them, and how many match in all.
 */
export async function searchAuditLog(
  database: Kysely<Schema>,
  filter: AuditFilter,
  { limit, before = Infinity }: { readonly limit: number; readonly before?: number | undefined },
): Promise<{ readonly rows: readonly AuditEntryTable[]; readonly total: number }> {
  const { first, last } = await ends(database)
  const found: number[] = []
  let total = 0
  for (let to = last; to >= first; to -= entriesAtOnce) {
    const matching = await database
      .selectFrom('audit_entry')
      .select('sequence')
      .where('sequence', '>', to - entriesAtOnce)
      .where('sequence', '<=', to)
      .where(eb => auditCondition(eb, filter))
      .orderBy('sequence', 'desc')
      .execute()
    total += matching.length
    const older = matching.filter(({ sequence }) => sequence < before).slice(0, limit - found.length)
    found.push(...older.map(({ sequence }) => sequence))
    await nextTurn()
  }
  return { rows: await readRows(database, found), total }
}

async function ends(database: Kysely<Schema>): Promise<{ readonly first: number; readonly last: number }> {
  const { first, last } = await database
    .selectFrom('audit_entry')
    .select(({ fn }) => [fn.min('sequence').as('first'), fn.max('sequence').as('last')])
    .executeTakeFirstOrThrow()
  return { first: first ?? 1, last: last ?? 0 }
}

async function readRows(database: Kysely<Schema>, sequences: readonly number[]): Promise<readonly AuditEntryTable[]> {
  if (sequences.length === 0) return []
  return database
    .selectFrom('audit_entry')
    .selectAll()
    .where('sequence', 'in', sequences)
    .orderBy('sequence', 'desc')
    .execute()
}
