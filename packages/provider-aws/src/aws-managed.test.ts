import { awsException, type FakeSecretsManager, startFakeSecretsManager } from '@st/test-servers'
import { type ProviderPolicy, SecretsManager } from '@st/secrets-core'
import { describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'
import type { AWSSecretsManagerProviderOptions } from './aws-options.ts'

useTestEnvironment()

const secretId = (key: string): string => `app/${key}`

interface Managed {
  readonly options?: AWSSecretsManagerProviderOptions
  readonly policy?: ProviderPolicy
  readonly now?: () => number
}

function managerOf(service: FakeSecretsManager, { options, policy, now }: Managed = {}): SecretsManager {
  return new SecretsManager({ providers: [{ provider: providerOver(service, options), policy }], now })
}

function keysOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `KEY_${index}`)
}

describe('through a manager', () => {
  it('100 keys of one document are 1 request', async () => {
    await using service = await startFakeSecretsManager()
    const keys = keysOf(100)
    service.put('app', JSON.stringify(Object.fromEntries(keys.map(key => [key, `value of ${key}`]))))
    await using secrets = managerOf(service)

    const many = await secrets.getMany(keys.slice(0, 50))
    const single = await Promise.all(keys.slice(50).map(key => secrets.get(key)))

    expect([...Object.values(many), ...single]).toEqual(keys.map(key => `value of ${key}`))
    expect(service.operations).toEqual(['GetSecretValue'])
  })

  it('45 secrets are 3 batch requests', async () => {
    await using service = await startFakeSecretsManager()
    const keys = keysOf(45)
    for (const key of keys) service.put(secretId(key), key)
    await using secrets = managerOf(service, { options: { secretId } })

    const many = await secrets.getMany(keys)

    expect(Object.values(many)).toEqual(keys)
    expect(service.operations).toEqual(Array.from({ length: 3 }, () => 'BatchGetSecretValue'))
  })

  it.each([{ secretName: 'app' }, { secretId: () => 'app' }])(
    '1,000 reads at once of what is not kept yet are 1 request: %o',
    async options => {
      await using service = await startFakeSecretsManager()
      service.put('app', '{"A":"1"}')
      await using secrets = managerOf(service, { options })

      const values = await Promise.all(Array.from({ length: 1000 }, () => secrets.get('A')))

      expect(new Set(values).size).toBe(1)
      expect(service.operations).toEqual(['GetSecretValue'])
    },
  )

  it('everyone who waits for a dead host shares its failure, and after 5 failed calls nobody asks it', async () => {
    await using service = await startFakeSecretsManager()
    service.break({ kind: 'reset' })
    await using secrets = managerOf(service, { policy: { retry: { retries: 1, baseMs: 1 } } })

    const together = await Promise.all(Array.from({ length: 100 }, () => failureOf(secrets.require('A'))))
    const asked = service.requests.length
    for (let call = 1; call < 5; call += 1) await failureOf(secrets.require('A'))
    const askedByFive = service.requests.length
    const sixth = await secrets.resolve('A')

    expect(new Set(together.map(({ kind }) => kind))).toEqual(new Set(['unresolved']))
    expect([asked, askedByFive]).toEqual([2, 10])
    expect(sixth.trace.steps).toMatchObject([
      { provider: 'aws', outcome: 'failed', detail: 'circuit_open', attempts: 0 },
    ])
    expect(service.requests).toHaveLength(10)
  })

  it('a host that does not answer fails everyone by the deadline, with one request', async () => {
    await using service = await startFakeSecretsManager()
    service.break({ kind: 'hang' })
    await using secrets = managerOf(service, { policy: { timeoutMs: 500 } })

    const resolutions = await Promise.all(Array.from({ length: 100 }, () => secrets.resolve('A')))

    for (const { trace } of resolutions) expect(trace.steps).toMatchObject([{ outcome: 'failed', kind: 'timeout' }])
    expect(service.requests).toHaveLength(1)
  })

  it('a read that AWS limits is repeated within the deadline', async () => {
    await using service = await startFakeSecretsManager()
    service.put('app', '{"A":"1"}')
    const isFirst = (): boolean => service.requests.length === 1
    service.break(awsException('ThrottlingException', { headers: { 'retry-after': '0' } }), isFirst)
    await using secrets = managerOf(service)

    const { secret, trace } = await secrets.resolve('A')

    expect(secret?.reveal()).toBe('1')
    expect(trace.steps).toMatchObject([{ outcome: 'hit', attempts: 2 }])
  })

  it('a read that AWS limits for longer than the deadline fails at once, and says for how long', async () => {
    await using service = await startFakeSecretsManager()
    service.break(awsException('ThrottlingException', { headers: { 'retry-after': '60' } }))
    await using secrets = managerOf(service)

    const { trace } = await secrets.resolve('A')

    expect(trace.steps).toMatchObject([{ outcome: 'failed', kind: 'throttled', attempts: 1 }])
    expect(service.requests).toHaveLength(1)
  })

  it('the previous value is not taken for the current one, in whichever order they are asked for', async () => {
    await using service = await startFakeSecretsManager()
    service.put('app', '{"A":"old"}')
    service.put('app', '{"A":"now"}')
    await using secrets = managerOf(service)

    const values: unknown[] = []
    for (const stage of ['previous', 'current', undefined, 'previous'] as const) {
      values.push((await secrets.resolve('A', { stage })).secret?.reveal())
    }

    expect(values).toEqual(['old', 'now', 'now', 'old'])
  })

  it('a secret that is scheduled for deletion is missing, and the trace says why', async () => {
    await using service = await startFakeSecretsManager()
    service.put('app', '{"A":"1"}')
    service.secret('app').isDeleted = true
    await using secrets = managerOf(service)

    const { status, trace } = await secrets.resolve('A')

    expect(status).toBe('missing')
    expect(trace.steps).toMatchObject([{ outcome: 'missing', detail: 'deleted' }])
  })

  it('an earlier value is handed out while AWS is down, and not once it denies', async () => {
    await using service = await startFakeSecretsManager()
    service.put('app', '{"A":"1"}')
    let nowMs = 0
    const cache = { ttl: 60, jitter: 0 }
    await using secrets = managerOf(service, { policy: { cache, retry: false }, now: () => nowMs })
    await secrets.get('A')

    nowMs += 61_000
    service.break({ kind: 'reset' })
    const stale = await secrets.get('A')
    await service.heal()
    service.deny('GetSecretValue')
    nowMs += 61_000
    const denied = await secrets.get('A')

    expect([stale, denied]).toEqual(['1', undefined])
  })

  it('a key is stored and read back by whoever kept the document', async () => {
    await using service = await startFakeSecretsManager()
    service.put('app', '{"A":"1","B":"2"}')
    await using secrets = managerOf(service, { options: { secretName: 'app', writable: true } })
    await secrets.get('A')

    await secrets.setSecret('A', 'new')
    const values = await secrets.getMany(['A', 'B'])

    expect(values).toEqual({ A: 'new', B: '2' })
  })
})
