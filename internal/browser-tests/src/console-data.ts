/** What the stand-in for the server tells, by path; values are only in `revealed`. */
export const revealed = 'canary-5b1e ‏שלום‎ e\u0301 <b>'

const day = 86_400_000
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()

/** Everybody who may sign in. */
export const administrator: { readonly permissions: readonly string[] } & Readonly<Record<string, unknown>> = {
  userId: 1,
  name: 'admin',
  role: 'admin',
  permissions: [
    'api.access',
    'provider.configure',
    'secrets.write',
    'secrets.reveal',
    'cache.clear',
    'admin.audit',
    'admin.backup',
    'admin.keys',
    'admin.users',
  ],
}

/** Who may look and nothing else. */
export const viewer: Readonly<Record<string, unknown>> = {
  userId: 2,
  name: 'vera',
  role: 'viewer',
  permissions: ['api.access'],
}

const odd = '../a:b/c <b>‮x'

/** Answers of the API by path, as at the start of each test. */
export function startData(): Map<string, unknown> {
  return new Map<string, unknown>([
    ['secrets', { secrets: secrets() }],
    ['secrets/HF_TOKEN/explain', explanation()],
    ['providers', { providers: providers() }],
    ['providers/env/health', health('env')],
    [
      'providers/vault/health',
      { ...health('vault'), status: 'failed', sealed: true, findings: findings().slice(0, 1) },
    ],
    ['doctor', { findings: findings() }],
    ['caches', { caches: caches() }],
    ['caches/secrets/history', { points: points() }],
    ['audit', { entries: entries(), total: 100_000, nextCursor: 'more' }],
    ['audit/types', { types: ['auth.login', 'auth.login.failed', 'secret.set', 'secret.revealed'] }],
    ['audit/stats', { since: ago(day), total: 100_000, done: 40, refused: 3, failedSignIns: 2, lockOuts: 1 }],
    ['audit/verify', { valid: true, checked: 100_000, problemCount: 0, problems: [] }],
    ['audit/7', entries()[0]],
    ['keys', { source: 'file', fingerprint: 'a1b2c3d4e5f60718', since: ago(40 * day), ageDays: 40, rotation }],
    ['users', { users: users() }],
    ['users/2', users()[1]],
    ['users/2/permissions', { role: 'viewer', permissions: ['api.access'], exceptions: [] }],
    ['users/2/sessions', { sessions: [] }],
    ['users/2/tokens', { tokens: [] }],
    ['users/me/sessions', { sessions: sessions() }],
    ['users/me/tokens', { tokens: tokens() }],
    ['users/me/credentials', { credentials: credentials() }],
    ['users/me/credentials/replicate/api_token', credentials()[0]],
    ['users/me/credentials/replicate/api_token/history', { versions: versions() }],
    ['cloud/settings/credentials', staleness],
    [
      'cloud/providers',
      { providers: ['replicate', 'simpletuner_io'].map(name => ({ name, isConfigured: name === 'replicate' })) },
    ],
    ['cloud/providers/replicate/config', { provider: 'replicate', config: config() }],
    ['hardware', { hardware: { 'gpu-l40s': { name: 'L40S (48GB)', cost_per_second: 0.000975 } } }],
  ])
}

const staleness = { stale_threshold_days: 90, early_warning_enabled: true, early_warning_percent: 75 }

const rotation = {
  id: 1,
  state: 'done',
  isPaused: false,
  fingerprint: 'a1b2c3d4e5f60718',
  total: 100_000,
  processed: 100_000,
  failed: 0,
  startedAt: ago(40 * day),
  finishedAt: ago(40 * day - 60_000),
  progress: 1,
}

function secrets(): readonly object[] {
  const kept = { fetchedAt: ago(60_000), cachedUntil: new Date(Date.now() + 240_000).toISOString() }
  return [
    { key: 'HF_TOKEN', found: true, source: 'env', shadowed: [{ provider: 'file', sameValue: false }], ...kept },
    { key: 'SAME', found: true, source: 'env', shadowed: [{ provider: 'file', sameValue: true }], ...kept },
    { key: odd, found: true, source: 'file', shadowed: [], ...kept },
    { key: 'A_LONG_NAME_'.repeat(12), found: true, source: 'file', shadowed: [], ...kept },
    { key: 'NOBODY', found: false, source: null, shadowed: [] },
    { key: 'UNKNOWN', found: false, source: null, shadowed: [], unresolved: [{ provider: 'vault', kind: 'timeout' }] },
  ]
}

function explanation(): object {
  const step = { durationMs: 0.4, attempts: 1 }
  return {
    key: 'HF_TOKEN',
    status: 'found',
    source: 'env',
    shadowed: [{ provider: 'file', sameValue: false }],
    steps: [
      { ...step, provider: 'env', outcome: 'hit', locator: 'HF_TOKEN' },
      { ...step, provider: 'file', outcome: 'hit', durationMs: 3.2, locator: '~/.simpletuner/secrets.yaml' },
      {
        ...step,
        provider: 'vault',
        outcome: 'failed',
        durationMs: 81,
        attempts: 3,
        kind: 'unavailable',
        message: 'The server is sealed.',
        hint: 'Unseal it.',
      },
      { provider: 'aws', outcome: 'skipped', durationMs: 0, attempts: 0 },
    ],
  }
}

