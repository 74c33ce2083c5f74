import { SecretError, type SecretErrorDetails, type SecretErrorKind } from '@st/secrets-core/provider'
import { type UnusableReason, UnusableResponse } from './response-guard.ts'

/** What a failure is about. */
export interface FailedRead {
  readonly provider: string
  readonly secretName: string
}

type Diagnosis = Pick<SecretErrorDetails, 'detail' | 'hint' | 'transient'> & {
  readonly kind: SecretErrorKind
  readonly problem: string
}

const forbidden: Diagnosis = {
  kind: 'forbidden',
  problem: 'AWS denies reading it',
  hint: 'Allow secretsmanager:GetSecretValue on this secret, and kms:Decrypt when it has a key of its own.',
}
const undecryptable: Diagnosis = {
  kind: 'forbidden',
  problem: 'its KMS key cannot be used',
  hint: 'Allow kms:Decrypt on the key of this secret, and check that the key is enabled.',
}
const throttled: Diagnosis = { kind: 'throttled', problem: 'AWS asks to slow down' }
const unauthenticated: Diagnosis = {
  kind: 'unauthenticated',
  problem: 'AWS does not accept the credentials',
  hint: 'Renew the AWS credentials, and check the clock of this machine.',
}
const unavailable: Diagnosis = { kind: 'unavailable', problem: 'AWS Secrets Manager did not answer' }
const timeout: Diagnosis = { kind: 'timeout', problem: 'AWS Secrets Manager did not answer in time' }
const malformed: Diagnosis = {
  kind: 'malformed',
  problem: 'the answer is not one of AWS Secrets Manager',
  hint: 'Check the endpoint, and whether a proxy answers in its place.',
}
const noCredentials: Diagnosis = {
  kind: 'not_configured',
  problem: 'no AWS credentials were found',
  hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, an AWS profile, or a role for this machine.',
}
const invalidName: Diagnosis = {
  kind: 'not_configured',
  problem: 'AWS does not accept the name',
  hint: 'Check secretName or SIMPLETUNER_AWS_SECRET_NAME.',
}
const invalidState: Diagnosis = {
  kind: 'not_configured',
  problem: 'it cannot be read in its present state',
  detail: 'invalid_request',
  hint: 'It may be scheduled for deletion: restore it, or name another one.',
}

/**
 * By name alone: exceptions that the service does not model have no class, several copies of the SDK have several
 * classes, and neither AWS nor its emulators agree on statuses.
 */
const diagnoses: ReadonlyMap<string, Diagnosis> = new Map([
  ['AccessDeniedException', forbidden],
  ['AccessDenied', forbidden],
  ['DecryptionFailure', undecryptable],
  ['ThrottlingException', throttled],
  ['Throttling', throttled],
  ['ThrottledException', throttled],
  ['TooManyRequestsException', throttled],
  ['RequestLimitExceeded', throttled],
  ['RequestThrottledException', throttled],
  ['SlowDown', throttled],
  ['ExpiredTokenException', unauthenticated],
  ['ExpiredToken', unauthenticated],
  ['UnrecognizedClientException', unauthenticated],
  ['InvalidClientTokenId', unauthenticated],
  ['InvalidSignatureException', unauthenticated],
  ['SignatureDoesNotMatch', unauthenticated],
  ['IncompleteSignature', unauthenticated],
  ['IncompleteSignatureException', unauthenticated],
  ['MissingAuthenticationToken', unauthenticated],
  ['MissingAuthenticationTokenException', unauthenticated],
  ['RequestExpired', unauthenticated],
  ['NotAuthorized', unauthenticated],
  ['InternalServiceError', unavailable],
  ['InternalFailure', unavailable],
  ['InternalServerError', unavailable],
  ['ServiceUnavailable', unavailable],
  ['ServiceUnavailableException', unavailable],
  ['TimeoutError', timeout],
  ['AbortError', timeout],
  ['SyntaxError', malformed],
  ['CredentialsProviderError', noCredentials],
  ['TokenProviderError', noCredentials],
  ['ProviderError', noCredentials],
  ['InvalidParameterException', invalidName],
  ['ValidationException', invalidName],
  ['InvalidRequestException', invalidState],
])

const unusable: Readonly<Record<UnusableReason, Diagnosis>> = {
  too_large: { ...malformed, problem: 'the answer is larger than a secret can be', detail: 'too_large' },
  cut_off: { ...malformed, problem: 'the answer ended in the middle', detail: 'cut_off', transient: true },
  not_json: malformed,
  redirect: {
    kind: 'insecure',
    problem: 'the answer is a redirect, which is not followed',
    detail: 'redirect',
    hint: malformed.hint,
  },
}

/** Whether this is the service's word that there is no such secret. */
export function saysMissing(error: unknown): boolean {
  return nameOf(error) === 'ResourceNotFoundException'
}

/** What the SDK threw, as an error that is safe to show: nothing of it but the status is passed on. */
export function awsFailure(error: unknown, read: FailedRead): SecretError {
  const status = statusOf(error)
  const { kind, problem, ...details } = diagnose(error, status)
  const retryAfterMs = kind === 'throttled' || kind === 'unavailable' ? retryAfterMsOf(error) : undefined
  return failure(read, { kind, problem, status, retryAfterMs, ...details })
}

/** The error of a read that took too long. */
export function timeoutFailure(read: FailedRead): SecretError {
  return failure(read, timeout)
}

function failure({ provider, secretName }: FailedRead, diagnosis: Diagnosis & SecretErrorDetails): SecretError {
  const { kind, problem, ...details } = diagnosis
  return new SecretError(kind, `Secret "${secretName}" was not read: ${problem}.`, { provider, ...details })
}

function diagnose(error: unknown, status: number | undefined): Diagnosis {
  if (error instanceof UnusableResponse) {
    const byStatus = error.reason === 'not_json' ? diagnoseStatus(status) : undefined
    return byStatus ?? unusable[error.reason]
  }
  return diagnoseCode(codeOf(error)) ?? diagnoses.get(nameOf(error)) ?? diagnoseStatus(status) ?? unknownFailure(status)
}

/** Nothing but the failures of load balancers and proxies, which name no exception. */
function diagnoseStatus(status = 0): Diagnosis | undefined {
  if (status === 429) return throttled
  return status >= 500 ? unavailable : undefined
}

/** Failures of the connection; the service's own exceptions have no code. */
function diagnoseCode(code: string): Diagnosis | undefined {
  // The SDK names these a TimeoutError.
  if (code === 'ECONNRESET' || code === 'EPIPE') return unavailable
  if (code.startsWith('HPE_')) return malformed
  if (!/CERT|UNABLE_TO_VERIFY/.test(code)) return undefined
  return { kind: 'insecure', problem: 'the certificate of the endpoint cannot be trusted', detail: 'tls' }
}

/** With a status the service answered and means it; without one nobody did. */
function unknownFailure(status: number | undefined): Diagnosis {
  if (status === undefined) return unavailable
  return { ...unavailable, problem: 'AWS Secrets Manager refused the request', transient: false }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Members that the SDK puts on what it throws. */
interface Answered {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof UnusableResponse) return error.status
  // Every member is optional and looked at before it is used.
  const status: unknown = (error as Answered | undefined)?.$metadata?.httpStatusCode
  return typeof status === 'number' ? status : undefined
}

function retryAfterMsOf(error: unknown): number | undefined {
  // As above.
  const seconds: unknown = (error as Answered | undefined)?.$response?.headers?.['retry-after']
  return typeof seconds === 'string' && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined
}
