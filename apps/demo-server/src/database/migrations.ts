import type { Kysely } from 'kysely'
import { createAuditTables } from '../audit/audit-tables.ts'
import { createCredentialAgeIndex, createCredentialTables } from '../credentials/credential-tables.ts'
import { createIdempotencyTable } from '../http/idempotency-table.ts'
import { createKeyCheckTable, createKeyRotationTable } from '../key-rotation/key-rotation-tables.ts'
import { createProviderConfigTable } from '../provider-configs/provider-config-tables.ts'
import { createSignInTables, createUserTables } from '../users/user-tables.ts'
import { createReceivedWebhookTable } from '../webhooks/webhook-tables.ts'
import type { Columns } from './columns.ts'
import type { Schema } from './schema.ts'

/** One change of the tables, written once for both databases. */
export type Migration = (database: Kysely<Schema>, columns: Columns) => Promise<void>

/** Every change of the tables, in order; one that was released is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-22-secret-change': async (database, { text, id, identity }) => {
    await database.schema
      .createTable('secret_change')
      .addColumn('id', id, identity)
      .addColumn('changed_at', text, column => column.notNull())
      .addColumn('action', text, column => column.notNull())
      .addColumn('secret_key', text, column => column.notNull())
      .execute()
  },
  '2026-11-23-writer': async database => {
    // Holds nothing: on PostgreSQL its lock makes writes take turns.
    await database.schema
      .createTable('writer')
      .addColumn('id', 'integer', column => column.primaryKey())
      .execute()
  },
  '2026-11-23-audit': createAuditTables,
  '2026-11-23-users': createUserTables,
  '2026-11-23-users-sign-in': createSignInTables,
  '2026-11-23-credentials': createCredentialTables,
  '2026-11-23-provider-configs': createProviderConfigTable,
  '2026-11-23-key-rotation': createKeyRotationTable,
  '2026-11-23-key-check': createKeyCheckTable,
  '2026-11-23-idempotency': createIdempotencyTable,
  '2026-11-23-received-webhooks': createReceivedWebhookTable,
  '2026-11-23-stale-credentials': createCredentialAgeIndex,
}
