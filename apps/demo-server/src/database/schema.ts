import type { AuditTables } from '../audit/audit-tables.ts'
import type { CredentialTables } from '../credentials/credential-tables.ts'
import type { IdempotencyTables } from '../http/idempotency-table.ts'
import type { KeyRotationTables } from '../key-rotation/key-rotation-tables.ts'
import type { ProviderConfigTables } from '../provider-configs/provider-config-tables.ts'
import type { UserTables } from '../users/user-tables.ts'
import type { WebhookTables } from '../webhooks/webhook-tables.ts'
import type { SecretChangeTable } from './secret-change-table.ts'

/** The tables. Moments are ISO 8601 in UTC with milliseconds, which sorts as text; JSON is kept as text. */
export interface Schema
  extends
    AuditTables,
    UserTables,
    CredentialTables,
    ProviderConfigTables,
    KeyRotationTables,
    IdempotencyTables,
    WebhookTables {
  readonly secret_change: SecretChangeTable
}
