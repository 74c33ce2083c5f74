import { chmodSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Finding, ProviderHealth } from '@st/secrets-core/provider'
import {
  type Answer,
  jsonAnswer,
  KeyValueEngine,
  refusal,
  startFakeVault,
  vaultAnswer,
  vaultRefusals,
} from '@st/test-servers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type OverruledVault, startOverruledVault } from './__fixtures__/overruled-vault.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

let vault: OverruledVault

beforeEach(async () => {
  vault = await startOverruledVault()
  vault.put('secret', 'simpletuner', { A: 'canary-value', B: '2' })
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await vault.close()
})

async function healthOf(options: HashiCorpVaultProviderOptions = {}): Promise<ProviderHealth> {
  const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, ...options })
  const health = await provider.checkHealth()
  await provider.close()
  return health
}

function finding(health: ProviderHealth, id: string): Finding | undefined {
  return health.findings.find(candidate => candidate.id === id)
}

function answering(path: string, answer: Answer): void {
  vault.overrule(request => (request.path === `/v1/${path}` ? answer : undefined))
}

/** An ordinary token's own look-up, as recorded, with what a test changes. */
function lookUp(facts: Readonly<Record<string, unknown>> = {}): void {
  const token = {
    ttl: 3600,
    num_uses: 0,
    policies: ['default', 'app'],
    renewable: true,
    orphan: false,
    type: 'service',
  }
  answering('auth/token/lookup-self', vaultAnswer({ ...token, ...facts }))
}

/** What `sys/health` answers, as recorded, with what a test changes. */
function serverSays(status: number, state: Readonly<Record<string, unknown>> = {}): void {
  const { date = new Date().toUTCString(), ...rest } = state
  const body = { initialized: true, sealed: false, standby: false, version: '2.5.5', ...rest }
  const headers = { 'content-type': 'application/json', date: String(date) }
  vault.break(
    { kind: 'answer', answer: { ...jsonAnswer(status, body), headers } },
    ({ path }) => path === '/v1/sys/health',
  )
}

