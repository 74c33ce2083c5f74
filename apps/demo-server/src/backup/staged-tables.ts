import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { tablesKept } from './backup-format.ts'

/** A table and its columns. */
export interface StagedTable {
  readonly name: string
  readonly columns: readonly string[]
}

/** The tables that a restore replaces, those that others belong to first. */
export async function stagedTables(staged: Kysely<Schema>): Promise<readonly StagedTable[]> {
  const found = await staged.introspection.getTables()
  const tables = new Map(
    found
      .filter(({ name, isView }) => !isView && !tablesKept.has(name) && !name.startsWith('sqlite_'))
      .map(({ name, columns }) => [name, { name, columns: columns.map(column => column.name) }]),
  )
  const ordered = new Map<string, StagedTable>()
  for (const table of tables.values()) await place(staged, table, { tables, ordered })
  return [...ordered.values()]
}

/** No two tables of ours belong to each other. */
async function place(
  staged: Kysely<Schema>,
  table: StagedTable,
  {
    tables,
    ordered,
  }: { readonly tables: ReadonlyMap<string, StagedTable>; readonly ordered: Map<string, StagedTable> },
): Promise<void> {
  if (ordered.has(table.name)) return
  const { rows } = await sql<{ name: string }>`
    select distinct "table" as name from pragma_foreign_key_list(${table.name})
  `.execute(staged)
  for (const { name } of rows) {
    const parent = tables.get(name)
    if (parent !== undefined && parent !== table) await place(staged, parent, { tables, ordered })
  }
  ordered.set(table.name, table)
}
