import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** The numbers that tables have given out last, by table. */
export type Counters = Readonly<Record<string, number>>

/** Reads them; tables that have given out none may be left out. */
export async function readCounters(
  reads: Kysely<Schema>,
  kind: 'sqlite' | 'postgres',
  tables: readonly string[],
): Promise<Counters> {
  const counters: [string, number][] = []
  for (const table of tables) {
    const last = kind === 'sqlite' ? await sqliteCounter(reads, table) : await postgresCounter(reads, table)
    if (last !== undefined) counters.push([table, last])
  }
  return Object.fromEntries(counters)
}

/** Goes on from them, or from where the tables are if that is further. On PostgreSQL this is not undone with a transaction. */
export async function raiseCounters(
  transaction: Kysely<Schema>,
  kind: 'sqlite' | 'postgres',
  counters: Counters,
): Promise<void> {
  for (const [table, last] of Object.entries(counters)) {
    if (kind === 'sqlite') await raiseSqlite(transaction, table, last)
    else await raisePostgres(transaction, table, last)
  }
}

async function sqliteCounter(reads: Kysely<Schema>, table: string): Promise<number | undefined> {
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`.execute(reads)
  return rows[0]?.seq
}

async function postgresCounter(reads: Kysely<Schema>, table: string): Promise<number | undefined> {
  const sequence = await sequenceOf(reads, table)
  if (sequence === undefined) return undefined
  const { rows } = await sql<{
    last: number | null
  }>`select pg_sequence_last_value(${sequence}::regclass) as last`.execute(reads)
  return rows[0]?.last ?? undefined
}

async function raiseSqlite(transaction: Kysely<Schema>, table: string, last: number): Promise<void> {
  const { numAffectedRows } =
    await sql`update sqlite_sequence set seq = max(seq, ${last}) where name = ${table}`.execute(transaction)
  if (numAffectedRows === 0n) {
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(transaction)
  }
}

async function raisePostgres(transaction: Kysely<Schema>, table: string, last: number): Promise<void> {
  const sequence = await sequenceOf(transaction, table)
  if (sequence === undefined || last === 0) return
  await sql`
    select setval(${sequence}::regclass, greatest(${last}::bigint, coalesce(pg_sequence_last_value(${sequence}::regclass), 0)))
  `.execute(transaction)
}

/** Every table that counts calls its number `id`. */
async function sequenceOf(reads: Kysely<Schema>, table: string): Promise<string | undefined> {
  const { rows } = await sql<{ isThere: boolean }>`
    select exists (
      select from information_schema.columns
      where table_schema = current_schema() and table_name = ${table} and column_name = 'id'
    ) as "isThere"
  `.execute(reads)
  if (rows[0]?.isThere !== true) return undefined
  const found = await sql<{ name: string | null }>`select pg_get_serial_sequence(${table}, 'id') as name`.execute(reads)
  return found.rows[0]?.name ?? undefined
}
