import type { Migration } from '../database/migrations.ts'

/** The table of webhooks that have come in. */
export interface WebhookTables {
  readonly received_webhook: ReceivedWebhookTable
}

/** One row for each webhook for as long as its timestamp would let it be accepted again, in any instance. */
export interface ReceivedWebhookTable {
  readonly provider: string
  /** SHA-256 of the header `webhook-id`. */
  readonly id_hash: string
  readonly received_at: string
}

/** Makes it. */
export const createReceivedWebhookTable: Migration = async ({ schema }, { text }) => {
  await schema
    .createTable('received_webhook')
    .addColumn('provider', text, column => column.notNull())
    .addColumn('id_hash', text, column => column.notNull())
    .addColumn('received_at', text, column => column.notNull())
    .addPrimaryKeyConstraint('received_webhook_key', ['provider', 'id_hash'])
    .execute()
  await schema.createIndex('received_webhook_received_at').on('received_webhook').column('received_at').execute()
}
