/** Where a user is. */
export type UserPath = `users/${string}`

/** Where a credential is. */
export type CredentialPath = `users/${string}/credentials/${string}/${string}`

/** What somebody may do. */
export type Permission =
  | 'api.access'
  | 'provider.configure'
  | 'secrets.write'
  | 'secrets.reveal'
  | 'cache.clear'
  | 'admin.audit'
  | 'admin.backup'
  | 'admin.keys'
  | 'admin.users'

/** A set of permissions with a name. */
export type Role = 'viewer' | 'operator' | 'admin'

/** Who is signed in. */
export interface Me {
  readonly userId: number
  readonly name: string
  readonly role: Role
  readonly permissions: readonly Permission[]
}

/** A user as administrators see one. */
export interface User {
  readonly id: number
  readonly name: string
  readonly role: Role
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt?: string
  readonly version: number
}

/** What a user may do, and where that differs from the role. */
export interface UserPermissions {
  readonly role: Role
  readonly permissions: readonly Permission[]
  readonly exceptions: readonly { readonly permission: string; readonly isGranted: boolean }[]
}

/** A browser that is signed in. */
export interface SessionRow {
  readonly id: number
  readonly createdAt: string
  readonly lastSeenAt: string
  readonly authenticatedAt: string
  readonly ip?: string
  readonly isCurrent: boolean
}

/** An API token without its secret. */
export interface ApiToken {
  readonly id: number
  readonly name: string
  readonly prefix: string
  readonly createdAt: string
  readonly lastUsedAt?: string
  readonly expiresAt?: string
  readonly revokedAt?: string
}

/** An entry of the audit log. */
export interface AuditEntry {
  readonly sequence: number
  readonly occurredAt: string
  readonly type: string
  readonly outcome: string
  readonly actorId: number | null
  readonly actorName: string | null
  readonly actorIp: string | null
  readonly targetType: string | null
  readonly targetId: string | null
  readonly requestId: string | null
  readonly action: string
  readonly details: unknown
  readonly previousHash: string
  readonly hash: string
}

/** What a verification of the audit log found. */
export interface Verification {
  readonly valid: boolean
  readonly checked: number
  readonly problemCount: number
  readonly problems: readonly { readonly kind: string; readonly sequence: number; readonly count: number }[]
}

/** What happened in the last day. */
export interface AuditStatistics {
  readonly since: string
  readonly total: number
  readonly done: number
  readonly refused: number
  readonly failedSignIns: number
  readonly lockOuts: number
}

/** How far a rotation of the key has come. */
export interface Rotation {
  readonly id: number
  readonly state: 'reencrypting' | 'verifying' | 'failed' | 'done'
  readonly isPaused: boolean
  readonly fingerprint: string
  readonly total: number
  readonly processed: number
  readonly failed: number
  readonly startedAt: string
  readonly finishedAt?: string
  readonly progress: number
  readonly rate?: number
  readonly secondsLeft?: number
}

/** The key of the credentials, without the key. */
export interface KeyView {
  readonly source: 'file' | 'environment'
  readonly fingerprint: string
  readonly since?: string
  readonly ageDays?: number
  readonly nextFingerprint?: string
  readonly previousFingerprint?: string
  readonly advice?: string
  readonly rotation?: Rotation
}

/** A credential, never its value. */
export interface Credential {
  readonly id: number
  readonly userId: number
  readonly provider: string
  readonly name: string
  readonly description: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly lastUsedAt?: string
  readonly isActive: boolean
  readonly status: 'active' | 'expiring' | 'stale'
  readonly version: number
}

/** A value that a credential has had, without the value. */
export interface CredentialVersion {
  readonly version: number
  readonly createdAt: string
  readonly createdBy: string | null
}

/** Whether a provider accepts a credential. */
export interface CredentialVerdict {
  readonly outcome: 'valid' | 'invalid' | 'unknown' | 'unsupported' | 'missing'
  readonly account?: string
  readonly reason?: string
}

/** When credentials count as old. */
export interface CredentialAges {
  readonly stale_threshold_days: number
  readonly early_warning_enabled: boolean
  readonly early_warning_percent: number
}

/** A configuration as it is stored; names are those of the API. */
export type ProviderConfig = Readonly<Record<string, unknown>>

/** The configuration of a provider of work. */
export interface StoredConfig {
  readonly provider: string
  readonly config: ProviderConfig
  /** Members that are set, and told only to who may change them. */
  readonly withheld?: readonly string[]
}

/** What one kind of hardware costs. */
export interface Price {
  readonly name: string
  readonly cost_per_second: number
}

/** What hardware costs, by its identifier. */
export type Prices = Readonly<Record<string, Price>>

/** What all hardware costs. */
export interface HardwarePrices {
  readonly hardware: Prices
}
