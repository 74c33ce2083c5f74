import type { ProviderHealth, SecretProvider } from '@st/secrets-core'
import { SecretError } from '@st/secrets-core'
import { expect, it } from 'vitest'
import { told } from '../testing/answers.ts'
import { runServer } from '../testing/running-server.ts'

const canary = 'canary-5a0f'

/** A provider whose state the test decides. */
class FakeProvider implements SecretProvider {
  readonly name = 'vault'
  checks = 0
  health: ProviderHealth = { status: 'ready', latencyMs: 3, findings: [] }
  failure: SecretError | undefined

  isAvailable(): boolean {
    return true
  }

  async getSecret(key: string): Promise<string | undefined> {
    if (this.failure !== undefined) throw this.failure
    return key === 'K' ? canary : undefined
  }

  async checkHealth(): Promise<ProviderHealth> {
    this.checks += 1
    return this.health
  }

  describe(): { readonly url: string } {
    return { url: 'https://vault.test' }
  }
}

const idle: SecretProvider = { name: 'idle', isAvailable: () => false, getSecret: async () => undefined }

it('the list tells in their order what was seen of each, and never a value', async () => {
  const vault = new FakeProvider()
  await using server = await runServer({ providers: [idle, vault] })

  const [, before] = await told(server.send('/api/providers'))
  await server.send('/api/secrets/K')
  vault.failure = new SecretError('forbidden', 'no', { provider: 'vault' })
  await server.secrets.get('L')
  const after = await told(server.send('/api/providers'))

  const counters = { breaker: 'closed', calls: 0, failures: 0, retries: 0 }
  const facts = { url: 'https://vault.test' }
  expect(before).toEqual({
    providers: [
      { name: 'idle', available: false, facts: {}, ...counters },
      { name: 'vault', available: true, facts, ...counters },
    ],
  })
  expect(after).toMatchObject([
    200,
    {
      providers: [
        { name: 'idle' },
        {
          calls: 2,
          failures: 1,
          latencyMs: { p50: expect.any(Number), p95: expect.any(Number) },
          lastOkAt: expect.any(String),
          lastFailure: { kind: 'forbidden', at: expect.any(String) },
        },
      ],
    },
  ])
  expect(JSON.stringify([after, server.log])).not.toContain(canary)
})

it('health is at most ten seconds old, a test asks now, and both say what is wrong and what to do', async () => {
  const vault = new FakeProvider()
  const sealed = { id: 'vault.sealed', severity: 'error', message: 'Vault is sealed.', fix: 'Unseal Vault.' } as const
  const token = { id: 'vault.token', severity: 'info', message: 'The token expires in 90 s; it is renewable.' } as const
  vault.health = { status: 'failed', kind: 'unavailable', findings: [sealed, token] }
  await using server = await runServer({ providers: [vault] })

  const first = await told(server.send('/api/providers/vault/health'))
  const second = await told(server.send('/api/providers/vault/health'))
  const checksBefore = vault.checks
  const tested = await told(server.send('/api/providers/vault/test', { method: 'POST' }))

  expect(first).toEqual([
    200,
    {
      provider: 'vault',
      status: 'failed',
      kind: 'unavailable',
      findings: [sealed, token],
      sealed: true,
      tokenSeconds: 90,
      checkedAt: expect.any(String),
    },
  ])
  expect(second).toEqual(first)
  expect([checksBefore, vault.checks, tested[0]]).toEqual([1, 2, 200])
  expect(await told(server.send('/api/providers'))).toMatchObject([
    200,
    { providers: [{ lastFailure: { kind: 'unavailable' } }] },
  ])
})

it('refuses strangers and unknown names', async () => {
  await using server = await runServer()

  const answers = [
    await told(server.send('/api/providers', { as: null })),
    await told(server.send('/api/providers/none/health')),
    await told(server.send('/api/providers/none/test', { method: 'POST' })),
  ]

  expect(answers).toEqual([
    [401, 'SIGN_IN_NEEDED'],
    [404, 'PROVIDER_NOT_FOUND'],
    [404, 'PROVIDER_NOT_FOUND'],
  ])
})
