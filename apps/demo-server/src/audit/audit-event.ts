/** What kinds of events are recorded. Those of SimpleTuner keep their names. */
export const auditEventTypes = [
  'api_token.created',
  'api_token.revoked',
  'audit.exported',
  'audit.removed',
  'auth.locked',
  'auth.login.failed',
  'auth.login.success',
  'auth.logout',
  'backup.created',
  'backup.restored',
  'cache.cleared',
  'config.changed',
  'credential.activated',
  'credential.created',
  'credential.deactivated',
  'credential.deleted',
  'credential.imported',
  'credential.key.rotated',
  'credential.restored',
  'credential.revealed',
  'credential.updated',
  'credential.used',
  'provider.configured',
  'provider.token.deleted',
  'provider.token.saved',
  'secret.deleted',
  'secret.revealed',
  'secret.set',
  'security.permission_denied',
  'security.rate_limited',
  'security.suspicious',
  'session.revoked',
  'user.created',
  'user.deleted',
  'user.password.changed',
  'user.password.reset',
  'user.permission.changed',
  'user.updated',
  'webhook.received',
  'webhook.tested',
] as const

/** One of {@link auditEventTypes}. */
export type AuditEventType = (typeof auditEventTypes)[number]

/** Who did something. */
export interface AuditActor {
  /** The user's id. Default: nobody who is signed in. */
  readonly id?: number | undefined
  /** The name at that time. */
  readonly name?: string | undefined
  /** The address the request came from. */
  readonly ip?: string | undefined
  /** Tells the request apart in the log of the server. */
  readonly requestId?: string | undefined
}

/** What it was done to. */
export interface AuditTarget {
  /** A kind of thing: `user`, `credential`. */
  readonly type: string
  readonly id: string
}

/** Something to record. Nothing in it may be a secret. */
export interface AuditEvent {
  readonly type: AuditEventType
  /** Whether it was done, or asked for and refused. Default `'done'`. */
  readonly outcome?: 'done' | 'refused' | undefined
  readonly actor: AuditActor
  readonly target?: AuditTarget | undefined
  /** A sentence for people. */
  readonly action: string
  /** More for machines; anything that JSON can hold. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** Something that was recorded. */
export interface AuditEntry {
  /** Counts up from 1 without a gap. */
  readonly sequence: number
  /** ISO 8601, UTC. */
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
