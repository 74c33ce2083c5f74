import { retryAfterMs, SecretError } from '@st/secrets-core/provider'
import { dataOf, isObject, type VaultAnswer } from '../vault-answer.ts'
import { refusesToken } from '../vault-failure.ts'
import { LongTimer } from './long-timer.ts'
import type { VaultCall, VaultRequest } from './vault-call.ts'
import type { GrantedToken } from './vault-login.ts'
import { grantedLease, leaseOf, type TokenLease, type VaultToken } from './vault-token.ts'

/** How a token is kept alive. */
export type TokenRenewal = 'unknown' | 'on' | 'off' | 'denied' | 'failing'

/** What the life of a token needs. */
export interface TokenLifeOptions {
  readonly call: VaultCall
  readonly namespace: string | undefined
  readonly now: () => number
  readonly random: () => number
  /** Whether a token without a lease is looked up, to be renewed then. */
  readonly renews: boolean
  /** Gets another token; `false` when there is none yet. Absent when there can be none. */
  readonly replace: (() => Promise<boolean>) | undefined
  readonly report: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void
}

/** After its first use; processes that end sooner need no renewal and save the request. */
const lookUpAfterMs = 60_000
const requestTimeoutMs = 10_000
const shortestRetryMs = 1000
const longestRetryMs = 60_000

/**
 * The life of one token: it is renewed at two thirds of its lease while that makes it live longer, and replaced shortly
 * before its end. What fails is tried again until then.
 */
export class TokenLife {
  readonly token: VaultToken
  readonly #options: TokenLifeOptions
  readonly #timer: LongTimer
  readonly #abort = new AbortController()
  #lease: TokenLease | undefined
  #uses = 0
  #failures = 0
  #renewal: TokenRenewal

  /** @param granted - The token; how long it lives is asked where it is not known. */
  constructor({ token, lease }: GrantedToken, options: TokenLifeOptions) {
    this.token = token
    this.#options = options
    this.#timer = new LongTimer(options.now)
    this.#lease = lease
    this.#renewal = options.renews ? 'unknown' : 'off'
    if (lease) this.#plan(lease)
    else if (options.renews) this.#timer.set(options.now() + lookUpAfterMs, () => void this.#lookUp())
  }

  /** How it is kept alive. */
  get renewal(): TokenRenewal {
    return this.#renewal
  }

  /** What is known of it. */
  get lease(): TokenLease | undefined {
    return this.#lease
  }

  /** Milliseconds until it ends; `undefined` when that is not known, or never. */
  get expiresInMs(): number | undefined {
    return this.#lease?.durationMs ? this.#lease.expiresAt - this.#options.now() : undefined
  }

  /** Whether it has not ended yet. */
  get isAlive(): boolean {
    return (this.expiresInMs ?? 1) > 0
  }

