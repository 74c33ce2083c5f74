import { type Generated, sql } from 'kysely'
import type { Migration } from '../database/migrations.ts'

/** The tables of credentials. */
export interface CredentialTables {
  readonly credential: CredentialTable
  readonly credential_version: CredentialVersionTable
  readonly setting: SettingTable
}

/** One row for each credential of a user; its value is the version of this number. */
export interface CredentialTable {
  readonly id: Generated<number>
  readonly user_id: number
  readonly provider: string
  readonly name: string
  readonly description: string | null
  readonly created_at: string
  /** `null` for one that was imported and never changed before. */
  readonly updated_at: string | null
  readonly last_used_at: string | null
  readonly is_active: boolean
  readonly version: number
}

/** Values, encrypted: the current one and those of before. */
export interface CredentialVersionTable {
  readonly id: Generated<number>
  readonly credential_id: number
  readonly version: number
  /** A token of `@st/credential-crypto`, bound to its table, user, provider, name and version. */
  readonly value: string
  readonly created_at: string
  /** Name of who set it at that time. */
  readonly created_by: string | null
}

/** Settings that are made in the console, as JSON by name. */
export interface SettingTable {
  readonly name: string
  readonly value: string
  readonly version: number
}

/** Makes the tables of credentials. */
export const createCredentialTables: Migration = async ({ schema }, { text, id, identity }) => {
  await schema
    .createTable('credential')
    .addColumn('id', id, identity)
    .addColumn('user_id', 'integer', column => column.notNull().references('user_account.id').onDelete('cascade'))
    .addColumn('provider', text, column => column.notNull())
    .addColumn('name', text, column => column.notNull())
    .addColumn('description', text)
    .addColumn('created_at', text, column => column.notNull())
    .addColumn('updated_at', text)
    .addColumn('last_used_at', text)
    .addColumn('is_active', 'boolean', column => column.notNull())
    .addColumn('version', 'integer', column => column.notNull())
    .addUniqueConstraint('credential_key', ['user_id', 'provider', 'name'])
    .execute()
  // Stale ones are looked for among those of all users.
  await schema
    .createIndex('credential_changed')
    .on('credential')
    .expression(sql`coalesce(updated_at, created_at)`)
    .execute()
  await schema
    .createTable('credential_version')
    .addColumn('id', id, identity)
    .addColumn('credential_id', 'integer', column => column.notNull().references('credential.id').onDelete('cascade'))
    .addColumn('version', 'integer', column => column.notNull())
    .addColumn('value', text, column => column.notNull())
    .addColumn('created_at', text, column => column.notNull())
    .addColumn('created_by', text)
    .addUniqueConstraint('credential_version_key', ['credential_id', 'version'])
    .execute()
  await schema
    .createTable('setting')
    .addColumn('name', text, column => column.primaryKey())
    .addColumn('value', text, column => column.notNull())
    .addColumn('version', 'integer', column => column.notNull())
    .execute()
}

/** The stale ones of one user, in the order of their lists: without it a page among 100,000 takes a quarter of a second. */
export const createCredentialAgeIndex: Migration = async ({ schema }) => {
  await schema
    .createIndex('credential_changed_of_user')
    .on('credential')
    .expression(sql`user_id, coalesce(updated_at, created_at), id`)
    .execute()
}
