import type { Generated } from 'kysely'
import type { Migration } from '../database/migrations.ts'

/** The tables of the credentials' key and of its rotations. */
export interface KeyRotationTables {
  readonly key_check: KeyCheckTable
  readonly key_rotation: KeyRotationTable
}

/** One row: which key the database belongs to. It holds no key, only what a key can be recognised by. */
export interface KeyCheckTable {
  readonly id: 1
  /** Of the key that encrypts. */
  readonly fingerprint: string
  /** A known text that it has encrypted. */
  readonly check_value: string
  /** Of the key of before, while values of it may be left. */
  readonly previous_fingerprint: string | null
  readonly previous_check_value: string | null
  /** For keys that are passphrases: random bytes as base64, made once. */
  readonly salt: string
}

/** One row for each time that the key of the credentials was changed. */
export interface KeyRotationTable {
  readonly id: Generated<number>
  readonly state: 'reencrypting' | 'verifying' | 'failed' | 'done'
  readonly is_paused: boolean
  /** Of the new key. */
  readonly fingerprint: string
  /** Id of the value that was looked at last, in this state. */
  readonly cursor: number
  /** Values there were when it began. */
  readonly total: number
  /** Values that were encrypted anew, or needed not to be. */
  readonly processed: number
  /** Values that could not be decrypted. */
  readonly failed: number
  readonly started_at: string
  readonly updated_at: string
  readonly finished_at: string | null
}

/** Makes the table of key rotations. */
export const createKeyRotationTable: Migration = async ({ schema }, { text, id, identity }) => {
  await schema
    .createTable('key_rotation')
    .addColumn('id', id, identity)
    .addColumn('state', text, column => column.notNull())
    .addColumn('is_paused', 'boolean', column => column.notNull())
    .addColumn('fingerprint', text, column => column.notNull())
    .addColumn('cursor', 'integer', column => column.notNull())
    .addColumn('total', 'integer', column => column.notNull())
    .addColumn('processed', 'integer', column => column.notNull())
    .addColumn('failed', 'integer', column => column.notNull())
    .addColumn('started_at', text, column => column.notNull())
    .addColumn('updated_at', text, column => column.notNull())
    .addColumn('finished_at', text)
    .execute()
}

/** Makes the table of the key that the database belongs to. */
export const createKeyCheckTable: Migration = async ({ schema }, { text }) => {
  await schema
    .createTable('key_check')
    .addColumn('id', 'integer', column => column.primaryKey())
    .addColumn('fingerprint', text, column => column.notNull())
    .addColumn('check_value', text, column => column.notNull())
    .addColumn('previous_fingerprint', text)
    .addColumn('previous_check_value', text)
    .addColumn('salt', text, column => column.notNull())
    .execute()
}
