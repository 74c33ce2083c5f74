import { type ProviderPolicy, SecretsManager } from '@st/secrets-core'
import {
  type FakeVault,
  KeyValueEngine,
  startFakeLoginVault,
  startFakeVault,
  VersionedKeyValueEngine,
  vaultRefusals,
} from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

const preflight = '/v1/sys/internal/ui/mounts/secret/simpletuner'
const read = '/v1/secret/data/simpletuner'

interface Managed {
  readonly options?: HashiCorpVaultProviderOptions
  readonly policy?: ProviderPolicy
  readonly now?: () => number
}

function managerOf(vault: FakeVault, { options, policy, now }: Managed = {}): SecretsManager {
  const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, ...options })
  return new SecretsManager({ providers: [{ provider, policy }], now })
}

function pathsOf({ requests }: FakeVault): readonly string[] {
  return requests.map(({ path }) => path)
}

describe('through a manager', () => {
  it('100 keys of one document are 1 request, after one that is remembered', async () => {
    await using vault = await startFakeVault()
    const keys = Array.from({ length: 100 }, (_, index) => `KEY_${index}`)
    vault.put('secret', 'simpletuner', Object.fromEntries(keys.map(key => [key, `value of ${key}`])))
    await using secrets = managerOf(vault)

    const many = await secrets.getMany(keys.slice(0, 50))
    const single = await Promise.all(keys.slice(50).map(key => secrets.get(key)))
    await secrets.get('KEY_0', { fresh: true })

    expect([...Object.values(many), ...single]).toEqual(keys.map(key => `value of ${key}`))
    expect(pathsOf(vault)).toEqual([preflight, read, read])
  })

  it.each([1, 2, 'auto'] as const)(
    '1,000 reads at once of what is not kept yet are 1 request: KV %s',
    async kvVersion => {
      await using vault = await startFakeVault()
      if (kvVersion === 1) vault.mount('secret', new KeyValueEngine())
      vault.put('secret', 'simpletuner', { A: '1' })
      await using secrets = managerOf(vault, { options: { kvVersion } })

      const values = await Promise.all(Array.from({ length: 1000 }, () => secrets.get('A')))

      expect(new Set(values)).toEqual(new Set(['1']))
      expect(pathsOf(vault).filter(path => path !== preflight)).toHaveLength(1)
      expect(vault.requests).toHaveLength(kvVersion === 'auto' ? 2 : 1)
    },
  )

  it('100 reads at once with a token that was revoked are 1 login', async () => {
    await using vault = await startFakeLoginVault()
    vault.allow('approle', { body: { role_id: 'role', secret_id: 'secret' } })
    vault.put('secret', 'simpletuner', { A: '1' })
    const auth = { method: 'approle', roleId: 'role', secretId: 'secret' } as const
    const options = { token: undefined, auth }
    await using secrets = managerOf(vault, { options, policy: { cache: false } })
    await secrets.get('A')
    vault.tokens.clear()

    const values = await Promise.all(Array.from({ length: 100 }, () => secrets.get('A')))

    expect(new Set(values)).toEqual(new Set(['1']))
    expect(vault.logins).toBe(2)
  })

  it('a token that was replaced is sent no more', async () => {
    await using vault = await startFakeLoginVault()
    vault.allow('approle', { body: { role_id: 'role', secret_id: 'secret' } })
    vault.put('secret', 'simpletuner', { A: '1' })
    const auth = { method: 'approle', roleId: 'role', secretId: 'secret' } as const
    await using secrets = managerOf(vault, { options: { token: undefined, auth }, policy: { cache: false } })
    await secrets.get('A')
    const [replaced] = vault.requests.flatMap(({ headers }) => headers['x-vault-token'] ?? [])
    vault.tokens.clear()
    await secrets.get('A')
    const asked = vault.requests.length

    await secrets.get('A')

    const tokens = vault.requests.slice(asked).map(({ headers }) => headers['x-vault-token'])
    expect(tokens).toEqual([...vault.tokens.keys()])
    expect(tokens).not.toContain(replaced)
  })

  it('everyone who waits for a dead host shares its failure, and after 5 failed calls nobody asks it', async () => {
    await using vault = await startFakeVault()
    vault.break({ kind: 'reset' })
    await using secrets = managerOf(vault, { policy: { retry: { retries: 1, baseMs: 1 } } })

    const together = await Promise.all(Array.from({ length: 100 }, () => failureOf(secrets.require('A'))))
    const asked = vault.requests.length
    for (let call = 1; call < 5; call += 1) await failureOf(secrets.require('A'))
    const askedByFive = vault.requests.length
    const sixth = await secrets.resolve('A')

    expect(new Set(together.map(({ kind }) => kind))).toEqual(new Set(['unresolved']))
    expect([asked, askedByFive]).toEqual([2, 10])
    expect(sixth.trace.steps).toMatchObject([
      { provider: 'vault', outcome: 'failed', detail: 'circuit_open', attempts: 0 },
    ])
    expect(vault.requests).toHaveLength(10)
  })

  it('a host that does not answer fails everyone by the deadline, with one request', async () => {
    await using vault = await startFakeVault()
    vault.break({ kind: 'hang' })
    await using secrets = managerOf(vault, { policy: { timeoutMs: 100 } })

    const resolutions = await Promise.all(Array.from({ length: 100 }, () => secrets.resolve('A')))

    for (const { trace } of resolutions) expect(trace.steps).toMatchObject([{ outcome: 'failed', kind: 'timeout' }])
    expect(vault.requests).toHaveLength(1)
  })

  it('a read that Vault limits is repeated within the deadline', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: '1' })
    const answer = { ...vaultRefusals.rateLimited, headers: { 'retry-after': '0' } }
    vault.break({ kind: 'answer', answer }, () => vault.requests.length === 1)
    await using secrets = managerOf(vault)

    const { secret, trace } = await secrets.resolve('A')

    expect(secret?.reveal()).toBe('1')
    expect(trace.steps).toMatchObject([{ outcome: 'hit', attempts: 2 }])
  })

  it('a read that Vault limits for longer than the deadline fails at once, and says for how long', async () => {
    await using vault = await startFakeVault()
    const answer = { ...vaultRefusals.rateLimited, headers: { 'retry-after': '60' } }
    vault.break({ kind: 'answer', answer })
    await using secrets = managerOf(vault)

    const { trace } = await secrets.resolve('A')

    expect(trace.steps).toMatchObject([{ outcome: 'failed', kind: 'throttled', attempts: 1 }])
    expect(vault.requests).toHaveLength(1)
  })

  it.each([
    ['a policy', vaultRefusals.policy],
    ['a token that is not accepted', vaultRefusals.badToken],
    ['a namespace that does not exist', vaultRefusals.noNamespace],
    ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' }],
  ])('%s is asked about once: asking again cannot help', async (_title, answer) => {
    await using vault = await startFakeVault()
    vault.break({ kind: 'answer', answer }, ({ path }) => path === read)
    await using secrets = managerOf(vault)

    const { trace } = await secrets.resolve('A')

    expect(trace.steps).toMatchObject([{ outcome: 'failed', attempts: 1 }])
    expect(pathsOf(vault)).toEqual([preflight, read])
  })

  it('the previous value is not taken for the current one, in whichever order they are asked for', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: 'old' })
    vault.put('secret', 'simpletuner', { A: 'now' })
    await using secrets = managerOf(vault)

    const values: unknown[] = []
    for (const stage of ['previous', 'current', undefined, 'previous'] as const) {
      values.push((await secrets.resolve('A', { stage })).secret?.reveal())
    }

    expect(values).toEqual(['old', 'now', 'now', 'old'])
  })

  it.each([
    ['DELETE', 'data', 'deleted'],
    ['POST', 'destroy', 'destroyed'],
  ])(
    'a secret that was removed by %s %s is missing, and the trace says that it is %s',
    async (method, operation, detail) => {
      await using vault = await startFakeVault()
      const engine = new VersionedKeyValueEngine()
      vault.mount('secret', engine)
      vault.put('secret', 'simpletuner', { A: '1' })
      engine.answer({ method, path: `${operation}/simpletuner`, body: '{}' })
      await using secrets = managerOf(vault)

      const { status, trace } = await secrets.resolve('A')

      expect(status).toBe('missing')
      expect(trace.steps).toMatchObject([{ outcome: 'missing', detail }])
    },
  )

  it('an earlier value is handed out while Vault is sealed, and not once it denies', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: '1' })
    let nowMs = 0
    const cache = { ttl: 60, jitter: 0 }
    await using secrets = managerOf(vault, { policy: { cache, retry: false }, now: () => nowMs })
    await secrets.get('A')

    nowMs += 61_000
    vault.sealed = true
    const stale = await secrets.get('A')
    vault.sealed = false
    vault.break({ kind: 'answer', answer: vaultRefusals.policy })
    nowMs += 61_000
    const denied = await secrets.get('A')

    expect([stale, denied]).toEqual(['1', undefined])
  })

  it('a value that was rotated is seen after its time, and at once by a fresh read', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: 'first' })
    let nowMs = 0
    await using secrets = managerOf(vault, { policy: { cache: { ttl: 60, jitter: 0 } }, now: () => nowMs })
    const values = [await secrets.get('A')]

    vault.put('secret', 'simpletuner', { A: 'second' })
    values.push(await secrets.get('A'), await secrets.get('A', { fresh: true }))
    vault.put('secret', 'simpletuner', { A: 'third' })
    nowMs += 61_000
    values.push(await secrets.get('A'))

    expect(values).toEqual(['first', 'first', 'second', 'third'])
  })

  it('a token whose uses are counted is good for as many reads', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: '1' })
    vault.tokens.set('s.two-uses', { uses: 2 })
    await using secrets = managerOf(vault, { options: { token: 's.two-uses' }, policy: { cache: false } })

    const values = [await secrets.get('A'), await secrets.get('A'), await secrets.get('A')]

    expect(values).toEqual(['1', '1', undefined])
  })

  it('a key is stored and read back by whoever kept the document', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: '1', B: '2' })
    await using secrets = managerOf(vault, { options: { writable: true } })
    await secrets.get('A')

    await secrets.setSecret('A', 'new')
    const values = await secrets.getMany(['A', 'B'])

    expect(values).toEqual({ A: 'new', B: '2' })
  })
})
