import { inspect } from 'node:util'
import type { ProviderHost } from '@st/secrets-core/provider'
import { type FakeGrant, type FakeLoginVault, startFakeLoginVault } from '@st/test-servers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from '../__fixtures__/failure-of.ts'
import { HashiCorpVaultProvider } from '../vault-provider.ts'
import type { VaultAuth } from './auth-options.ts'

const auth: VaultAuth = { method: 'approle', mount: 'team/a/approle', roleId: 'role', secretId: 'canary-secret-id' }
let vault: FakeLoginVault
let provider: HashiCorpVaultProvider

beforeEach(async () => {
  vault = await startFakeLoginVault()
  vault.put('secret', 'simpletuner', { A: 'value' })
  provider = new HashiCorpVaultProvider({ url: vault.url, auth })
})

afterEach(async () => {
  await provider.close()
  await vault.close()
})

function allow(grant?: FakeGrant): void {
  vault.allow('approle', { body: { role_id: 'role', secret_id: 'canary-secret-id' }, grant }, 'team/a/approle')
}

/** Revokes what was issued, and leaves the root token, which nobody here has. */
function revokeAll(): void {
  vault.tokens.clear()
}

describe('HashiCorpVaultProvider that logs in', () => {
  it('reads with the token of its login, and revokes it in the end', async () => {
    allow()

    const value = await provider.getSecret('A')
    const issued = vault.tokens.size
    await provider.close()

    expect(value).toBe('value')
    expect(provider.isAvailable()).toBe(true)
    expect([issued, vault.tokens.size]).toEqual([2, 1])
    expect(vault.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/auth/team/a/approle/login',
      'GET /v1/sys/internal/ui/mounts/secret/simpletuner',
      'GET /v1/secret/data/simpletuner',
      'POST /v1/auth/token/revoke-self',
    ])
    expect(vault.requests[0]?.headers).not.toHaveProperty('x-vault-token')
  })

  it('logs in once for a hundred reads that meet a revoked token', async () => {
    allow()
    await provider.getSecret('A')
    revokeAll()

    const values = await Promise.all(Array.from({ length: 100 }, () => provider.getSecret('A')))

    expect(new Set(values)).toEqual(new Set(['value']))
    expect(vault.logins).toBe(2)
  })

  it('does not log in for each read when every token is refused', async () => {
    allow()
    await provider.getSecret('A')
    const isRead = ({ path }: { readonly path: string }): boolean => path.startsWith('/v1/secret/')
    const answer = { status: 403, body: '{"errors":["permission denied"]}\n' }
    vault.break({ kind: 'answer', answer }, isRead)

    const failures = await Promise.all(Array.from({ length: 20 }, () => failureOf(provider.getSecret('A'))))
    failures.push(await failureOf(provider.getSecret('A')))

    expect(new Set(failures.map(({ kind }) => kind))).toEqual(new Set(['forbidden']))
    expect(vault.logins).toBe(2)
  })

  it('does not log in for what a policy denies', async () => {
    allow({ read: [] })

    const failure = await failureOf(provider.getSecret('A'))

    expect(failure.kind).toBe('forbidden')
    expect(vault.logins).toBe(1)
  })

  it('is unauthenticated when the login is refused, and does not ask for the secret', async () => {
    allow()
    const refused = new HashiCorpVaultProvider({ url: vault.url, auth: { ...auth, secretId: 'canary-wrong' } })

    const failure = await failureOf(refused.getSecret('A'))
    await failureOf(refused.getSecret('A'))
    await refused.close()

    expect(failure).toMatchObject({ kind: 'unauthenticated', provider: 'vault', transient: false })
    expect(vault.requests).toHaveLength(1)
  })

  it('shows its credentials to the redactor alone', async () => {
    allow()
    const protectedTexts: string[] = []
    const events: unknown[] = []
    const host: ProviderHost = {
      protect: text => void protectedTexts.push(text),
      changed: () => {},
      report: (...event) => void events.push(event),
    }

    provider.attach(host)
    await provider.getSecret('A')
    const [token = ''] = [...vault.tokens.keys()].slice(-1)
    const shown = [inspect(provider, { depth: 20, showHidden: true }), JSON.stringify([provider, provider.describe()])]

    expect(protectedTexts).toEqual(expect.arrayContaining(['canary-secret-id', token]))
    expect([...shown, JSON.stringify(events)].join('\n')).not.toMatch(new RegExp(`canary|${token}`))
  })
})
