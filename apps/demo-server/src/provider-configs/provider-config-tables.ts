import type { Migration } from '../database/migrations.ts'

/** The table of provider configurations. */
export interface ProviderConfigTables {
  readonly provider_config: ProviderConfigTable
}

/** One row for each provider that is configured. */
export interface ProviderConfigTable {
  readonly provider: string
  /** JSON. */
  readonly config: string
  /** Counts up from 1 with each change. */
  readonly version: number
  readonly updated_at: string
}

/** Makes the table of provider configurations. */
export const createProviderConfigTable: Migration = async ({ schema }, { text }) => {
  await schema
    .createTable('provider_config')
    .addColumn('provider', text, column => column.primaryKey())
    .addColumn('config', text, column => column.notNull())
    .addColumn('version', 'integer', column => column.notNull())
    .addColumn('updated_at', text, column => column.notNull())
    .execute()
}
