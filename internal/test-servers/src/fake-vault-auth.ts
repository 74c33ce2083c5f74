import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Answer, ReceivedRequest } from './answer.ts'
import { FakeVault, type FakeVaultOptions, type FakeVaultToken } from './fake-vault.ts'
import { refusal, vaultAnswer, vaultRefusals } from './vault-answers.ts'
import { parseRounding, vaultJson } from './vault-json.ts'

/** Options of {@link FakeLoginVault}. */
export interface FakeLoginVaultOptions extends FakeVaultOptions {
  /** Clock in milliseconds, by which tokens end. Default: `performance.now`. */
  readonly now?: (() => number) | undefined
}

/** A way to log in whose refusals were recorded. */
export type FakeLoginMethod = 'approle' | 'userpass' | 'jwt' | 'kubernetes' | 'cert'

/** What a login gives. */
export interface FakeGrant extends FakeVaultToken {
  /** Seconds that the token lives, and that a renewal gives. Default: 3600. */
  readonly seconds?: number | undefined
  /** Seconds after which it ends however often it is renewed. Default: never. */
  readonly maxSeconds?: number | undefined
  /** Whether it may be renewed. Default: true for a service token. */
  readonly renewable?: boolean | undefined
  /** Default: `'service'`. */
  readonly type?: 'service' | 'batch' | undefined
  /** Who logged in. Default: nobody. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined
}

/** One who may log in. */
export interface FakePrincipal {
  /** Last segment of the path, for methods that have the name there. */
  readonly name?: string | undefined
  /** What must be sent. */
  readonly body: Readonly<Record<string, unknown>>
  /** What is given for it. */
  readonly grant?: FakeGrant | undefined
}

const refusals: Readonly<Record<FakeLoginMethod, string>> = {
  approle: 'invalid role or secret ID',
  userpass: 'invalid username or password',
  jwt: 'error validating token: invalid audience (aud) claim: audience claim does not match any expected audience',
  kubernetes: 'invalid role name "app"',
  cert: 'client certificate must be supplied',
}

interface EnabledMethod {
  readonly method: FakeLoginMethod
  readonly principals: FakePrincipal[]
}

interface IssuedToken {
  readonly grant: FakeGrant
  readonly accessor: string
  readonly issuedAt: number
  /** Of the latest login or renewal. */
  leaseMs: number
  expiresAt: number
}

interface WrappedData {
  readonly data: Readonly<Record<string, unknown>>
  readonly creationPath: string
}

/** A stand-in for Vault where one can log in: it issues tokens, renews and revokes them, and unwraps what it wrapped. */
export class FakeLoginVault extends FakeVault {
  /** Logins that succeeded so far. */
  logins = 0
  readonly #now: () => number
  readonly #methods = new Map<string, EnabledMethod>()
  readonly #issued = new Map<string, IssuedToken>()
  readonly #wrapped = new Map<string, WrappedData>()

  constructor({ now = () => performance.now(), ...options }: FakeLoginVaultOptions = {}) {
    super(options)
    this.#now = now
  }

  /** Enables a method at a mount, by default at its own name, and lets somebody log in there. */
  allow(method: FakeLoginMethod, principal: FakePrincipal, mount: string = method): void {
    const enabled = this.#methods.get(mount) ?? { method, principals: [] }
    enabled.principals.push(principal)
    this.#methods.set(mount, enabled)
  }

  /** Wraps something, as an operator would; the wrapping token. */
  wrap(data: Readonly<Record<string, unknown>>, creationPath: string): string {
    const token = `s.${randomUUID()}`
    this.#wrapped.set(token, { data, creationPath })
    return token
  }

  /** Issues a token without a login, as an operator would. */
  issue(grant: FakeGrant = {}): string {
    const { seconds = 3600, type = 'service' } = grant
    const token = `${type === 'batch' ? 'b' : 's'}.${randomUUID()}`
    const issuedAt = this.#now()
    const accessor = type === 'batch' ? '' : randomUUID()
    const leaseMs = seconds * 1000
    this.#issued.set(token, { grant, accessor, issuedAt, leaseMs, expiresAt: issuedAt + leaseMs })
    this.tokens.set(token, grant)
    return token
  }

  protected override answer(request: ReceivedRequest): Answer {
    this.#expire()
    return (this.sealed ? undefined : this.#answerAuth(request)) ?? super.answer(request)
  }

  #answerAuth(request: ReceivedRequest): Answer | undefined {
    const path = decodeURIComponent(request.path).replace('/v1/', '')
    const body = parseRounding(request.body)
    const given = request.headers['x-vault-token'] ?? ''
    if (path === 'sys/wrapping/lookup') return this.#lookUpWrapped(body)
    if (path === 'sys/wrapping/unwrap') return this.#unwrap(given)
    const issued = this.tokens.has(given) ? this.#issued.get(given) : undefined
    if (issued && path.startsWith('auth/token/')) return this.#answerToken(path, given, issued)
    const [, mount = '', name] = /^auth\/(.*)\/login(?:\/(.*))?$/s.exec(path) ?? []
    const enabled = this.#methods.get(mount)
    return enabled && this.#logIn(enabled, name, body)
  }

