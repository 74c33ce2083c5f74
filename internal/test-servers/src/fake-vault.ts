import { type Answer, jsonAnswer, type ReceivedRequest } from './answer.ts'
import { LoopbackServer, type LoopbackServerOptions } from './loopback-server.ts'
import { refusal, vaultAnswer, vaultRefusals } from './vault-answers.ts'
import { type VaultEngine, VersionedKeyValueEngine } from './vault-engine.ts'

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

/**
 * A stand-in for Vault and OpenBao: reading and writing KV 1 and 2, finding a mount, health and the token's own lookup.
 * It answers what OpenBao 2.5.5 was recorded to answer; its test replays the recording.
 */
export class FakeVault extends LoopbackServer {
  /** The token that may do everything. */
  readonly token: string
  /** What each token may do; delete one to revoke it. */
  readonly tokens: Map<string, FakeVaultToken>
  /** Whether it is sealed. */
  sealed = false
  /** Mounts of each namespace, by their path with a slash at the end. The root namespace is `''`. */
  readonly #namespaces: Map<string, Map<string, VaultEngine>>
  readonly #uses = new Map<string, number>()

  constructor({ token = 'root-token', ...options }: FakeVaultOptions = {}) {
    super(options)
    this.token = token
    this.tokens = new Map([[token, {}]])
    this.#namespaces = new Map([['', new Map([['secret/', new VersionedKeyValueEngine()]])]])
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
    const [, path, query] = /^\/v1\/([^?]*)(\?.*)?$/.exec(request.path) ?? []
    if (path === undefined) return vaultRefusals.missing
    if (path === 'sys/health') return this.#health()
    if (this.sealed) return vaultRefusals.sealed
    const mounts = this.#namespaces.get((request.headers['x-vault-namespace'] ?? '').replace(/\/$/, ''))
    if (mounts === undefined) return vaultRefusals.noNamespace
    const token = this.#tokenOf(request, path)
    if (token === undefined) return vaultRefusals.badToken
    if (query !== undefined) return unsupported(request)
    return this.#answerToken({ request, path: decodeURIComponent(path), mounts, token })
  }

  #answerToken({ request, path, mounts, token }: AuthorizedRequest): Answer {
    if (path === 'auth/token/lookup-self') return lookupSelf(request, token)
    if (path.startsWith(preflightPrefix)) return preflight(path.slice(preflightPrefix.length), mounts, token)
    if (path.startsWith('sys/')) return unsupported(request)
    if (!mayAccess(token, request.method, path)) return vaultRefusals.policy
    const [mount, engine] = mountOf(path, mounts)
    if (engine === undefined) return refusal(404, `no handler for route "${path}". route entry not found.`)
    return engine.answer({ method: request.method, path: path.slice(mount.length), body: request.body })
  }

  #tokenOf({ headers }: ReceivedRequest, path: string): FakeVaultToken | undefined {
    const id = headers['x-vault-token'] ?? ''
    const token = this.tokens.get(id)
    if (token?.uses === undefined || path.startsWith(preflightPrefix)) return token
    const used = (this.#uses.get(id) ?? 0) + 1
    this.#uses.set(id, used)
    return used > token.uses ? undefined : token
  }

  #health(): Answer {
    const { sealed } = this
    const mode = sealed ? 'unknown' : 'disabled'
    return jsonAnswer(sealed ? 503 : 200, {
      initialized: true,
      sealed,
      standby: sealed,
      performance_standby: false,
      replication_performance_mode: mode,
      replication_dr_mode: mode,
      server_time_utc: Math.floor(Date.now() / 1000),
      version: '2.0.0-HEAD',
    })
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
  readonly path: string
  readonly mounts: ReadonlyMap<string, VaultEngine>
  readonly token: FakeVaultToken
}

function lookupSelf({ headers }: ReceivedRequest, token: FakeVaultToken): Answer {
  // Only tokens with the default policy may look themselves up; those with a list of their own have none here.
  if (token.read) return vaultRefusals.policy
  const now = new Date()
  return vaultAnswer({
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

function preflight(path: string, mounts: ReadonlyMap<string, VaultEngine>, token: FakeVaultToken): Answer {
  const [mount, engine] = mountOf(path, mounts)
  if (engine === undefined || !maySee(token, mount)) {
    const hint = `please ensure client's policies grant access to path "${path}/"`
    return refusal(403, `preflight capability check returned 403, ${hint}`)
  }
  const { type, options } = engine
  return vaultAnswer({ type, options, path: mount, description: '', local: false, seal_wrap: false })
}

function mountOf(path: string, mounts: ReadonlyMap<string, VaultEngine>): readonly [string, VaultEngine | undefined] {
  const mount = [...mounts.keys()].find(candidate => `${path}/`.startsWith(candidate)) ?? ''
  return [mount, mounts.get(mount)]
}

function maySee({ read, denied = [] }: FakeVaultToken, mount: string): boolean {
  return read === undefined || [...read, ...denied.map(name => `${name}/`)].some(path => path.startsWith(mount))
}

function mayAccess({ read }: FakeVaultToken, method: string, path: string): boolean {
  return read === undefined || (method === 'GET' && read.includes(path))
}

/** Loud, so that no test passes on an answer that nobody recorded. */
function unsupported({ method, path }: ReceivedRequest): Answer {
  return refusal(599, `the stand-in does not know ${method} ${path}`)
}
