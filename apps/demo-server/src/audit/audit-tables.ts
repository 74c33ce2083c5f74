import type { Migration } from '../database/migrations.ts'

/** The tables of the audit log. */
export interface AuditTables {
  readonly audit_entry: AuditEntryTable
  readonly audit_anchor: AuditAnchorTable
}

/** One row for each change and each refused attempt. All columns but the last go into it. */
export interface AuditEntryTable {
  /** Counts up from 1 without a gap. */
  readonly sequence: number
  readonly occurred_at: string
  readonly event_type: string
  readonly outcome: string
  readonly actor_id: number | null
  readonly actor_name: string | null
  readonly actor_ip: string | null
  readonly target_type: string | null
  readonly target_id: string | null
  readonly request_id: string | null
  readonly action: string
  /** JSON. */
  readonly details: string
  /** Hash of the row before. */
  readonly previous_hash: string
  readonly hash: string
}

/** One row: where the log begins and ends, signed, so that what is cut off is missed. */
export interface AuditAnchorTable {
  readonly id: 1
  /** Of the newest entry; one less than `first_sequence` while there is none. */
  readonly sequence: number
  readonly hash: string
  /** Of the oldest entry that was not removed after an export. */
  readonly first_sequence: number
  /** Hash of the entry before that one. */
  readonly before_hash: string
  readonly signature: string
}

/** Makes the tables of the audit log. */
export const createAuditTables: Migration = async (database, { text }) => {
  await database.schema
    .createTable('audit_entry')
    .addColumn('sequence', 'bigint', column => column.primaryKey())
    .addColumn('occurred_at', text, column => column.notNull())
    .addColumn('event_type', text, column => column.notNull())
    .addColumn('outcome', text, column => column.notNull())
    .addColumn('actor_id', 'bigint')
    .addColumn('actor_name', text)
    .addColumn('actor_ip', text)
    .addColumn('target_type', text)
    .addColumn('target_id', text)
    .addColumn('request_id', text)
    .addColumn('action', text, column => column.notNull())
    .addColumn('details', text, column => column.notNull())
    .addColumn('previous_hash', text, column => column.notNull())
    .addColumn('hash', text, column => column.notNull())
    .execute()
  for (const columns of [['event_type'], ['actor_id'], ['occurred_at'], ['target_type', 'target_id']]) {
    await database.schema.createIndex(`audit_entry_${columns[0]}`).on('audit_entry').columns(columns).execute()
  }
  await database.schema
    .createTable('audit_anchor')
    .addColumn('id', 'integer', column => column.primaryKey())
    .addColumn('sequence', 'bigint', column => column.notNull())
    .addColumn('hash', text, column => column.notNull())
    .addColumn('first_sequence', 'bigint', column => column.notNull())
    .addColumn('before_hash', text, column => column.notNull())
    .addColumn('signature', text, column => column.notNull())
    .execute()
}
