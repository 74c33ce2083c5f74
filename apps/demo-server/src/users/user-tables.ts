import type { Generated } from 'kysely'
import type { Migration } from '../database/migrations.ts'

/** The tables of users and of how they sign in. */
export interface UserTables {
  readonly user_account: UserAccountTable
  readonly user_permission: UserPermissionTable
  readonly user_session: UserSessionTable
  readonly api_token: ApiTokenTable
  readonly one_time_token: OneTimeTokenTable
  readonly login_attempt: LoginAttemptTable
}

/** One row for each user. */
export interface UserAccountTable {
  readonly id: Generated<number>
  readonly name: string
  /** The name as names are compared. */
  readonly name_key: string
  readonly role: string
  readonly password_hash: string | null
  readonly created_at: string
  readonly updated_at: string
  /** While set, the user can do nothing. */
  readonly disabled_at: string | null
  /** Counts up with each change that clients see. */
  readonly version: number
}

/** What a user may do besides what the role says, or may not in spite of it. */
export interface UserPermissionTable {
  readonly user_id: number
  readonly permission: string
  readonly is_granted: boolean
}

/** One row for each browser that is signed in. */
export interface UserSessionTable {
  readonly id: Generated<number>
  /** SHA-256 of the secret in the cookie. */
  readonly secret_hash: string
  readonly user_id: number
  readonly created_at: string
  readonly last_seen_at: string
  /** When the password was last given. */
  readonly authenticated_at: string
  readonly ip: string | null
}

/** One row for each token that a program signs in with. */
export interface ApiTokenTable {
  readonly id: Generated<number>
  readonly user_id: number
  readonly name: string
  /** What the token begins with. */
  readonly prefix: string
  readonly secret_hash: string
  readonly created_at: string
  readonly last_used_at: string | null
  readonly expires_at: string | null
  readonly revoked_at: string | null
}

/** Tokens that make the first administrator or set a new password, once. */
export interface OneTimeTokenTable {
  readonly secret_hash: string
  readonly purpose: 'first_run' | 'reset'
  readonly user_id: number | null
  readonly expires_at: string
}

/** Attempts to sign in under a name, whether or not there is a user of this name. */
export interface LoginAttemptTable {
  /** SHA-256 of the name, which may be a password that was typed into the wrong field. */
  readonly name_hash: string
  readonly failures: number
  readonly last_at: string
  readonly locked_until: string | null
}

/** Makes the tables of users and of what they may do. */
export const createUserTables: Migration = async ({ schema }, { text, id, identity }) => {
  await schema
    .createTable('user_account')
    .addColumn('id', id, identity)
    .addColumn('name', text, column => column.notNull())
    .addColumn('name_key', text, column => column.notNull().unique())
    .addColumn('role', text, column => column.notNull())
    .addColumn('password_hash', text)
    .addColumn('created_at', text, column => column.notNull())
    .addColumn('updated_at', text, column => column.notNull())
    .addColumn('disabled_at', text)
    .addColumn('version', 'integer', column => column.notNull())
    .execute()
  await schema
    .createTable('user_permission')
    .addColumn('user_id', 'integer', column => column.notNull().references('user_account.id').onDelete('cascade'))
    .addColumn('permission', text, column => column.notNull())
    .addColumn('is_granted', 'boolean', column => column.notNull())
    .addPrimaryKeyConstraint('user_permission_key', ['user_id', 'permission'])
    .execute()
}

/** Makes the tables of how users sign in. */
export const createSignInTables: Migration = async ({ schema }, { text, id, identity }) => {
  await schema
    .createTable('user_session')
    .addColumn('id', id, identity)
    .addColumn('secret_hash', text, column => column.notNull().unique())
    .addColumn('user_id', 'integer', column => column.notNull().references('user_account.id').onDelete('cascade'))
    .addColumn('created_at', text, column => column.notNull())
    .addColumn('last_seen_at', text, column => column.notNull())
    .addColumn('authenticated_at', text, column => column.notNull())
    .addColumn('ip', text)
    .execute()
  await schema.createIndex('user_session_user').on('user_session').column('user_id').execute()
  await schema
    .createTable('api_token')
    .addColumn('id', id, identity)
    .addColumn('user_id', 'integer', column => column.notNull().references('user_account.id').onDelete('cascade'))
    .addColumn('name', text, column => column.notNull())
    .addColumn('prefix', text, column => column.notNull())
    .addColumn('secret_hash', text, column => column.notNull().unique())
    .addColumn('created_at', text, column => column.notNull())
    .addColumn('last_used_at', text)
    .addColumn('expires_at', text)
    .addColumn('revoked_at', text)
    .execute()
  await schema.createIndex('api_token_user').on('api_token').column('user_id').execute()
  await schema
    .createTable('one_time_token')
    .addColumn('secret_hash', text, column => column.primaryKey())
    .addColumn('purpose', text, column => column.notNull())
    .addColumn('user_id', 'integer', column => column.references('user_account.id').onDelete('cascade'))
    .addColumn('expires_at', text, column => column.notNull())
    .execute()
  await schema
    .createTable('login_attempt')
    .addColumn('name_hash', text, column => column.primaryKey())
    .addColumn('failures', 'integer', column => column.notNull())
    .addColumn('last_at', text, column => column.notNull())
    .addColumn('locked_until', text)
    .execute()
}