function providers(): readonly object[] {
  const seen = { breaker: 'closed', calls: 12, failures: 0, retries: 0, lastOkAt: ago(5000) }
  return [
    { name: 'env', available: true, facts: { prefix: '' }, ...seen, latencyMs: { p50: 0.02, p95: 0.1 } },
    {
      name: 'vault',
      available: true,
      facts: { url: 'https://vault.example:8200', mount: 'secret', kv: 2 },
      ...seen,
      breaker: 'open',
      failures: 9,
      lastFailure: { kind: 'unavailable', at: ago(1000) },
    },
    { name: 'aws', available: false, facts: {}, ...seen, calls: 0 },
  ]
}

function health(provider: string): object {
  return {
    provider,
    status: 'ready',
    latencyMs: 1,
    findings: [],
    sealed: false,
    checkedAt: ago(0),
    tokenSeconds: 90_000,
  }
}

function findings(): readonly object[] {
  return [
    { area: 'vault', id: 'vault.sealed', severity: 'error', message: 'Vault is sealed.', fix: 'vault operator unseal' },
    {
      area: 'files',
      id: 'file.mode',
      severity: 'warning',
      message: 'secrets.yaml is readable by others.',
      fix: 'chmod 600',
    },
    { area: 'env', id: 'env.note', severity: 'info', message: '12 variables are set.' },
  ]
}

function caches(): readonly object[] {
  const figures = { size: 40, maxSize: 1000, hits: 900, misses: 100, hitRatio: 0.9, evictions: 3, expirations: 12 }
  return [
    { name: 'secrets', figures, loads: { loads: 100, failures: 2, p50Ms: 1.2, p95Ms: 80 } },
    { name: 'hardware-prices', loads: { loads: 0, failures: 0 } },
  ]
}

function points(): readonly object[] {
  return Array.from({ length: 60 }, (_, index) => {
    const [hits, misses] = [Math.round(40 + 30 * Math.sin(index / 6)), index % 11]
    const asked = index > 20 && index < 25 ? {} : { hitRatio: hits / (hits + misses) }
    return {
      at: ago((60 - index) * 5000),
      hits,
      misses,
      evictions: index % 17 === 0 ? 2 : 0,
      size: 30 + index,
      ...asked,
    }
  })
}

function entries(): readonly object[] {
  return Array.from({ length: 40 }, (_, index) => ({
    sequence: index === 0 ? 7 : 200 - index,
    occurredAt: ago(index * 60_000),
    type: index % 5 === 0 ? 'auth.login.failed' : 'secret.revealed',
    outcome: index % 5 === 0 ? 'refused' : 'done',
    actorId: 1,
    actorName: 'admin',
    actorIp: '127.0.0.1',
    targetType: 'secret',
    targetId: index === 3 ? odd : 'HF_TOKEN',
    requestId: '3f0c1c2e-0000-4000-8000-000000000000',
    action: 'Saw a secret',
    details: { reason: 'On call', source: 'env' },
    previousHash: '0'.repeat(64),
    hash: 'f'.repeat(64),
  }))
}

function users(): readonly object[] {
  const at = { createdAt: ago(90 * day), updatedAt: ago(3 * day), version: 3 }
  return [
    { id: 1, name: 'admin', role: 'admin', ...at },
    { id: 2, name: 'vera', role: 'viewer', ...at },
    { id: 3, name: 'עומר', role: 'operator', ...at, disabledAt: ago(day) },
  ]
}

function sessions(): readonly object[] {
  const at = { createdAt: ago(3_600_000), lastSeenAt: ago(1000), authenticatedAt: ago(3_600_000), ip: '127.0.0.1' }
  return [
    { id: 1, ...at, isCurrent: true },
    { id: 2, ...at, ip: '10.0.0.7', isCurrent: false },
  ]
}

function tokens(): readonly object[] {
  const token = { id: 1, name: 'CI', prefix: 'st_ab12', createdAt: ago(9 * day), lastUsedAt: ago(60_000) }
  return [token, { ...token, id: 2, name: 'old', revokedAt: ago(day) }]
}

function credentials(): readonly object[] {
  const at = { createdAt: ago(100 * day), updatedAt: ago(100 * day), lastUsedAt: ago(300_000) }
  const one = { id: 1, userId: 1, provider: 'replicate', name: 'api_token', description: 'Training', isActive: true }
  return [
    { ...one, ...at, status: 'stale', version: 2 },
    { ...one, ...at, id: 2, name: odd, status: 'expiring', description: null, version: 1 },
    { ...one, ...at, id: 3, provider: 'huggingface', isActive: false, status: 'active', version: 1 },
  ]
}

function versions(): readonly object[] {
  return [
    { version: 2, createdAt: ago(100 * day), createdBy: 'admin' },
    { version: 1, createdAt: ago(200 * day), createdBy: null },
  ]
}

function config(): object {
  return {
    webhook_url: 'https://hooks.example/in',
    webhook_require_signature: true,
    webhook_allowed_ips: ['10.0.0.0/8', '::1'],
    cost_limit_enabled: true,
    cost_limit_amount: 100,
    cost_limit_period: 'monthly',
    cost_limit_action: 'warn',
    preferences: { region: 'eu' },
  }
}
