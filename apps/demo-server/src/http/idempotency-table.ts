import type { Migration } from '../database/migrations.ts'

/** The table of requests that must not be carried out twice. */
export interface IdempotencyTables {
  readonly idempotent_request: IdempotentRequestTable
}

/** One row for each key that a caller has sent in the last day. */
export interface IdempotentRequestTable {
  readonly user_id: number
  /** SHA-256 of the `Idempotency-Key`. */
  readonly key_hash: string
  /** HMAC of method, address and body: the same key must mean the same request. */
  readonly fingerprint: string
  readonly created_at: string
  /** `null` while it is under way. */
  readonly status: number | null
  /** The answer, as JSON; `null` where it may not be kept. */
  readonly body: string | null
}

/** Makes it. */
export const createIdempotencyTable: Migration = async ({ schema }, { text }) => {
  await schema
    .createTable('idempotent_request')
    .addColumn('user_id', 'integer', column => column.notNull().references('user_account.id').onDelete('cascade'))
    .addColumn('key_hash', text, column => column.notNull())
    .addColumn('fingerprint', text, column => column.notNull())
    .addColumn('created_at', text, column => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('body', text)
    .addPrimaryKeyConstraint('idempotent_request_key', ['user_id', 'key_hash'])
    .execute()
  await schema.createIndex('idempotent_request_created_at').on('idempotent_request').column('created_at').execute()
}
