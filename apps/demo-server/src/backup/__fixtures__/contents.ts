import { sql } from 'kysely'
import type { Database } from '../../database/database.ts'
import { tablesLeftOut } from '../backup-format.ts'

/** All rows of all tables that backups hold, in one order. */
export async function contentsOf(database: Database): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const tables = await database.reads.introspection.getTables()
  const contents: [string, readonly unknown[]][] = []
  for (const { name } of tables.filter(table => !tablesLeftOut.has(table.name))) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)} order by 1, 2`.execute(
      database.reads,
    )
    contents.push([name, rows])
  }
  return Object.fromEntries(contents)
}
