import type { Answer, ReceivedRequest } from './answer.ts'
import { healthOf, type VaultState } from './fake-vault-health.ts'
import { type Mounts, mountOf, preflight } from './fake-vault-mounts.ts'
import { LoopbackServer, type LoopbackServerOptions } from './loopback-server.ts'
import { refusal, vaultAnswer, vaultRefusals } from './vault-answers.ts'
import type { VaultEngine } from './vault-engine.ts'
import { VersionedKeyValueEngine } from './vault-versioned-engine.ts'

/** What a token may do. */
export interface FakeVaultToken {
  /** API paths that it may read, such as `secret/data/simpletuner`. Default: it may do everything. */
  readonly read?: readonly string[] | undefined
  /** Mounts that a policy names without letting anything be read: visible, and every read is refused. */
  readonly denied?: readonly string[] | undefined
  /** Requests after which it is used up; finding a mount costs none. Default: no limit. */
  readonly uses?: number | undefined
}

/** Options of {@link FakeVault}. */
export interface FakeVaultOptions extends LoopbackServerOptions {
  /** A token that may do everything. Default: `'root-token'`. */
  readonly token?: string | undefined
}

const preflightPrefix = 'sys/internal/ui/mounts/'

const usualHeaders = {
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
} as const

/**
 * A stand-in for Vault and OpenBao: reading and writing KV 1 and 2, finding a mount, health and the token's own lookup.
 * It answers what OpenBao 2.5.5 was recorded to answer, byte for byte; its test replays the recording.
 */
export class FakeVault extends LoopbackServer {
  /** The token that may do everything. */
  readonly token: string
  /** What each token may do; delete one to revoke it. */
  readonly tokens: Map<string, FakeVaultToken>
  /** What it is doing. */
  state: VaultState = 'active'
  /** Mounts of each namespace, by their path with a slash at the end. The root namespace is `''`. */
  readonly #namespaces: Map<string, Map<string, VaultEngine>>
  readonly #uses = new Map<string, number>()

  constructor({ token = 'root-token', ...options }: FakeVaultOptions = {}) {
    super(options)
    this.token = token
    this.tokens = new Map([[token, {}]])
    this.#namespaces = new Map([['', new Map([['secret/', new VersionedKeyValueEngine()]])]])
  }

  /** Whether it is sealed. */
  get sealed(): boolean {
    return this.state === 'sealed'
  }

  set sealed(sealed: boolean) {
    this.state = sealed ? 'sealed' : 'active'
  }

  /** Mounts an engine. `secret` is there from the start, with KV 2. */
  mount(path: string, engine: VaultEngine, namespace = ''): void {
    const mounts = this.#namespaces.get(namespace) ?? new Map<string, VaultEngine>()
    this.#namespaces.set(namespace, mounts.set(`${path}/`, engine))
  }

  /** Stores a document, as a new version where the mount keeps versions. */
  put(mount: string, path: string, document: Readonly<Record<string, unknown>>): void {
    const engine = this.#namespaces.get('')?.get(`${mount}/`)
    const versioned = engine instanceof VersionedKeyValueEngine
    const [place, content] = versioned ? [`data/${path}`, { data: document }] : [path, document]
    const stored = engine?.answer({ method: 'POST', path: place, body: JSON.stringify(content) })
    if (stored === undefined || stored.status >= 300) throw new Error(`nothing can be stored at ${mount}/${path}`)
  }

  protected answer(request: ReceivedRequest): Answer {
    const { status, body, headers } = this.#answer(request)
    const { 'x-vault-namespace': namespace } = request.headers
    const echoed = namespace === undefined ? {} : { 'x-vault-namespace': namespace }
    return { status, headers: { ...usualHeaders, ...echoed, ...headers }, ...(body !== undefined && { body }) }
  }

