import type { Generated } from 'kysely'
import type { Migration } from '../database/migrations.ts'

/** The table of key rotations. */
export interface KeyRotationTables {
  readonly key_rotation: KeyRotationTable
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
