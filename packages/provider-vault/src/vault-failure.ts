import { retryAfterMs, SecretError, type SecretErrorDetails, type SecretErrorKind } from '@st/secrets-core/provider'
import { errorsOf, type VaultAnswer } from './vault-answer.ts'

/** What a failure is about. */
export interface FailedRequest {
  readonly provider: string
  /** Path below `/v1/`, for people. */
  readonly path: string
  /** Whether it should change something. Default: false. */
  readonly isWrite?: boolean | undefined
  /** Whether the provider logged in for its token just now, so that another login would not help. Default: false. */
  readonly isFromLogin?: boolean | undefined
}

type Diagnosis = Pick<SecretErrorDetails, 'detail' | 'hint' | 'transient'> & {
  readonly kind: SecretErrorKind
  readonly problem: string
}

const unavailable: Diagnosis = {
  kind: 'unavailable',
  problem: 'Vault failed',
  hint: 'Look at the log of the server, and of what stands between.',
}
const throttled: Diagnosis = {
  kind: 'throttled',
  problem: 'Vault asks to slow down',
  hint: 'Ask less often, or have the rate limit quota raised.',
}
const malformed: Diagnosis = {
  kind: 'malformed',
  problem: 'the answer is not one of Vault',
  hint: 'Check the address (`url` or VAULT_ADDR), and whether a proxy or a login page answers in its place.',
}

const activeNodeHint = 'Set the address (`url` or VAULT_ADDR) to that of the active node.'

/** Why no usable answer came. */
export type TransportFault = 'timeout' | 'unreachable' | 'no_http' | 'tls' | 'too_large' | 'cut_off' | 'encoded'

const transportFaults: Readonly<Record<TransportFault, Diagnosis>> = {
  timeout: {
    kind: 'timeout',
    problem: 'Vault did not answer in time',
    hint: 'Check that the server can be reached from here, and how busy it is.',
  },
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
    hint: 'Set VAULT_CACERT to the file of the authority that signed the certificate, or check the client certificate.',
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

/** The error of a write that met somebody else's. */
export function conflictFailure({ status }: VaultAnswer, request: FailedRequest): SecretError {
  const problem = 'it was changed by somebody else at the same time'
  return failure(request, {
    kind: 'conflict',
    problem,
    status,
    hint: 'Read it again, and write if that is still right.',
  })
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

function failure({ provider, path, isWrite }: FailedRequest, diagnosis: Diagnosis & SecretErrorDetails): SecretError {
  const { kind, problem, ...details } = diagnosis
  const done = isWrite ? 'written' : 'read'
  return new SecretError(kind, `Vault path "${path}" was not ${done}: ${problem}.`, { provider, ...details })
}

function diagnose(answer: VaultAnswer, request: FailedRequest): Diagnosis {
  const { status } = answer
  if (status >= 300 && status < 400) return diagnoseRedirect(answer)
  if (status === 429) return throttled
  const state = states.get(status)
  if (state) return { ...unavailable, ...state }
  if (status >= 500) return diagnoseServerFailure(answer)
  if (answer.body === undefined || status < 300) return malformed
  if (status === 401 || status === 403) return diagnoseRefusal(answer, request)
  return diagnoseRequestFailure(answer)
}

/** Statuses of Vault's own for servers that cannot serve this now. */
const states: ReadonlyMap<number, Pick<Diagnosis, 'problem' | 'detail' | 'hint'>> = new Map([
  // Vault Enterprise: this node has not caught up yet.
  [412, { problem: 'this node is behind the others' }],
  [
    472,
    {
      problem: 'it is a disaster recovery secondary',
      detail: 'dr_secondary',
      hint: 'Set the address (`url` or VAULT_ADDR) to that of the primary.',
    },
  ],
  [473, { problem: 'it is a performance standby', detail: 'standby', hint: activeNodeHint }],
  [501, { problem: 'Vault is not initialised', detail: 'uninitialised', hint: 'Initialise Vault.' }],
])

function diagnoseRedirect({ leavesOrigin }: VaultAnswer): Diagnosis {
  const hint = activeNodeHint
  if (!leavesOrigin) return { ...malformed, problem: 'the server sends it elsewhere', detail: 'redirect', hint }
  const problem = 'the server sends it to another host, which is not followed, as the token would go there'
  return { kind: 'insecure', problem, detail: 'redirect', hint: `${hint} Or list that host in redirectOrigins.` }
}

function diagnoseServerFailure(answer: VaultAnswer): Diagnosis {
  if (errorsOf(answer).includes('Vault is sealed')) {
    return { ...unavailable, problem: 'Vault is sealed', detail: 'sealed', hint: 'Unseal Vault.' }
  }
  // Said of a path that cannot be one, as with a slash at its end; asking again would not help.
  if (errorsOf(answer).some(text => text.includes('could not find version data'))) return malformed
  return unavailable
}

function diagnoseRefusal(answer: VaultAnswer, { path, isWrite, isFromLogin }: FailedRequest): Diagnosis {
  const isTokenRefused = answer.status === 401 || refusesToken(answer)
  if (isTokenRefused && !isFromLogin) {
    const hint =
      'The token is expired, revoked, used up or not one of this server: set a new one (`token` or VAULT_TOKEN).'
    return { kind: 'unauthenticated', problem: 'Vault does not accept the token', hint }
  }
  const capabilities = isWrite ? '"read", "create", "update" and "patch"' : '"read"'
  const hint = isTokenRefused
    ? 'Vault refuses the token of a fresh login, too: check the namespace, and what the role binds its tokens to.'
    : `Give the token a policy with ${capabilities} on "${path}".`
  return { kind: 'forbidden', problem: `Vault denies ${isWrite ? 'writing' : 'reading'} it`, hint }
}

function diagnoseRequestFailure(answer: VaultAnswer): Diagnosis {
  const errors = errorsOf(answer).join('\n')
  if (errors.includes('namespace not found')) {
    const hint = 'Check namespace or VAULT_NAMESPACE.'
    return { kind: 'not_configured', problem: 'the namespace does not exist', hint }
  }
  if (errors.includes('no handler for route')) {
    const hint = 'Check mountPoint or SIMPLETUNER_VAULT_MOUNT.'
    return { kind: 'not_configured', problem: 'no engine is mounted there', hint }
  }
  // What says nothing in Vault's way is somebody else's 404.
  if (answer.status === 404 && errors === '') return malformed
  return { ...malformed, kind: 'not_configured', problem: 'Vault refuses the request' }
}
