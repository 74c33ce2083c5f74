import { type SecretsManager, SecretMissingError, SecretUnresolvedError, type SecretValue } from '@st/secrets-core'
import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditLog } from '../audit/audit-log.ts'

/** Whose wish it is to see a value, and why. */
export interface Revelation {
  readonly actor: AuditActor
  /** For the audit log. Default: none is given. */
  readonly reason?: string | undefined
}

/**
 * Reads a value at its source for somebody to see. That it was seen is in the audit log before it leaves; where it cannot be
 * recorded, nothing leaves. Asking for what is not there is recorded as refused.
 *
 * @throws SecretMissingError, SecretUnresolvedError
 */
export async function revealSecret(
  { secrets, audit }: { readonly secrets: SecretsManager; readonly audit: AuditLog },
  key: string,
  { actor, reason }: Revelation,
): Promise<SecretValue> {
  const { secret, status, trace } = await secrets.resolve(key, { fresh: true })
  const event = {
    type: 'secret.revealed',
    actor,
    target: { type: 'secret', id: key },
    action: 'Revealed a secret',
    details: reason === undefined ? {} : { reason },
  } as const
  if (secret === undefined) {
    const error = status === 'missing' ? new SecretMissingError(trace) : new SecretUnresolvedError(trace)
    await audit.record({ ...event, outcome: 'refused', details: { ...event.details, code: error.code } })
    throw error
  }
  await audit.record({ ...event, details: { ...event.details, source: secret.source } })
  return secret
}
