import { startFakeLoginVault, startFakeVault, vaultRefusals } from '@st/test-servers'
import type { ProviderHost } from '@st/secrets-core/provider'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

function hostOf(): { readonly host: ProviderHost; readonly told: string[] } {
  const told: string[] = []
  return { told, host: { protect: text => void told.push(text), changed: () => {}, report: () => {} } }
}

describe('a provider whose environment changes', () => {
  it('lets a read that is under way finish at the old address, and then ends its connections', async () => {
    await using before = await startFakeVault()
    await using after = await startFakeVault()
    before.put('secret', 'simpletuner', { A: 'before' })
    after.put('secret', 'simpletuner', { A: 'after' })
    before.break({ kind: 'drip', intervalMs: 1 })
    vi.stubEnv('VAULT_ADDR', before.url)
    const provider = new HashiCorpVaultProvider({ token: before.token, kvVersion: 2 })

    const slow = provider.getSecret('A')
    await vi.waitFor(() => expect(before.requests).toHaveLength(1))
    vi.stubEnv('VAULT_ADDR', after.url)
    const fresh = await provider.getSecret('A')

    expect([fresh, await slow]).toEqual(['after', 'before'])
    await vi.waitFor(() => expect(before.openConnections).toBe(0))
    expect(after.openConnections).toBe(1)
    await provider.close()
  })

  it('keeps its connections while nothing changes', async () => {
    await using vault = await startFakeVault()
    vi.stubEnv('VAULT_ADDR', vault.url)
    const provider = new HashiCorpVaultProvider({ auth: { method: 'token', token: () => vault.token } })

    await provider.getSecret('A')
    await provider.getSecret('A')

    expect(vault.requests.filter(({ path }) => path.startsWith('/v1/sys/'))).toHaveLength(2)
    expect(vault.openConnections).toBe(1)
    await provider.close()
  })

  it('has each of its tokens redacted', async () => {
    await using vault = await startFakeVault()
    vi.stubEnv('VAULT_TOKEN', 'first-token')
    const { host, told } = hostOf()
    const provider = new HashiCorpVaultProvider({ url: vault.url })
    provider.attach(host)

    await failureOf(provider.getSecret('A'))
    vi.stubEnv('VAULT_TOKEN', vault.token)
    await provider.getSecret('A')

    expect(told).toEqual(expect.arrayContaining(['first-token', vault.token]))
    await provider.close()
  })
})

describe('a provider that is closed', () => {
  it('ends reads, writes and health alike, also when it is closed twice', async () => {
    await using vault = await startFakeVault()
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, writable: true })
    await provider.getSecret('A')

    await Promise.all([provider.close(), provider.close()])

    expect((await failureOf(provider.getSecret('A'))).kind).toBe('closed')
    expect((await failureOf(provider.setSecret?.('A', '1') ?? Promise.resolve())).kind).toBe('closed')
    expect(await provider.checkHealth()).toMatchObject({ status: 'failed', kind: 'closed' })
    expect(vault.requests.every(({ method }) => method === 'GET')).toBe(true)
  })
})

describe('a provider that logs in', () => {
  const auth = { method: 'approle', roleId: 'role', secretId: 'canary-secret-id' } as const

  it('reads with the token of its login, logs in once for 100 refusals at once, and revokes it in the end', async () => {
    await using vault = await startFakeLoginVault()
    vault.allow('approle', { body: { role_id: 'role', secret_id: 'canary-secret-id' } })
    vault.put('secret', 'simpletuner', { A: '1' })
    const provider = new HashiCorpVaultProvider({ url: vault.url, auth })
    const first = await provider.getSecret('A')
    const token = vault.requests.at(-1)?.headers['x-vault-token'] ?? ''
    vault.tokens.delete(token)

    const values = await Promise.all(Array.from({ length: 100 }, () => provider.getSecret('A')))
    const second = vault.requests.at(-1)?.headers['x-vault-token'] ?? ''
    const wasAlive = vault.tokens.has(second)
    await provider.close()

    expect(first).toBe('1')
    expect(new Set(values)).toEqual(new Set(['1']))
    expect(vault.logins).toBe(2)
    expect([wasAlive, vault.tokens.has(second)]).toEqual([true, false])
    expect(provider.describe()).toMatchObject({ auth: 'approle' })
  })

  it('is forbidden, and logs in no more, where the server refuses the token of a fresh login', async () => {
    await using vault = await startFakeLoginVault()
    vault.allow('approle', { body: { role_id: 'role', secret_id: 'canary-secret-id' } })
    vault.break({ kind: 'answer', answer: vaultRefusals.badToken }, ({ path }) => path.startsWith('/v1/secret/'))
    const provider = new HashiCorpVaultProvider({ url: vault.url, auth, kvVersion: 2 })

    const errors = [await failureOf(provider.getSecret('A')), await failureOf(provider.getSecret('A'))]

    expect(errors.map(({ kind }) => kind)).toEqual(['forbidden', 'forbidden'])
    expect(errors[0]?.hint).toContain('fresh login')
    expect(vault.logins).toBe(2)
    await provider.close()
  })

  it('has failed its health with what the login was refused for', async () => {
    await using vault = await startFakeLoginVault()
    const provider = new HashiCorpVaultProvider({ url: vault.url, auth })

    const health = await provider.checkHealth()

    expect(health.status).toBe('failed')
    expect(JSON.stringify(health)).not.toContain('canary')
  })
})
