import type { CredentialName } from './credential-rules.ts'
import { credentialStatus, type CredentialSettings, type CredentialStatus } from './credential-settings.ts'
import type { CredentialRow } from './credential-store.ts'

/** A credential as it is shown: never its value. */
export interface Credential extends CredentialName {
  readonly id: number
  readonly userId: number
  readonly description: string | null
  readonly createdAt: string
  readonly updatedAt: string
  /** Known to the minute; absent when it was never used. */
  readonly lastUsedAt?: string
  /** One that is not is kept, and not used. */
  readonly isActive: boolean
  /** How old it is by the settings. */
  readonly status: CredentialStatus
  readonly version: number
}

/** What is shown of a row. */
export function showCredential(row: CredentialRow, settings: CredentialSettings, now: Date): Credential {
  const changedAt = row.updated_at ?? row.created_at
  const credential = {
    id: row.id,
    userId: row.user_id,
    provider: row.provider,
    name: row.name,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: changedAt,
    isActive: row.is_active,
    status: credentialStatus(changedAt, settings, now),
    version: row.version,
  }
  return row.last_used_at === null ? credential : { ...credential, lastUsedAt: row.last_used_at }
}
