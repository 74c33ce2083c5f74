import type { FastifyRequest } from 'fastify'
import type { AuditActor } from '../audit/audit-event.ts'
import { Refusal } from '../refusal.ts'
import type { Access } from '../users/access.ts'
import type { Session } from '../users/sessions.ts'

/** Who sent a request. */
export interface Caller {
  readonly access: Access
  /** Absent for who came with an API token. */
  readonly session?: Session
  /** When the API token expires that was sent; absent for a session, and where the token does not expire. */
  readonly tokenExpiresAt?: Date
}

/** Who sent a request to a route that strangers cannot reach. @throws Refusal `SIGN_IN_NEEDED` */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw signInNeeded()
  return caller
}

/** The session of who sent a request. @throws Refusal `SESSION_NEEDED` for who came with an API token. */
export function sessionOf(request: FastifyRequest): Session {
  const { session } = callerOf(request)
  if (session !== undefined) return session
  throw new Refusal('forbidden', 'SESSION_NEEDED', 'This takes a session: sign in with a password.')
}

/** Who sent a request, for the audit log. */
export function actorOf({ caller, ip, id }: FastifyRequest): AuditActor {
  return { id: caller?.access.userId, name: caller?.access.name, ip, requestId: id }
}

/** What a stranger is told. */
export function signInNeeded(): Refusal {
  return new Refusal('unauthenticated', 'SIGN_IN_NEEDED', 'Sign in, or send an API token as "Authorization: Bearer …".')
}
