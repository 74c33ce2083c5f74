import type { Migration } from 'kysely/migration'

/** Every change of the tables, in order; one that was released is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-22-secret-change': {
    async up(database) {
      await database.schema
        .createTable('secret_change')
        .addColumn('id', 'integer', column => column.primaryKey().autoIncrement())
        .addColumn('changed_at', 'text', column => column.notNull())
        .addColumn('action', 'text', column => column.notNull())
        .addColumn('secret_key', 'text', column => column.notNull())
        .execute()
    },
  },
}
