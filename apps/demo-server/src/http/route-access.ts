import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import { Refusal } from '../refusal.ts'
import type { ApiTokens } from '../users/api-tokens.ts'
import type { Permission } from '../users/roles.ts'
import type { Session, Sessions } from '../users/sessions.ts'
import type { UserAccess } from '../users/user-access.ts'
import { actorOf, type Caller, signInNeeded } from './caller.ts'
import { requireSameSite } from './same-origin.ts'

/** Who may use a route: everybody, who is signed in, or who has a permission. */
export type RouteAccess = 'anyone' | 'signed-in' | Permission

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Each route names it; the server does not start with one that does not. */
    access?: RouteAccess
    /** Who may not use the route is told 404, so that nobody learns what there is. Default: 403. */
    hidesItself?: boolean
    /** Whether a session must have given its password in the last five minutes. Default: no. */
    needsFreshPassword?: boolean
  }
  interface FastifyRequest {
    /** Who sent it; `undefined` for a stranger. */
    caller: Caller | undefined
  }
}

/** The cookie of a session. The prefix makes browsers refuse one that another host or an unsafe page sets (RFC 6265bis). */
export const sessionCookie = '__Host-st-session'

/** What the guard works with. */
export interface RouteGuardOptions {
  readonly apiTokens: ApiTokens
  readonly sessions: Sessions
  readonly access: UserAccess
  readonly writes: AuditedWrites
}

/** Lets through who may use a route, before the body is read. Attempts of who may not are in the audit log. */
export function guardRoutes(app: FastifyInstance, guard: RouteGuardOptions): void {
  app.decorateRequest('caller', undefined)
  app.addHook('onRoute', requireAccessNamed)
  app.addHook('preParsing', async request => {
    const { access, needsFreshPassword = false } = request.routeOptions.config
    if (access === undefined) return
    request.caller = await identify(request, guard)
    if (access === 'anyone') return
    if (request.caller === undefined) throw signInNeeded()
    if (access !== 'signed-in' && !request.caller.access.permissions.includes(access)) {
      throw await refuse(request, access, guard.writes)
    }
    if (needsFreshPassword) requireFresh(request.caller.session, guard.sessions)
  })
}

function requireAccessNamed({ config, method, url }: RouteOptions): void {
  if (config?.access === undefined) throw new TypeError(`${String(method)} ${url} does not name who may use it`)
}

async function identify(request: FastifyRequest, guard: RouteGuardOptions): Promise<Caller | undefined> {
  const token = /^Bearer ([\x21-\x7E]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token !== undefined) {
    const holder = await guard.apiTokens.use(token)
    if (holder === undefined) return undefined
    const { access, expiresAt } = holder
    return expiresAt === undefined ? { access } : { access, tokenExpiresAt: expiresAt }
  }
  const secret = request.cookies[sessionCookie]
  if (secret === undefined) return undefined
  const session = await guard.sessions.use(secret)
  if (session === undefined) return undefined
  requireSameSite(request)
  const access = await guard.access.of(session.userId)
  return access && { access, session }
}

async function refuse(request: FastifyRequest, permission: Permission, writes: AuditedWrites): Promise<Refusal> {
  const { hidesItself = false } = request.routeOptions.config
  const { method } = request
  const refusal = hidesItself
    ? new Refusal('not_found', 'NOT_FOUND', 'There is no such thing, or you may not see it.')
    : new Refusal('forbidden', 'PERMISSION_NEEDED', `This takes the permission ${permission}: ask an administrator.`)
  const details = { permission, method, route: request.routeOptions.url }
  const action = 'Was refused a request'
  await writes.refuse({ type: 'security.permission_denied', actor: actorOf(request), action, details }, refusal)
  return refusal
}

function requireFresh(session: Session | undefined, sessions: Sessions): void {
  if (session === undefined || sessions.isFresh(session)) return
  throw new Refusal('forbidden', 'PASSWORD_NEEDED', 'Give your password again: POST /api/session/password.')
}
