import { SecretError, type SecretErrorDetails, type SecretErrorKind } from '@st/secrets-core/provider'
import { retryAfterMs } from './retry-after.ts'
import { errorsOf, type VaultAnswer } from './vault-answer.ts'

/** What a failure is about. */
export interface FailedRequest {
  readonly provider: string
  /** Path below `/v1/`, for people. */
  readonly path: string
}

type Diagnosis = Pick<SecretErrorDetails, 'detail' | 'hint' | 'transient'> & {
  readonly kind: SecretErrorKind
  readonly problem: string
}

const unavailable: Diagnosis = { kind: 'unavailable', problem: 'Vault did not answer' }
const throttled: Diagnosis = { kind: 'throttled', problem: 'Vault asks to slow down' }
const malformed: Diagnosis = {
  kind: 'malformed',
  problem: 'the answer is not one of Vault',
  hint: 'Check the address, and whether a proxy or a login page answers in its place.',
}

/** Why no usable answer came. */
export type TransportFault = 'timeout' | 'unreachable' | 'no_http' | 'tls' | 'too_large' | 'cut_off' | 'encoded'

const transportFaults: Readonly<Record<TransportFault, Diagnosis>> = {
  timeout: { kind: 'timeout', problem: 'Vault did not answer in time' },
  unreachable: {
    ...unavailable,
    problem: 'Vault cannot be reached',
    hint: 'Check the address (`url` or VAULT_ADDR), and that the server runs and accepts connections from here.',
  },
  no_http: malformed,
  tls: {
    kind: 'insecure',
    problem: 'the certificate of the server cannot be trusted, or it does not speak TLS',
    detail: 'tls',
    hint: 'Set VAULT_CACERT to the file of the authority that signed the certificate.',
  },
  too_large: { ...malformed, problem: 'the answer is larger than a secret can be', detail: 'too_large' },
  cut_off: { ...malformed, problem: 'the answer ended in the middle', detail: 'cut_off', transient: true },
  encoded: { ...malformed, problem: 'the answer is compressed, which nobody asked for' },
}

/** The error of a request that got no usable answer. */
export function transportFailure(fault: TransportFault, request: FailedRequest): SecretError {
  return failure(request, transportFaults[fault])
}

/** The error of an answer that is neither a document nor the word that there is none. */
export function answerFailure(answer: VaultAnswer, request: FailedRequest): SecretError {
  const { kind, problem, ...details } = diagnose(answer, request)
  const isBusy = kind === 'throttled' || kind === 'unavailable'
  const waitMs = isBusy ? retryAfterMs(answer.retryAfter) : undefined
  return failure(request, { kind, problem, status: answer.status, retryAfterMs: waitMs, ...details })
}

/** The error of a JSON answer without the members that it must have. */
export function shapeFailure({ status }: VaultAnswer, request: FailedRequest): SecretError {
  return failure(request, { ...malformed, status })
}

/** The error of a mount or path that is not what the options say. */
export function locationFailure(request: FailedRequest, problem: string, hint: string): SecretError {
  return failure(request, { kind: 'not_configured', problem, hint })
}

/** Whether a 403 refuses the token itself, rather than what it wants to read. */
export function refusesToken(answer: VaultAnswer): boolean {
  // As recorded, a policy's refusal begins with `1 error occurred:`. Newer Vaults add `invalid token` to the other one.
  return errorsOf(answer).some(text => text === 'permission denied' || text.includes('invalid token'))
}

function failure({ provider, path }: FailedRequest, diagnosis: Diagnosis & SecretErrorDetails): SecretError {
  const { kind, problem, ...details } = diagnosis
  return new SecretError(kind, `Vault path "${path}" was not read: ${problem}.`, { provider, ...details })
}

function diagnose(answer: VaultAnswer, request: FailedRequest): Diagnosis {
  const { status } = answer
  if (status >= 300 && status < 400) return diagnoseRedirect(answer)
  if (status === 429) return throttled
  if (status >= 500) return diagnoseServerFailure(answer)
  if (answer.body === undefined || status < 300) return malformed
  if (status === 401 || status === 403) return diagnoseRefusal(answer, request)
  return diagnoseRequestFailure(answer)
}

function diagnoseRedirect({ leavesOrigin }: VaultAnswer): Diagnosis {
  const hint = 'Set the address to that of the active node.'
  if (!leavesOrigin) return { ...malformed, problem: 'the server sends it elsewhere', detail: 'redirect', hint }
  const problem = 'the server sends it to another host, which is not followed, as the token would go there'
  return { kind: 'insecure', problem, detail: 'redirect', hint }
}

function diagnoseServerFailure(answer: VaultAnswer): Diagnosis {
  if (errorsOf(answer).includes('Vault is sealed')) {
    return { ...unavailable, problem: 'Vault is sealed', detail: 'sealed', hint: 'Unseal Vault.' }
  }
  return { ...unavailable, problem: 'Vault failed' }
}

function diagnoseRefusal(answer: VaultAnswer, { path }: FailedRequest): Diagnosis {
  if (answer.status === 401 || refusesToken(answer)) {
    const hint = 'The token is expired, revoked, used up or not one of this server: set a new one.'
    return { kind: 'unauthenticated', problem: 'Vault does not accept the token', hint }
  }
  const hint = `Give the token a policy with "read" on "${path}".`
  return { kind: 'forbidden', problem: 'Vault denies reading it', hint }
}

function diagnoseRequestFailure(answer: VaultAnswer): Diagnosis {
  const { status } = answer
  // Vault Enterprise: this node has not caught up yet.
  if (status === 412) return unavailable
  if (status !== 404) return { kind: 'not_configured', problem: 'Vault refuses the request', hint: malformed.hint }
  const errors = errorsOf(answer).join('\n')
  if (errors.includes('namespace not found')) {
    const hint = 'Check namespace or VAULT_NAMESPACE.'
    return { kind: 'not_configured', problem: 'the namespace does not exist', hint }
  }
  if (errors.includes('no handler for route')) {
    const hint = 'Check mountPoint or SIMPLETUNER_VAULT_MOUNT.'
    return { kind: 'not_configured', problem: 'no engine is mounted there', hint }
  }
  return malformed
}
