import { type ProviderHost, SecretError, untilAborted } from '@st/secrets-core/provider'
import { transportFailure } from '../vault-failure.ts'
import type { AuthOptions, Credential, TokenAuth, VaultAuth } from './auth-options.ts'
import { readCredential } from './credential.ts'
import { TokenLife, type TokenRenewal } from './token-life.ts'
import type { VaultCall } from './vault-call.ts'
import { type GrantedToken, VaultLogin } from './vault-login.ts'
import { isToken, VaultToken } from './vault-token.ts'

/** Where requests get their token. */
export interface TokenSource {
  /**
   * The token for one request; ask for each, as some tokens are good for a number of requests only.
   *
   * @throws SecretError when there is none and the login failed; `timeout` when the signal aborts first.
   */
  current(signal: AbortSignal): Promise<VaultToken>
  /**
   * Told that the server answered 403 in the form that refuses a token. Any number of callers cause one login.
   *
   * @returns Whether another token is there now: ask again, once.
   * @throws SecretError when the login failed; `timeout` when the signal aborts first.
   */
  refused(token: VaultToken, signal: AbortSignal): Promise<boolean>
  /** What is known, for health; asks nobody. */
  facts(): TokenFacts
  /** Has tokens redacted and events published from now on. */
  attach(host: ProviderHost): void
  /** Ends timers and logins, and revokes a token that it logged in for itself. Close the connections afterwards. */
  close(): Promise<void>
}

/** What a token source knows of its token. */
export interface TokenFacts {
  readonly method: VaultAuth['method']
  /** Whether the provider logs in itself: what a fresh token may not read is `forbidden`, not `unauthenticated`. */
  readonly isFromLogin: boolean
  /** File that the token is read from. */
  readonly tokenFile: string | undefined
  /** Milliseconds until the token expires; `undefined` when not known, or never. */
  readonly expiresInMs: number | undefined
  /**
   * `on`: it is renewed, or replaced before its end. `off`: it is not, as it never ends, cannot be or shall not.
   * `denied`: its policies do not let it renew itself (`auth/token/renew-self`). `failing`: the server does not answer.
   */
  readonly renewal: TokenRenewal
}

/** Makes a token source. It does nothing until it is asked. */
export function createTokenSource(options: AuthOptions, call: VaultCall): TokenSource {
  return new AuthTokenSource(options, call)
}

/** Milliseconds for one login with everything that it takes. */
const loginTimeoutMs = 10_000
const revokeTimeoutMs = 1000

/** After a login because of a refusal: a server that refuses every token is not asked for one by each read. */
const betweenRefusalsMs = 30_000

class AuthTokenSource implements TokenSource {
  readonly #auth: VaultAuth
  readonly #provider: string
  readonly #call: VaultCall
  readonly #now: () => number
  readonly #random: () => number
  readonly #login: VaultLogin | undefined
  readonly #namespace: string | undefined
  readonly #abort = new AbortController()
  #host: ProviderHost | undefined
  #life: TokenLife | undefined
  #pending: Promise<TokenLife> | undefined
  #nextRefusalAt = -Infinity

  constructor(options: AuthOptions, call: VaultCall) {
    const { auth, provider, now = () => performance.now(), random = Math.random } = options
    this.#auth = auth
    this.#provider = provider
    this.#call = call
    this.#now = now
    this.#random = random
    const protect = (sensitive: string): void => this.#host?.protect(sensitive)
    if (auth.method === 'token') return
    this.#login = new VaultLogin(auth, { provider, call, now, protect })
    this.#namespace = auth.namespace
  }

