import { retryAfterMs, SecretError, type SecretErrorDetails, type SecretErrorKind } from '@st/secrets-core/provider'

/** What a failure is about. */
export interface FailedCall {
  readonly provider: string
  /** Name of the secret, or names of several; empty when it is about none. */
  readonly subject: string
  /** Operation of the service, which is also the action that a policy allows. */
  readonly operation: string
  /** Profile that credentials were to come from. */
  readonly profile: string | undefined
  /** What it means that AWS does not take a name that is read. */
  readonly badName: SecretErrorKind
}

/** Why there is nothing to read: there is no such secret or version, or it is scheduled for deletion. */
export type Absence = 'missing' | 'deleted'

/** What a failure is, how messages put it, and what else is known. */
type Diagnosis = readonly [kind: SecretErrorKind, problem: string, details?: SecretErrorDetails]

const forbidden: Diagnosis = ['forbidden', 'AWS denies it']
const unusableKey: Diagnosis = [
  'forbidden',
  'its KMS key cannot be used',
  { detail: 'kms', hint: 'Enable its key; allow kms:Decrypt on it, to store kms:GenerateDataKey too.' },
]
const throttled: Diagnosis = ['throttled', 'AWS asks to slow down', { hint: 'Raise policy.cache.ttl.' }]
const unauthenticated: Diagnosis = [
  'unauthenticated',
  'AWS does not accept the credentials',
  { hint: 'Renew the AWS credentials; check the clock.' },
]
const checkWay = { hint: 'Check region, endpoint and network.' }
const unavailable: Diagnosis = ['unavailable', 'AWS did not answer', checkWay]
const timeout: Diagnosis = ['timeout', 'AWS did not answer in time', checkWay]
const checkEndpoint = { hint: 'Check the endpoint; a proxy may answer in its place.' }
const malformed: Diagnosis = ['malformed', 'the answer is not one of AWS', checkEndpoint]
const refused: Diagnosis = ['unavailable', 'AWS refused the request', { transient: false, ...checkEndpoint }]
const untrusted: Diagnosis = [
  'insecure',
  'the endpoint cannot be trusted',
  { detail: 'tls', hint: 'Check the endpoint; name authorities of your own with AWS_CA_BUNDLE.' },
]
const noCredentials: Diagnosis = [
  'not_configured',
  'no AWS credentials were found',
  { hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role.' },
]
const checkToken = { hint: 'Correct AWS_WEB_IDENTITY_TOKEN_FILE.' }
const invalidInput: Diagnosis = ['invalid', 'AWS does not accept it', { hint: 'Check name and size (64 KiB).' }]
const conflict: Diagnosis = ['conflict', 'somebody else changed it', { hint: 'Try again.' }]

/**
 * By name, or by code where the connection failed; the first that fits counts. Not by class: exceptions that the service
 * does not model have none, and several copies of the SDK have several. Not by status: AWS and its emulators do not agree.
 */
const diagnoses: readonly (readonly [RegExp, Diagnosis])[] = [
  // The SDK names these a TimeoutError.
  [/^(ECONNRESET|EPIPE)$/, unavailable],
  [/CERT|UNABLE_TO_VERIFY|^ERR_(SSL|TLS)|^EPROTO$/, untrusted],
  [/^(ENOENT|EACCES|EISDIR)$/, ['not_configured', 'a file of the credentials cannot be read', checkToken]],
  [/^redirect$/, ['insecure', 'redirects are not followed', { detail: 'redirect', ...checkEndpoint }]],
  [/^too_large$/, ['malformed', 'the answer is too large', { detail: 'too_large', ...checkEndpoint }]],
  [
    /^cut_off$/,
    ['malformed', 'the answer ended in the middle', { detail: 'cut_off', transient: true, ...checkEndpoint }],
  ],
  [/^(HPE_|not_json$|SyntaxError$)/, malformed],
  [/^AccessDenied/, forbidden],
  [/^(De|En)cryptionFailure/, unusableKey],
  [/Throttl|^TooManyRequests|^RequestLimitExceeded|^SlowDown/, throttled],
  [
    /Expired|Signature|^UnrecognizedClient|ClientTokenId|AuthenticationToken|IdentityToken|^IDPRejected|TooSkewed|^NotAuthorized/,
    unauthenticated,
  ],
  [/^Internal|^ServiceUnavailable|^IDPCommunication/, unavailable],
  [/^(Request)?(Timeout|Abort)/, timeout],
  [/ProviderError$/, noCredentials],
  [/^InvalidParameter|^Validation|^LimitExceeded/, invalidInput],
  [
    /^InvalidRequest/,
    [
      'not_configured',
      'its state does not permit it',
      { detail: 'invalid_request', hint: 'See aws secretsmanager describe-secret.' },
    ],
  ],
  [/^ResourceExists|^Precondition/, conflict],
]

/** The service's word that there is nothing to read; `undefined` for every other failure. */
export function absenceOf(error: unknown): Absence | undefined {
  const { name, message } = factsOf(error)
  if (name === 'ResourceNotFoundException') return 'missing'
  // The same exception stands for other states; only its message tells them apart.
  return name === 'InvalidRequestException' && /delet/i.test(message) ? 'deleted' : undefined
}

/** Whether the credentials are what was refused, so that others may help. */
export function saysUnauthenticated(error: unknown): boolean {
  return diagnose(factsOf(error)) === unauthenticated
}

/** What the SDK threw, as an error that is safe to show: nothing of it but the status is passed on. */
export function awsFailure(error: unknown, call: FailedCall): SecretError {
  const facts = factsOf(error)
  const diagnosis = diagnose(facts)
  const mayPass = diagnosis === throttled || diagnosis === unavailable
  const answered = { status: facts.status, retryAfterMs: mayPass ? retryAfterMs(facts.retryAfter) : undefined }
  return failure(call, inContext(diagnosis, facts, call), answered)
}

/** The error of a call that cannot do without the secret. */
export function absenceFailure(detail: Absence, call: FailedCall): SecretError {
  if (detail === 'missing') return failure(call, conflict)
  const hint = 'See aws secretsmanager restore-secret.'
  return failure(call, ['not_configured', 'it is scheduled for deletion', { detail, hint }])
}

/** The error of a call that took too long. */
export function timeoutFailure(call: FailedCall): SecretError {
  return failure(call, timeout)
}

function failure(
  { provider, subject, operation }: FailedCall,
  [kind, problem, details]: Diagnosis,
  answered?: SecretErrorDetails,
): SecretError {
  const message = `${operation}${subject && ` of secret "${subject}"`} failed: ${problem}.`
  return new SecretError(kind, message, { provider, ...details, ...answered })
}

function diagnose({ label, status }: Facts): Diagnosis {
  const [, known] = diagnoses.find(([pattern]) => pattern.test(label)) ?? []
  return known && known !== malformed ? known : withoutName(status, known ?? refused)
}

/** Load balancers and proxies name no exception. */
function withoutName(status: number | undefined, otherwise: Diagnosis): Diagnosis {
  if (status === 429) return throttled
  if (status === undefined) return otherwise === malformed ? malformed : unavailable
  if (status >= 500) return unavailable
  // What came as an answer and broke the SDK.
  return status < 300 ? malformed : otherwise
}

/** What a diagnosis means for what was asked for. */
function inContext(
  diagnosis: Diagnosis,
  { message }: Facts,
  { operation, subject, profile, badName }: FailedCall,
): Diagnosis {
  const [kind, problem] = diagnosis
  if (diagnosis === noCredentials && profile) return [kind, problem, { hint: `Check the AWS profile "${profile}".` }]
  if (diagnosis === forbidden) return denial(message, subject ? `secretsmanager:${operation}` : 'sts:AssumeRole')
  if (diagnosis !== invalidInput) return diagnosis
  // The label is no longer at the version that it was to be moved from.
  if (operation.startsWith('Update')) return conflict
  return operation.includes('Get')
    ? [badName, problem, { hint: 'Check secretName, SIMPLETUNER_AWS_SECRET_NAME or secretId.' }]
    : invalidInput
}

/** The action is taken from the message, where it is not always the one that was asked for, and else from the call. */
function denial(message: string, asked: string): Diagnosis {
  const [, action] = /perform: ([a-z-]+:[A-Za-z]+)/.exec(message) ?? []
  if (!action && message.includes('KMS')) return unusableKey
  const hint = `Allow ${action ?? asked}, and kms:Decrypt if the secret has a key of its own.`
  return ['forbidden', 'AWS denies it', { hint }]
}

interface Facts {
  readonly name: string
  readonly message: string
  /** The code of a failed connection, and else the name. */
  readonly label: string
  readonly status: number | undefined
  readonly retryAfter: string | undefined
}

/** Members of what the SDK throws. */
interface Thrown {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: {
    readonly statusCode?: number
    readonly headers?: Readonly<Record<string, string | undefined>>
  }
}

function factsOf(error: unknown): Facts {
  // Every member is optional and looked at before it is used.
  const { name, message, code, $metadata, $response }: Thrown = error ?? {}
  const status = $metadata?.httpStatusCode ?? $response?.statusCode
  const label = typeof code === 'string' ? code : String(name)
  return {
    name: String(name),
    message: String(message),
    label,
    status,
    retryAfter: $response?.headers?.['retry-after'],
  }
}
