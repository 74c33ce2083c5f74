import { type SecretErrorKind, SecretError } from '@st/secrets-core'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** Media type of every refusal (RFC 9457 §3). */
const problemMediaType = 'application/problem+json; charset=utf-8'

/** Why a request was refused (RFC 9457). No member holds a value, a body or a third party's message. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  /** What was wrong with this request, and what to do. */
  readonly detail: string
  /** Stable; branch on this. */
  readonly code: string
}

/** A refusal with its status. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

/** Answers with what is told about a failure. */
export function sendProblem(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const told = problemOf(error)
  void reply.code(told.status).type(problemMediaType).send(told)
}

/** What is told about a failure. */
function problemOf(error: unknown): Problem {
  if (error instanceof HttpProblem) return problem(error.status, error.code, error.message)
  if (SecretError.isInstance(error)) {
    const detail = error.hint === undefined ? error.message : `${error.message} ${error.hint}`
    return problem(statusOfKind[error.kind] ?? 500, error.code, detail)
  }
  if (isFastifyError(error)) return refusalOf(error)
  return problem(500, 'INTERNAL', 'The server failed; its log says where.')
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

const statusOfKind: Partial<Readonly<Record<SecretErrorKind, number>>> = {
  missing: 404,
  invalid: 400,
  conflict: 409,
  unsupported: 409,
  malformed: 409,
  insecure: 409,
  forbidden: 409,
  unresolved: 503,
  unavailable: 503,
  timeout: 503,
  throttled: 503,
  unauthenticated: 503,
  not_configured: 503,
  closed: 503,
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: titles[status] ?? 'Error', status, detail, code }
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && 'code' in error
}

function refusalOf(error: FastifyError): Problem {
  const status = error.statusCode ?? 500
  if (error.validation !== undefined) return problem(400, 'INVALID_REQUEST', describeRule(error))
  if (status === 413) return problem(413, 'BODY_TOO_LARGE', 'The body is too large.')
  if (status >= 400 && status < 500)
    return problem(
      status,
      'INVALID_REQUEST',
      'The request cannot be read: an address must be percent-encoded UTF-8, a body JSON.',
    )
  return problem(500, 'INTERNAL', 'The server failed; its log says where.')
}

/** Schema messages name members and rules, never what was sent. */
function describeRule({ validation: [first] = [], validationContext }: FastifyError): string {
  const part = validationContext === 'body' ? 'body' : 'address'
  const member = first?.instancePath ? ` "${first.instancePath.slice(1)}"` : ''
  return `The ${part}${member} ${first?.message ?? 'breaks a rule'}.`
}