  /** Counts one use; `false` when it is good for no more. */
  take(): boolean {
    const { uses = 0 } = this.#lease ?? {}
    if (uses > 0 && this.#uses >= uses) return false
    this.#uses += 1
    return true
  }

  /** Ends its timer and what it is waiting for. */
  end(): void {
    this.#timer.clear()
    this.#abort.abort()
  }

  #plan({ durationMs, expiresAt, isRenewable, uses }: TokenLease): void {
    const { replace, random } = this.#options
    this.#failures = 0
    // Renewing would cost one of its uses; a token that is used up is replaced when it is asked for.
    if (durationMs === 0 || uses > 0) this.#renewal = 'off'
    else if (isRenewable) {
      this.#renewal = 'on'
      this.#timer.set(expiresAt - durationMs * (1 / 3 - (random() * 2) / 30), () => void this.#renew())
    } else {
      if (this.#renewal !== 'denied') this.#renewal = replace ? 'on' : 'off'
      if (replace) this.#timer.set(expiresAt - durationMs * (0.2 - random() / 10), () => void this.#replace(replace))
    }
  }

  async #lookUp(): Promise<void> {
    const sentAt = this.#options.now()
    const lease = await this.#ask({ method: 'GET', path: 'auth/token/lookup-self' }, answer => {
      const data = dataOf(answer)
      return isObject(data) ? leaseOf(data, sentAt) : undefined
    })
    if (lease === undefined) return
    this.#lease = lease
    this.#uses = 0
    this.#plan(lease)
  }

  async #renew(): Promise<void> {
    const sentAt = this.#options.now()
    const lease = await this.#ask({ method: 'POST', path: 'auth/token/renew-self', body: {} }, ({ body }) => {
      const auth = isObject(body) ? body['auth'] : undefined
      return isObject(auth) ? grantedLease(auth, sentAt) : undefined
    })
    if (lease === undefined) return
    const before = this.#lease ?? lease
    // At its maximum it gets less each time and in the end nothing, however often one asks.
    const isCapped = lease.durationMs < before.durationMs
    this.#options.report('vault.token_renewed', { seconds: lease.durationMs / 1000, isCapped })
    const latest = lease.durationMs === 0 ? before : lease
    this.#lease = { ...latest, isRenewable: lease.isRenewable && !isCapped }
    this.#plan(this.#lease)
  }

  async #replace(replace: () => Promise<boolean>): Promise<void> {
    const again = (): Promise<void> => this.#replace(replace)
    try {
      if (!(await replace())) this.#retry(again)
    } catch (error) {
      this.#fail(again, SecretError.isInstance(error) ? error.retryAfterMs : undefined)
    }
  }

  /** A lease; `undefined` when there is none, and it is asked for again later, or never where the server says no. */
  async #ask(
    request: Pick<VaultRequest, 'method' | 'path' | 'body'>,
    parse: (answer: VaultAnswer) => TokenLease | undefined,
  ): Promise<TokenLease | undefined> {
    const { call, namespace } = this.#options
    const again = request.method === 'GET' ? () => this.#lookUp() : () => this.#renew()
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(requestTimeoutMs)])
    const answer = await call({ ...request, token: this.token.value, namespace, signal }).catch(() => undefined)
    if (this.#abort.signal.aborted) return undefined
    const lease = answer?.status === 200 ? parse(answer) : undefined
    if (answer && isFinal(answer)) this.#giveUp(answer)
    else if (lease === undefined) this.#fail(again, retryAfterMs(answer?.retryAfter))
    return lease
  }

  /** It lives as long as it does; where the server does not know it any more, no longer. */
  #giveUp(answer: VaultAnswer): void {
    const { report, now } = this.#options
    report('vault.token_renewal_denied', { status: answer.status })
    const isGone = refusesToken(answer)
    this.#renewal = answer.status === 403 && !isGone ? 'denied' : 'off'
    if (!this.#lease) return
    this.#lease = { ...this.#lease, isRenewable: false, ...(isGone && { expiresAt: now() }) }
    if (!isGone) this.#plan(this.#lease)
  }

  #fail(again: () => Promise<void>, waitMs: number | undefined): void {
    this.#renewal = 'failing'
    this.#options.report('vault.token_renewal_failed', { failures: this.#failures + 1 })
    this.#retry(again, waitMs)
  }

  /** Tries again, unless that would be after the end: whoever asks for the token then gets another. */
  #retry(run: () => Promise<void>, waitMs = 0): void {
    if (this.#abort.signal.aborted) return
    const { now, random } = this.#options
    const pauseMs = Math.min(shortestRetryMs * 2 ** this.#failures, longestRetryMs)
    const delayMs = Math.max(pauseMs, waitMs) * (1 + random() / 10)
    this.#failures += 1
    if (delayMs < (this.expiresInMs ?? Infinity)) this.#timer.set(now() + delayMs, () => void run())
  }
}

/** Whether asking again cannot help. */
function isFinal({ status, body }: VaultAnswer): boolean {
  return body !== undefined && status >= 400 && status < 500 && status !== 412 && status !== 429
}
