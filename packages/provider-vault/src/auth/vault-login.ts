import { createHash } from 'node:crypto'
import { SecretError } from '@st/secrets-core/provider'
import { isObject, type VaultAnswer } from '../vault-answer.ts'
import { answerFailure, shapeFailure } from '../vault-failure.ts'
import { encodePath, trimSlashes } from '../vault-path.ts'
import { readCredential } from './credential.ts'
import { type LoginAuth, type LoginPlan, loginPlanOf } from './login-methods.ts'
import { SecretIdWrapping } from './secret-id-wrapping.ts'
import type { VaultCall } from './vault-call.ts'
import { grantedLease, isToken, type TokenLease, VaultToken } from './vault-token.ts'

/** A token and what is known of its life; without a lease nothing is. */
export interface GrantedToken {
  readonly token: VaultToken
  readonly lease?: TokenLease
}

/** What a login needs. */
export interface LoginOptions {
  /** Name of the provider, for errors. */
  readonly provider: string
  readonly call: VaultCall
  readonly now: () => number
  /** Told every credential that was fetched. */
  readonly protect: (sensitive: string) => void
}

/** A login that the server refused. */
interface RefusedLogin {
  /** Of what was sent. */
  readonly digest: string
  readonly failure: SecretError
  readonly until: number
}

const shortestPauseMs = 10_000
const longestPauseMs = 300_000

/**
 * Logs in. What the server refused is not sent again for a while, as some methods lock a user out who tries too often;
 * other credentials are sent at once.
 */
export class VaultLogin {
  readonly #auth: LoginAuth
  readonly #options: LoginOptions
  readonly #plan: LoginPlan
  /** Path of the mount, for people. */
  readonly #mountPath: string
  readonly #wrapping: SecretIdWrapping | undefined
  #refused: RefusedLogin | undefined
  #pauseMs = shortestPauseMs

  constructor(auth: LoginAuth, options: LoginOptions) {
    const mount = trimSlashes(auth.mount || auth.method)
    this.#auth = auth
    this.#options = options
    this.#plan = loginPlanOf(auth)
    this.#mountPath = `auth/${mount}`
    if (auth.method === 'approle' && auth.unwrap) {
      this.#wrapping = new SecretIdWrapping({ ...options, mount, namespace: auth.namespace }, options.call)
    }
  }

  /**
   * Asks for a token.
   *
   * @throws SecretError `unauthenticated` when the server refuses the credentials.
   */
  async run(signal: AbortSignal): Promise<GrantedToken> {
    const body = this.#plan.body(await this.#credential(signal))
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64')
    const { now, call, provider } = this.#options
    if (this.#refused?.digest === digest && now() < this.#refused.until) throw this.#refused.failure
    const { subject } = this.#plan
    const mountPath = encodePath(this.#mountPath)
    const path = `${mountPath}/login${subject === undefined ? '' : `/${encodeURIComponent(subject)}`}`
    const sentAt = now()
    const answer = await call({ method: 'POST', path, namespace: this.#auth.namespace, body, signal })
    if (answer.status !== 200) throw this.#refusal(answer, digest)
    this.#pauseMs = shortestPauseMs
    return grantOf(answer, { provider, path: `${this.#mountPath}/login` }, sentAt)
  }

  async #credential(signal: AbortSignal): Promise<string | undefined> {
    const { credential, option = '' } = this.#plan
    if (credential === undefined) return undefined
    const { provider, protect } = this.#options
    const known = this.#wrapping?.secretId
    const text = await readCredential(credential, { provider, option }).catch((error: unknown) => {
      // The file of a wrapping token is often removed once it was read.
      if (known === undefined) throw error
    })
    if (text === undefined) return known
    protect(text)
    if (!this.#wrapping) return text
    const secretId = await this.#wrapping.open(text, signal)
    protect(secretId)
    return secretId
  }

  #refusal(answer: VaultAnswer, digest: string): SecretError {
    const { provider, now } = this.#options
    const { status } = answer
    const isRefusal = answer.body !== undefined && (status === 400 || status === 401 || status === 403)
    if (!isRefusal) return answerFailure(answer, { provider, path: `${this.#mountPath}/login` })
    const problem = `Vault refuses the login by ${this.#auth.method} at "${this.#mountPath}".`
    const hint =
      status === 403
        ? `Check auth.mount: the method may not be enabled at "${this.#mountPath}". A user who is locked out is refused like this too.`
        : `Check ${this.#plan.options}.`
    const failure = new SecretError('unauthenticated', problem, { provider, status, hint })
    this.#refused = { digest, failure, until: now() + this.#pauseMs }
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs)
    return failure
  }
}

function grantOf(
  answer: VaultAnswer,
  request: { readonly provider: string; readonly path: string },
  sentAt: number,
): GrantedToken {
  const auth = isObject(answer.body) ? answer.body['auth'] : undefined
  if (!isObject(auth)) throw shapeFailure(answer, request)
  if (isObject(auth['mfa_requirement'])) {
    throw new SecretError('unsupported', `The login at "${request.path}" asks for a second factor.`, {
      provider: request.provider,
      hint: 'Use a method or role for machines, which asks for none.',
    })
  }
  const lease = grantedLease(auth, sentAt)
  if (!isToken(auth['client_token']) || lease === undefined) throw shapeFailure(answer, request)
  return { token: new VaultToken(auth['client_token']), lease }
}