  #answer(request: ReceivedRequest): Answer {
    const { path: target } = request
    const [, path, query = ''] = /^\/v1\/([^?]*)(?:\?(.*))?$/s.exec(target) ?? []
    if (path === undefined) return vaultRefusals.missing
    const cleaned = cleanedPath(target)
    if (cleaned !== target) return movedTo(cleaned)
    if (path === 'sys/health') return request.method === 'GET' ? healthOf(this.state) : refusal(405)
    if (this.state === 'sealed' || this.state === 'uninitialised') return vaultRefusals.sealed
    return this.#answerUnsealed(request, path, query)
  }

  #answerUnsealed(request: ReceivedRequest, path: string, query: string): Answer {
    const mounts = this.#namespaces.get((request.headers['x-vault-namespace'] ?? '').replace(/\/$/, ''))
    if (mounts === undefined) return vaultRefusals.noNamespace
    const token = this.#tokenOf(request, path)
    if (token === undefined) return vaultRefusals.badToken
    return answerToken({ request, path: decodeURIComponent(path), query: new URLSearchParams(query), mounts, token })
  }

  #tokenOf({ headers }: ReceivedRequest, path: string): FakeVaultToken | undefined {
    const id = headers['x-vault-token'] ?? headers['authorization']?.replace(/^Bearer /, '') ?? ''
    const token = this.tokens.get(id)
    if (token?.uses === undefined || path.startsWith(preflightPrefix)) return token
    const used = (this.#uses.get(id) ?? 0) + 1
    this.#uses.set(id, used)
    return used > token.uses ? undefined : token
  }
}

/** Starts a stand-in for Vault. */
export async function startFakeVault(options?: FakeVaultOptions): Promise<FakeVault> {
  const vault = new FakeVault(options)
  await vault.listen()
  return vault
}

interface AuthorizedRequest {
  readonly request: ReceivedRequest
  /** Below `/v1/`, decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly mounts: Mounts
  readonly token: FakeVaultToken
}

function answerToken({ request, path, query, mounts, token }: AuthorizedRequest): Answer {
  if (path.split('/').includes('..')) return refusal(400, 'relative paths not supported')
  if (path === 'auth/token/lookup-self') return lookupSelf(request, token)
  if (path.startsWith(preflightPrefix)) {
    return preflight(path.slice(preflightPrefix.length), mounts, mount => maySee(token, mount))
  }
  if (path.startsWith('sys/')) return unsupported(request)
  const method = query.get('list') === 'true' ? 'LIST' : request.method
  if (!mayAccess(token, method, path)) return vaultRefusals.policy
  const [mount, engine] = mountOf(path, mounts)
  if (engine === undefined) return refusal(404, `no handler for route "${path}". route entry not found.`)
  return engine.answer({ method, path: path.slice(mount.length), body: request.body, query })
}

function lookupSelf({ headers }: ReceivedRequest, token: FakeVaultToken): Answer {
  // Only tokens with the default policy may look themselves up; those with a list of their own have none here.
  if (token.read) return vaultRefusals.policy
  const now = new Date()
  return vaultAnswer({
    accessor: 'D3m0nebQaZ0y8mjOzc8HU8EM',
    creation_time: Math.floor(now.getTime() / 1000),
    creation_ttl: 0,
    display_name: 'token',
    entity_id: '',
    expire_time: null,
    explicit_max_ttl: 0,
    id: headers['x-vault-token'],
    issue_time: now.toISOString(),
    meta: null,
    num_uses: 0,
    orphan: true,
    path: 'auth/token/create',
    policies: ['root'],
    renewable: false,
    ttl: 0,
    type: 'service',
  })
}

function maySee({ read, denied = [] }: FakeVaultToken, mount: string): boolean {
  return read === undefined || [...read, ...denied.map(name => `${name}/`)].some(path => path.startsWith(mount))
}

function mayAccess({ read }: FakeVaultToken, method: string, path: string): boolean {
  return read === undefined || (method === 'GET' && read.includes(path))
}

/** As Go's router has it: without `.`, `..` and empty segments. */
function cleanedPath(target: string): string {
  const [path = '', ...query] = target.split('?')
  const segments: string[] = []
  for (const segment of path.split('/').slice(1, -1)) {
    if (segment === '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  return [`/${[...segments, path.split('/').at(-1)].join('/')}`, ...query].join('?')
}

function movedTo(location: string): Answer {
  const headers = { location, 'content-type': 'text/html; charset=utf-8' }
  return { status: 307, headers, body: `<a href="${location}">Temporary Redirect</a>.\n\n` }
}

/** Loud, so that no test passes on an answer that nobody recorded. */
function unsupported({ method, path }: ReceivedRequest): Answer {
  return refusal(599, `the stand-in does not know ${method} ${path}`)
}
