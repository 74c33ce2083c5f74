import type { Kysely } from 'kysely'
import { columnsOf } from './columns.ts'
import { DatabaseError } from './database-error.ts'
import { type Migration, migrations as allMigrations } from './migrations.ts'
import type { Schema } from './schema.ts'

/** Under the names that Kysely's own migrator gives them, which does not migrate SQLite in one transaction. */
type MigrationTables = {
  readonly kysely_migration: { readonly name: string; readonly timestamp: string }
}

/**
 * Brings the tables up to date, inside a transaction that nobody else migrates in.
 *
 * @throws DatabaseError `newer` when they have been changed in a way that this program does not know.
 */
export async function migrate(
  transaction: Kysely<Schema>,
  migrations: Readonly<Record<string, Migration>> = allMigrations,
): Promise<void> {
  const database = transaction.withTables<MigrationTables>()
  const { text } = columnsOf(transaction)
  await database.schema
    .createTable('kysely_migration')
    .ifNotExists()
    .addColumn('name', text, column => column.primaryKey())
    .addColumn('timestamp', text, column => column.notNull())
    .execute()
  const done = await database.selectFrom('kysely_migration').select('name').execute()
  const names = new Set(done.map(({ name }) => name))
  if (done.some(({ name }) => !Object.hasOwn(migrations, name))) throw new DatabaseError('newer')
  for (const [name, change] of Object.entries(migrations)) {
    if (names.has(name)) continue
    await change(transaction, columnsOf(transaction))
    await database.insertInto('kysely_migration').values({ name, timestamp: new Date().toISOString() }).execute()
  }
}
