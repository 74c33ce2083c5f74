import { type ColumnDefinitionBuilder, type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Schema } from './schema.ts'

/** The parts of a table's definition in which the databases differ. */
export interface Columns {
  /** Text that is compared byte by byte. */
  readonly text: ReturnType<typeof sql> | 'text'
  /** A whole number that the database counts up. */
  readonly id: 'serial' | 'integer'
  /** Makes such a column the primary key; a number that was given out once is never given out again. */
  readonly identity: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
}

/** What they are in this database. */
export function columnsOf(database: Kysely<Schema>): Columns {
  if (isPostgres(database)) {
    // Whatever order the database was made with: pages and indexes are the same everywhere.
    return { text: sql`text collate "C"`, id: 'serial', identity: column => column.primaryKey() }
  }
  return { text: 'text', id: 'integer', identity: column => column.primaryKey().autoIncrement() }
}

/** Whether it is PostgreSQL, else SQLite. */
function isPostgres(database: Kysely<Schema>): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter
}
