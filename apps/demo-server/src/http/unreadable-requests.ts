import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpProblem, type Problem, problemMediaType, sendProblem } from './problem.ts'

/** What protects an answer to a request that never reached a route. Those to all others have more of it, by hooks. */
const protectionHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
} as const

/** Answers a request whose address cannot be decoded. */
export function refuseAddress(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ ...protectionHeaders, 'x-request-id': request.id })
  sendProblem(error, request, reply)
}

/** Answers what is no HTTP, or came too slowly, and ends the connection: nobody knows where the next request begins. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  // There is nobody left to be answered.
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) socket.destroy()
  else socket.end(answerOf(problems[error.code ?? ''] ?? invalid), () => socket.destroy())
}

const invalid = new HttpProblem(400, 'INVALID_REQUEST', 'This is no HTTP request.')
const problems: Readonly<Record<string, HttpProblem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new HttpProblem(408, 'REQUEST_TOO_SLOW', 'The request did not come in time.'),
  HPE_HEADER_OVERFLOW: new HttpProblem(431, 'HEADERS_TOO_LARGE', 'Address and headers are too large together.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new HttpProblem(413, 'BODY_TOO_LARGE', 'The body is too large.'),
}

function answerOf({ status, code, message: detail }: HttpProblem): string {
  const title = STATUS_CODES[status] ?? 'Error'
  const requestId = randomUUID()
  const problem: Problem = { type: 'about:blank', title, status, detail, code, requestId }
  const body = JSON.stringify(problem)
  const headers = {
    ...protectionHeaders,
    'x-request-id': requestId,
    'content-type': `${problemMediaType}; charset=utf-8`,
    'content-length': String(body.length),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`
}
