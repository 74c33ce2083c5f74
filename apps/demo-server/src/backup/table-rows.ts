import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** A row by its columns. */
export type TableRow = Readonly<Record<string, unknown>>

const batchSize = 500

/** All rows of a table, a batch at a time; inside a transaction, on PostgreSQL. */
export async function* tableRows(
  reads: Kysely<Schema>,
  kind: 'sqlite' | 'postgres',
  table: string,
): AsyncGenerator<readonly TableRow[], void> {
  yield* kind === 'sqlite' ? sqliteRows(reads, table) : postgresRows(reads, table)
}

/** By the number that each row has: the tables are made without any other order. */
async function* sqliteRows(reads: Kysely<Schema>, table: string): AsyncGenerator<readonly TableRow[], void> {
  for (let after = -1; ;) {
    const { rows } = await sql<TableRow & { readonly st_rowid: number }>`
      select rowid as st_rowid, * from ${sql.table(table)} where rowid > ${after} order by rowid limit ${batchSize}
    `.execute(reads)
    after = rows.at(-1)?.st_rowid ?? after
    yield rows
    if (rows.length < batchSize) return
    // SQLite answers at once: whatever came in meanwhile goes first.
    await setImmediate()
  }
}

async function* postgresRows(reads: Kysely<Schema>, table: string): AsyncGenerator<readonly TableRow[], void> {
  await sql`declare st_rows no scroll cursor for select * from ${sql.table(table)}`.execute(reads)
  for (;;) {
    const { rows } = await sql<TableRow>`fetch ${sql.lit(batchSize)} from st_rows`.execute(reads)
    yield rows
    if (rows.length < batchSize) break
  }
  await sql`close st_rows`.execute(reads)
}