  #logIn({ method, principals }: EnabledMethod, name: string | undefined, body: unknown): Answer {
    const found = principals.find(principal => principal.name === name && isDeepStrictEqual(principal.body, body))
    if (!found) return refusal(400, refusals[method])
    this.logins += 1
    return this.#granted(this.issue(found.grant))
  }

  #granted(token: string, warnings: readonly string[] | null = null): Answer {
    const { grant, accessor, leaseMs } = this.#issuedAs(token)
    const { type = 'service', metadata = null, uses = 0 } = grant
    return authAnswer(
      {
        client_token: token,
        accessor,
        policies: ['default', 'reader'],
        token_policies: ['default', 'reader'],
        metadata,
        lease_duration: Math.floor(leaseMs / 1000),
        renewable: isRenewable(grant),
        entity_id: randomUUID(),
        token_type: type,
        orphan: true,
        mfa_requirement: null,
        num_uses: uses,
      },
      warnings,
    )
  }

  #answerToken(path: string, token: string, issued: IssuedToken): Answer | undefined {
    if (path === 'auth/token/lookup-self') return this.#lookUp(token, issued)
    if (path === 'auth/token/renew-self') return this.#renew(token, issued)
    if (path !== 'auth/token/revoke-self') return undefined
    this.tokens.delete(token)
    return { status: 204 }
  }

  #renew(token: string, issued: IssuedToken): Answer {
    const { grant, issuedAt } = issued
    if (grant.read) return vaultRefusals.policy
    if (grant.type === 'batch') return refusal(400, 'batch tokens cannot be renewed')
    if (!isRenewable(grant)) return refusal(400, 'lease is not renewable')
    const { seconds = 3600, maxSeconds = Infinity } = grant
    const now = this.#now()
    issued.leaseMs = Math.min(seconds * 1000, issuedAt + maxSeconds * 1000 - now)
    issued.expiresAt = now + issued.leaseMs
    return this.#granted(token)
  }

  #lookUp(token: string, { grant, accessor, expiresAt, issuedAt }: IssuedToken): Answer {
    if (grant.read) return vaultRefusals.policy
    const { seconds = 3600, maxSeconds = 0, type = 'service', uses = 0 } = grant
    const remainingMs = expiresAt - this.#now()
    return vaultAnswer({
      accessor,
      creation_time: Math.floor((Date.now() - (this.#now() - issuedAt)) / 1000),
      creation_ttl: seconds,
      display_name: 'token',
      entity_id: '',
      expire_time: new Date(Date.now() + remainingMs).toISOString(),
      explicit_max_ttl: maxSeconds,
      id: token,
      issue_time: new Date(Date.now() - (this.#now() - issuedAt)).toISOString(),
      meta: null,
      num_uses: uses,
      orphan: false,
      path: 'auth/token/create',
      policies: ['default', 'reader'],
      renewable: isRenewable(grant),
      ttl: Math.floor(remainingMs / 1000),
      type,
    })
  }

  #lookUpWrapped(body: unknown): Answer {
    // What an ill-formed request gets was not recorded; it counts as one for a token that is not there.
    const { token = '' } = (body ?? {}) as { readonly token?: string }
    const wrapped = this.#wrapped.get(token)
    if (!wrapped) return unwrapped
    const creation_time = new Date().toISOString()
    return vaultAnswer({ creation_path: wrapped.creationPath, creation_time, creation_ttl: 120 })
  }

  #unwrap(token: string): Answer {
    const wrapped = this.#wrapped.get(token)
    if (!wrapped) return unwrapped
    this.#wrapped.delete(token)
    const answer = vaultAnswer(wrapped.data)
    // It is the stored answer, which has no line break at its end.
    return { ...answer, body: answer.body?.trimEnd() ?? '' }
  }

  #issuedAs(token: string): IssuedToken {
    const issued = this.#issued.get(token)
    if (!issued) throw new Error('no such token was issued')
    return issued
  }

  #expire(): void {
    for (const [token, { expiresAt }] of this.#issued) if (expiresAt <= this.#now()) this.tokens.delete(token)
  }
}

/** Starts a stand-in for Vault where one can log in. */
export async function startFakeLoginVault(options?: FakeLoginVaultOptions): Promise<FakeLoginVault> {
  const vault = new FakeLoginVault(options)
  await vault.listen()
  return vault
}

const unwrapped: Answer = refusal(400, 'wrapping token is not valid or does not exist')

function isRenewable({ type = 'service', renewable = type === 'service' }: FakeGrant): boolean {
  return renewable
}

function authAnswer(auth: object, warnings: readonly string[] | null): Answer {
  const body = vaultJson({
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings,
    auth,
  })
  return { status: 200, body }
}
