import { CredentialError } from '@st/credential-crypto'
import { type SecretErrorKind, SecretError } from '@st/secrets-core'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AuditError, type AuditErrorKind } from '../audit/audit-error.ts'
import { BackupError, type BackupErrorKind } from '../backup/backup-error.ts'
import { DatabaseError, type DatabaseErrorKind } from '../database/database-error.ts'
import { KeyError } from '../key-rotation/key-error.ts'
import { Refusal, type RefusalKind } from '../refusal.ts'

/** Media type of every refusal (RFC 9457 §3). */
export const problemMediaType = 'application/problem+json'

/** Why a request was refused (RFC 9457). No member holds a value, a body or a third party's message. */
export const ProblemSchema = Type.Object(
  {
    type: Type.Literal('about:blank'),
    title: Type.String({ description: 'The status in words.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was wrong with this request, and what to do.' }),
    code: Type.String({ description: 'Stable; branch on this.' }),
    requestId: Type.String({ description: 'Tells the request apart in the log and the audit log.' }),
  },
  { $id: 'Problem' },
)

/** Why a request was refused. */
export type Problem = Type.Static<typeof ProblemSchema>

/** A refusal with its status. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly code: string
  /** Seconds after which it may be tried again. */
  declare readonly retryAfter?: number

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }

  /** The same, with the seconds after which it may be tried again; `undefined` = it is not said. */
  after(retryAfter: number | undefined): this {
    return retryAfter === undefined ? this : Object.assign(this, { retryAfter })
  }
}

/** Answers with what is told about a failure. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, message, retryAfter } = problemOf(error)
  const title = titles[status] ?? 'Error'
  const told: Problem = { type: 'about:blank', title, status, detail: message, code, requestId: request.id }
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(retryAfter)))
  // What was answered instead is no answer of this kind, and must not be taken for one.
  reply.removeHeader('etag').removeHeader('content-disposition')
  void reply.code(status).type(`${problemMediaType}; charset=utf-8`).send(told)
}

/** Whether it is the server's own fault, and what happened must be logged. */
export function isOwnFault(error: unknown): boolean {
  return problemOf(error).status === 500
}

/** What is told about a failure. */
function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof Refusal) {
    return new HttpProblem(statusOfRefusal[error.kind], error.code, error.message).after(error.retryAfter)
  }
  return problemOfPart(error) ?? (isFastifyError(error) ? refusalOf(error) : internal)
}

/** What the parts of the server fail with, each of which tells what to do. */
function problemOfPart(error: unknown): HttpProblem | undefined {
  if (SecretError.isInstance(error)) return hinted(statusOfSecret[error.kind] ?? 500, error)
  if (error instanceof DatabaseError) {
    const status = statusOfDatabase[error.kind] ?? 500
    return hinted(status, error).after(error.isTransient ? 1 : undefined)
  }
  if (error instanceof BackupError) return hinted(statusOfBackup[error.kind], error)
  if (error instanceof AuditError) return hinted(statusOfAudit[error.kind], error)
  // About the key of the server, not about the request: so is a value that does not decrypt.
  if (error instanceof KeyError || CredentialError.isInstance(error)) return hinted(503, error)
  return undefined
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
}

const statusOfRefusal: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  throttled: 429,
}

const statusOfSecret: Partial<Readonly<Record<SecretErrorKind, number>>> = {
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

const statusOfDatabase: Partial<Readonly<Record<DatabaseErrorKind, number>>> = {
  locked: 503,
  busy: 503,
  conflict: 503,
  unavailable: 503,
  outcome_unknown: 503,
  read_only: 503,
  damaged: 503,
  closed: 503,
  full: 507,
  unique: 409,
  foreign_key: 409,
}

const statusOfAudit: Readonly<Record<AuditErrorKind, number>> = {
  receipt_invalid: 400,
  tampered: 409,
  anchor_invalid: 503,
  key_refused: 503,
}

const statusOfBackup: Readonly<Record<BackupErrorKind, number>> = {
  exists: 409,
  unavailable: 503,
  not_a_backup: 400,
  damaged: 400,
  newer: 400,
  key_missing: 409,
  passphrase_missing: 400,
  passphrase_wrong: 400,
  passphrase_short: 400,
  audit_key: 409,
  audit_tampered: 409,
  other_log: 409,
  conflict: 409,
}

const internal = new HttpProblem(500, 'INTERNAL', 'The server failed; its log says where.')

function hinted(
  status: number,
  { code, message, hint }: { readonly code: string; readonly message: string; readonly hint?: string },
): HttpProblem {
  return new HttpProblem(status, code, hint === undefined ? message : `${message} ${hint}`)
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && 'code' in error
}

function refusalOf(error: FastifyError): HttpProblem {
  const status = error.statusCode ?? 500
  if (error.validation !== undefined) return new HttpProblem(400, 'INVALID_REQUEST', describeRule(error))
  if (status === 413) return new HttpProblem(413, 'BODY_TOO_LARGE', 'The body is too large.')
  if (status >= 400 && status < 500) {
    const detail = 'The request cannot be read: an address must be percent-encoded UTF-8, a body JSON.'
    return new HttpProblem(status, 'INVALID_REQUEST', detail)
  }
  return internal
}

/** Schema messages name members and rules, never what was sent. */
function describeRule({ validation: [first] = [], validationContext }: FastifyError): string {
  const part = validationContext === 'body' ? 'body' : 'address'
  const member = first?.instancePath ? ` "${first.instancePath.slice(1)}"` : ''
  return `The ${part}${member} ${first?.message ?? 'breaks a rule'}.`
}
