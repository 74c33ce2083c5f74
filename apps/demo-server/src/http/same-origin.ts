import { isIPv6, type Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { ListenOptions } from '../command-line.ts'
import { HttpProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media type of the body; not one that a form can send. Default: `application/json`. */
    bodyType?: string
  }
}

/** What decides under which names the server answers. */
export interface OriginRules {
  readonly listen: ListenOptions
  /** Names besides those of this machine, as clients send them in `Host`: with a port, where it is not the usual one. */
  readonly allowedHosts: readonly string[]
}

/**
 * Refuses what a page of another site could send to this server: a foreign or doubled `Host` (a name that was rebound
 * to this machine), a foreign `Origin`, anything but following a link (Fetch Metadata), a body that a form could have
 * sent.
 *
 * @throws HttpProblem 421 for the host, 403 for the origin, 415 for the body.
 */
export function requireSameOrigin(request: FastifyRequest, rules: OriginRules): void {
  const host = requireHost(request, hostsOf(rules, request))
  const own = `${request.protocol}://${host}`
  if (rawValues(request, 'origin').some(origin => origin.toLowerCase() !== own)) {
    throw new HttpProblem(403, 'FOREIGN_ORIGIN', 'Requests from pages of another origin are refused.')
  }
  if (rawValues(request, 'sec-fetch-site').includes('cross-site') && !isNavigation(request)) {
    throw new HttpProblem(
      403,
      'FOREIGN_SITE',
      'Requests from pages of another site are refused, but for links to here.',
    )
  }
  const { bodyType = 'application/json' } = request.routeOptions.config
  if (hasBody(request) && mediaTypeOf(request) !== bodyType) {
    const code = bodyType === 'application/json' ? 'NOT_JSON' : 'WRONG_MEDIA_TYPE'
    throw new HttpProblem(415, code, `A body must be sent as ${bodyType}.`)
  }
}

/**
 * Refuses a change that a browser sends with its cookie, unless the browser says that a page of this server has sent it
 * (Fetch Metadata, `Sec-Fetch-Site`). Programs use API tokens, which no browser adds by itself.
 *
 * @throws HttpProblem 403
 */
export function requireSameSite(request: FastifyRequest): void {
  if (!isChange(request)) return
  const sites = rawValues(request, 'sec-fetch-site')
  if (sites.length === 1 && sites[0] === 'same-origin') return
  throw new HttpProblem(403, 'FOREIGN_SITE', 'With a session, changes are accepted from pages of this server only.')
}

/** Whether a request may change something (RFC 9110 §9.2.1). */
function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function requireHost(request: FastifyRequest, allowed: readonly string[]): string {
  const [host = '', ...more] = rawValues(request, 'host').map(value => value.toLowerCase())
  const isAllowed = more.length === 0 && allowed.includes(host) && request.raw.url?.startsWith('/') === true
  if (isAllowed) return host
  throw new HttpProblem(421, 'FOREIGN_HOST', `Ask this server as one of: ${allowed.join(', ')}.`)
}

/** Whether a browser follows a link or was given an address. */
function isNavigation(request: FastifyRequest): boolean {
  const modes = rawValues(request, 'sec-fetch-mode')
  return !isChange(request) && modes.length === 1 && modes[0] === 'navigate'
}

/** Of the connections that are open: on each they are the same for every request. */
const knownHosts = new WeakMap<Socket, readonly string[]>()

function hostsOf(rules: OriginRules, { socket }: FastifyRequest): readonly string[] {
  const hosts = knownHosts.get(socket) ?? findHosts(rules, socket)
  knownHosts.set(socket, hosts)
  return hosts
}

/** Names under which the server is reached. Without the port only where it is the usual one (RFC 9110 §4.2). */
function findHosts({ listen, allowedHosts }: OriginRules, socket: Socket): readonly string[] {
  const port = socket.localPort ?? listen.port
  const names = new Set(['localhost', '127.0.0.1', '[::1]', isIPv6(listen.host) ? `[${listen.host}]` : listen.host])
  const isUsual = port === ('encrypted' in socket ? 443 : 80)
  const own = [...names].flatMap(name => (isUsual ? [name, `${name}:${port}`] : [`${name}:${port}`]))
  return [...own, ...allowedHosts]
}

/** Every value of a header as it was sent; Node keeps only the first of a doubled `Host`. */
function rawValues(request: FastifyRequest, name: string): readonly string[] {
  const { rawHeaders } = request.raw
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
}

/** RFC 9112 §6: a body is there when one of these says so. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function mediaTypeOf({ headers }: FastifyRequest): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase()
}