  async current(signal: AbortSignal): Promise<VaultToken> {
    let life = this.#life?.isAlive ? this.#life : await this.#obtain(signal)
    // Others who waited for the same token may have taken all its uses. Where there is no login there is no other.
    while (this.#login && !life.take()) life = await this.#obtain(signal)
    return life.token
  }

  async refused(token: VaultToken, signal: AbortSignal): Promise<boolean> {
    if (this.#life) {
      if (this.#life.token.value !== token.value) return true
      if (this.#now() < this.#nextRefusalAt) return false
      if (this.#login) this.#drop()
    }
    const life = await this.#obtain(signal)
    if (this.#login) this.#nextRefusalAt = this.#now() + betweenRefusalsMs
    return life.token.value !== token.value
  }

  facts(): TokenFacts {
    const { method } = this.#auth
    return {
      method,
      isFromLogin: method !== 'token',
      tokenFile: method === 'token' ? pathOf(this.#auth.token) : undefined,
      expiresInMs: this.#life?.expiresInMs,
      renewal: this.#life?.renewal ?? 'unknown',
    }
  }

  attach(host: ProviderHost): void {
    this.#host = host
    for (const sensitive of givenCredentials(this.#auth)) host.protect(sensitive)
    if (this.#life) host.protect(this.#life.token.value)
  }

  async close(): Promise<void> {
    this.#abort.abort()
    // A login that has just succeeded leaves a token.
    await this.#pending?.catch(() => {})
    const life = this.#life
    this.#drop()
    // A token that was given is not ours to revoke; a batch token cannot be.
    if (!this.#login || !life?.isAlive || life.lease?.isBatch) return
    const request = { method: 'POST', path: 'auth/token/revoke-self', body: {}, namespace: this.#namespace } as const
    const signal = AbortSignal.timeout(revokeTimeoutMs)
    const answer = await this.#call({ ...request, token: life.token.value, signal }).catch(() => undefined)
    this.#host?.report('vault.token_revoked', { isRevoked: answer?.status === 204 })
  }

  #drop(): void {
    this.#life?.end()
    this.#life = undefined
  }

  /** Another token, one for everybody who wants one meanwhile; whoever stops waiting does not end it for the others. */
  #obtain(signal?: AbortSignal): Promise<TokenLife> {
    if (this.#abort.signal.aborted) return Promise.reject(this.#interruption())
    this.#pending ??= this.#begin().finally(() => (this.#pending = undefined))
    return signal ? this.#unlessAborted(this.#pending, signal) : this.#pending
  }

  async #begin(): Promise<TokenLife> {
    const { method } = this.#auth
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(loginTimeoutMs)])
    try {
      const granted = this.#login?.run(signal) ?? this.#given()
      return this.#adopt(await this.#unlessAborted(granted, signal))
    } catch (error) {
      const kind = SecretError.isInstance(error) ? error.kind : 'internal'
      if (kind !== 'closed') this.#host?.report('vault.login_failed', { method, kind })
      throw error
    }
  }

  async #given(): Promise<GrantedToken> {
    const provider = this.#provider
    const { token: credential } = this.#auth as TokenAuth // There is a login for every other method.
    const token = await readCredential(credential, { option: 'auth.token or VAULT_TOKEN_FILE', provider })
    if (isToken(token)) return { token: new VaultToken(token) }
    throw new SecretError('not_configured', 'auth.token gives something that cannot be a token.', { provider })
  }

  #adopt(granted: GrantedToken): TokenLife {
    const { token, lease } = granted
    if (!this.#login && this.#life?.isAlive && this.#life.token.value === token.value) return this.#life
    this.#drop()
    this.#host?.protect(token.value)
    if (lease) this.#host?.report('vault.login', { method: this.#auth.method, seconds: lease.durationMs / 1000 })
    this.#life = new TokenLife(granted, {
      call: this.#call,
      namespace: this.#namespace,
      now: this.#now,
      random: this.#random,
      renews: this.#auth.method !== 'token' || this.#auth.renew !== false,
      replace: isReplaceable(this.#auth) ? async () => (await this.#obtain()).token.value !== token.value : undefined,
      report: (event, detail) => this.#host?.report(event, detail),
    })
    return this.#life
  }

  async #unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await untilAborted(signal, promise)
    } catch (error) {
      throw signal.aborted && error === signal.reason ? this.#interruption() : error
    }
  }

  #interruption(): SecretError {
    const provider = this.#provider
    return this.#abort.signal.aborted
      ? new SecretError('closed', `Provider "${provider}" is closed.`, { provider })
      : transportFailure('timeout', { provider, path: 'auth' })
  }
}

/** Whether asking again can give another token. */
function isReplaceable(auth: VaultAuth): boolean {
  return auth.method !== 'token' || typeof auth.token !== 'string'
}

function pathOf(credential: Credential): string | undefined {
  return typeof credential === 'object' ? credential.path : undefined
}

/** The credentials that stand in the options themselves; the others are protected when they are fetched. */
function givenCredentials(auth: VaultAuth): readonly string[] {
  const members: readonly (readonly [string, unknown])[] = Object.entries(auth)
  return members.flatMap(([name, value]) => (sensitiveMembers.has(name) && typeof value === 'string' ? [value] : []))
}

const sensitiveMembers = new Set(['token', 'secretId', 'jwt', 'password'])
