import type { FastifyRequest } from 'fastify'
import type { ListenOptions } from '../command-line.ts'
import { HttpProblem } from './problem.ts'

/**
 * Refuses what a page of another site could send to this server: a foreign or doubled `Host` (a name that was rebound
 * to this machine), a foreign `Origin`, a body that a form could have sent.
 *
 * @throws HttpProblem 421 for the host, 403 for the origin, 415 for the body.
 */
export function requireSameOrigin(request: FastifyRequest, listen: ListenOptions): void {
  const hosts = rawValues(request, 'host')
  const allowed = allowedHosts(listen, request.socket.localPort ?? listen.port)
  const [host] = hosts
  if (
    hosts.length !== 1 ||
    host === undefined ||
    !allowed.includes(host.toLowerCase()) ||
    !request.raw.url?.startsWith('/')
  ) {
    throw new HttpProblem(421, 'FOREIGN_HOST', `Ask this server as one of: ${allowed.join(', ')}.`)
  }
  const origins = rawValues(request, 'origin')
  if (origins.some(origin => origin.toLowerCase() !== `http://${host.toLowerCase()}`)) {
    throw new HttpProblem(403, 'FOREIGN_ORIGIN', 'Requests from pages of another origin are refused.')
  }
  if (hasBody(request) && !isJson(request)) {
    throw new HttpProblem(415, 'NOT_JSON', 'A body must be sent as application/json.')
  }
}

/** Names under which this machine reaches the server. Without the port only where it is HTTP's own (RFC 9110 §4.2.1). */
function allowedHosts({ host }: ListenOptions, port: number): readonly string[] {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', host.includes(':') ? `[${host}]` : host])
  return [...names].flatMap(name => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
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

function isJson({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/json'
}
