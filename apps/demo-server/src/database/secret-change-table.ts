import type { Generated } from 'kysely'

/** What earlier versions kept of secrets that were set or deleted; the audit log has taken its place. */
export interface SecretChangeTable {
  readonly id: Generated<number>
  /** ISO 8601, UTC. */
  readonly changed_at: string
  readonly action: 'set' | 'deleted'
  readonly secret_key: string
}
