import { randomUUID } from 'node:crypto'
import type { ProblemView } from './api-shapes.ts'
import type { ConsoleRequest, ConsoleResponse } from './exchange.ts'

/** Headers of every answer: nothing is kept by caches, sniffed, framed or loaded from elsewhere. */
const safetyHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** What is answered. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** Why a request is refused (RFC 9457). No member holds a value. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

/** An answer in JSON. */
export function json(data: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(data) }
}

/** The answer to a request that is refused. */
export function problem({ status, code, message }: Refused): Reply {
  const titles: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    403: 'Forbidden',
    404: 'Not Found',
    405: 'Method Not Allowed',
    413: 'Content Too Large',
    500: 'Internal Server Error',
    503: 'Service Unavailable',
  }
  const told: ProblemView = {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail: message,
    code,
    requestId: randomUUID(),
  }
  return { ...json(told, status), headers: { 'content-type': 'application/problem+json; charset=utf-8' } }
}

/** Sends an answer. */
export function send(request: ConsoleRequest, response: ConsoleResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...safetyHeaders, ...headers })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** A request in the parts that the console looks at. */
export interface Call {
  readonly method: string
  /** Segments of the path below the base path, decoded. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
}

/**
 * Takes a request apart.
 *
 * @returns `undefined` for one that is not below the base path.
 * @throws Refused 400 for a path that cannot be decoded.
 */
export function callOf(request: ConsoleRequest, basePath: string): Call | undefined {
  // Express takes the mount path away and keeps the whole address here.
  const { originalUrl, url = '/' } = request
  const address = typeof originalUrl === 'string' ? originalUrl : url
  const [path = '', search = ''] = address.split(/\?(.*)/s)
  if (!path.startsWith(basePath)) return undefined
  const { method = 'GET' } = request
  return { method, segments: path.slice(basePath.length).split('/').map(decoded), query: new URLSearchParams(search) }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refused(400, 'INVALID_REQUEST', 'The address cannot be read: it must be percent-encoded UTF-8.')
  }
}