describe('checkHealth', () => {
  it('says how the server is, what is read, and whose token it is', async () => {
    lookUp()

    const health = await healthOf()

    expect(health).toEqual({
      status: 'ready',
      latencyMs: expect.any(Number),
      findings: [
        {
          id: 'vault.server',
          severity: 'info',
          message: 'The server is unsealed and active. Version: 2.0.0-HEAD.',
        },
        {
          id: 'vault.secret',
          severity: 'info',
          message: expect.stringMatching(
            /^Path "secret\/data\/simpletuner" of KV version 2 is there\. Keys: 2\. Version: 1@20\S+\.$/,
          ),
        },
        {
          id: 'vault.token',
          severity: 'info',
          message: 'The token expires in 3600 s; it is renewable, not an orphan. Policies: default, app.',
        },
      ],
    })
    expect(JSON.stringify(health)).not.toContain('canary')
    expect(JSON.stringify(health)).not.toContain(vault.token)
  })

  it('asks for the health of the server without a token and in no namespace', async () => {
    await healthOf({ namespace: 'team' })

    const asked = vault.requests.find(({ path }) => path === '/v1/sys/health')
    expect(asked?.headers).not.toHaveProperty('x-vault-token')
    expect(asked?.headers).not.toHaveProperty('x-vault-namespace')
  })

  it.each([
    [429, { standby: true }, 'is unsealed and a standby, which passes requests on'],
    [473, { standby: true, performance_standby: true }, 'is unsealed and a performance standby'],
  ])('is ready at a standby (%i)', async (status, state, message) => {
    lookUp()
    serverSays(status, state)

    const health = await healthOf()

    expect(health.status).toBe('ready')
    expect(finding(health, 'vault.server')?.message).toContain(message)
  })

  it.each([
    [501, { id: 'vault.uninitialised', fix: 'Initialise Vault.' }],
    [503, { id: 'vault.sealed', fix: 'Unseal Vault.' }],
    [472, { id: 'vault.dr_secondary', fix: 'Set the address (`url` or VAULT_ADDR) to that of the primary.' }],
  ])('has failed at a server with status %i, and asks no more', async (status, found) => {
    serverSays(status, { initialized: status !== 501, sealed: true, standby: true })

    const health = await healthOf()

    expect(health).toMatchObject({ status: 'failed', kind: 'unavailable' })
    expect(health.findings[0]).toMatchObject({ ...found, severity: 'error' })
    expect(vault.requests).toHaveLength(1)
  })

  it('takes a rate limit for no standby', async () => {
    answering('sys/health', vaultRefusals.rateLimited)

    expect(await healthOf()).toMatchObject({ status: 'failed', kind: 'throttled' })
  })

  it('goes on where something hides the health of the server', async () => {
    lookUp()
    answering('sys/health', refusal(403, 'permission denied'))

    const health = await healthOf()

    expect(health.status).toBe('ready')
    expect(finding(health, 'vault.server')?.fix).toBe('Let sys/health be asked without a token.')
    expect(finding(health, 'vault.secret')).toBeDefined()
  })

  it.each([
    [3_600_000, /^The clock of this machine is (3599|3600|3601) s behind that of the server\.$/],
    [-3_600_000, /^The clock of this machine is (3599|3600|3601) s ahead of that of the server\.$/],
  ])('warns of a clock that is wrong (%i ms)', async (aheadMs, message) => {
    lookUp()
    serverSays(200, { date: new Date(Date.now() + aheadMs).toUTCString() })

    const health = await healthOf()

    expect(health.status).toBe('degraded')
    expect(finding(health, 'vault.clock')?.message).toMatch(message)
  })

  it('says nothing of a clock that is a little wrong', async () => {
    lookUp()
    serverSays(200, { date: new Date(Date.now() + 30_000).toUTCString() })

    expect((await healthOf()).status).toBe('ready')
  })

  it.each([
    ['deleted', async () => remove('DELETE', 'secret/data/simpletuner'), 'Restore it with `vault kv undelete`'],
    ['destroyed', async () => remove('POST', 'secret/destroy/simpletuner'), 'Store it anew.'],
    [
      'not_strings',
      async () => vault.put('secret', 'simpletuner', { o: { canary: 1 }, l: [], A: '1' }),
      'Store each value as a string.',
    ],
  ] as const)('is degraded where the secret is %s', async (id, prepare, fix) => {
    lookUp()
    await prepare()

    const health = await healthOf()

    expect(health.status).toBe('degraded')
    expect(health.findings[0]).toMatchObject({ id: `vault.${id}`, severity: 'warning' })
    expect(health.findings[0]?.fix).toContain(fix)
    expect(JSON.stringify(health)).not.toContain('canary')
  })

  it('is degraded where there is no secret', async () => {
    lookUp()

    const health = await healthOf({ path: 'nothing' })

    expect(health.status).toBe('degraded')
    expect(finding(health, 'vault.missing')?.fix).toBe('Store it, or check path and mountPoint.')
  })

  async function remove(method: string, path: string): Promise<void> {
    const response = await fetch(`${vault.url}/v1/${path}`, { method, headers: { 'x-vault-token': vault.token } })
    await response.arrayBuffer()
  }

  it('tells the version of KV 1', async () => {
    lookUp()
    vault.mount('secret', new KeyValueEngine())
    vault.put('secret', 'simpletuner', { A: '1' })

    const health = await healthOf()

    expect(finding(health, 'vault.secret')?.message).toBe(
      'Path "secret/simpletuner" of KV version 1 is there. Keys: 1.',
    )
  })

  it('has failed with the path that a policy must allow, and still says whose token it is', async () => {
    lookUp()
    vault.tokens.set('denied', { read: [], denied: ['secret'] })

    const health = await healthOf({ token: 'denied' })

    expect(health).toMatchObject({ status: 'failed', kind: 'forbidden' })
    expect(health.findings[0]?.fix).toBe('Give the token a policy with "read" on "secret/data/simpletuner".')
    expect(finding(health, 'vault.token')?.message).toContain('Policies: default, app.')
  })

  it('has failed with a token that is not accepted', async () => {
    const health = await healthOf({ token: 's.canary' })

    expect(health).toMatchObject({ status: 'failed', kind: 'unauthenticated' })
    expect(health.findings[0]?.fix).toContain('set a new one')
    expect(JSON.stringify(health)).not.toContain('canary')
  })

  it('is ready with a token that may not look itself up', async () => {
    answering('auth/token/lookup-self', vaultRefusals.policy)

    const health = await healthOf()

    expect(health.status).toBe('ready')
    expect(finding(health, 'vault.token')).toMatchObject({ fix: expect.stringContaining('"default"') })
  })

  it.each([
    [{ policies: ['root'], ttl: 0, renewable: false }, 'vault.root_token', 'The token may do everything.'],
    [{ ttl: 0 }, 'vault.token_ttl', 'The token never expires.'],
    [{ ttl: 60, renewable: false }, 'vault.token_ttl', 'The token expires in 60 s and cannot be renewed.'],
  ])('warns of a token with %o', async (facts, id, message) => {
    lookUp(facts)

    const health = await healthOf()

    expect(health.status).toBe('degraded')
    expect(finding(health, id)?.message).toBe(message)
  })

  it('tells how many uses a token has left', async () => {
    lookUp({ num_uses: 7 })

    expect(finding(await healthOf(), 'vault.token')?.message).toContain('Uses left: 7.')
  })

  it('repeats nothing that looks like no name', async () => {
    lookUp({ policies: ['app', 'canary with spaces', { canary: 1 }] })
    serverSays(200, { version: '<b>canary</b>' })

    const health = await healthOf()

    expect(finding(health, 'vault.token')?.message).toContain('Policies: app.')
    expect(finding(health, 'vault.server')?.message).toContain('Version: unknown.')
    expect(JSON.stringify(health)).not.toContain('canary')
  })

  it.each([
    [0o640, 'degraded'],
    [0o604, 'degraded'],
    [0o600, 'ready'],
  ])('says who may use a token file with the mode %o: %s', async (mode, status) => {
    lookUp()
    const path = join(homedir(), 'token')
    writeFileSync(path, vault.token)
    chmodSync(path, mode)

    const health = await healthOf({ token: undefined, auth: { method: 'token', token: { path } } })

    expect(health.status).toBe(status)
    const fix = mode === 0o600 ? undefined : `chmod 600 ${path}`
    expect(finding(health, 'vault.token_file_mode')?.fix).toBe(fix)
  })

  it('warns where the token travels unencrypted', async () => {
    const health = await healthOf({ url: 'http://vault.invalid' })

    expect(finding(health, 'vault.unencrypted')?.message).toBe(
      'To http://vault.invalid the token and secrets travel unencrypted.',
    )
  })

  it('warns where any certificate is accepted', async () => {
    await using secure = await startFakeVault({ tls: true })

    const health = await healthOf({ url: secure.url, tls: { insecureSkipVerify: true } })

    expect(finding(health, 'vault.tls_unverified')?.fix).toContain('VAULT_SKIP_VERIFY')
  })

  it('has failed at a page that answers in the place of Vault', async () => {
    vault.break({ kind: 'html' })

    expect(await healthOf()).toMatchObject({ status: 'failed', kind: 'malformed' })
  })

  it('is not configured without an address, and says what to set', async () => {
    expect(await healthOf({ url: undefined })).toEqual({
      status: 'not_configured',
      findings: [
        {
          id: 'vault.not_configured',
          severity: 'error',
          message: 'No Vault address is given.',
          fix: 'Pass url or set VAULT_ADDR.',
        },
      ],
    })
  })

  it('answers also when its signal has already aborted', async () => {
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token })

    expect(await provider.checkHealth({ signal: AbortSignal.abort() })).toMatchObject({
      status: 'failed',
      kind: 'timeout',
    })
  })
})
