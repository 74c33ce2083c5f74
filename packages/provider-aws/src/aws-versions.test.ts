import { randomUUID } from 'node:crypto'
import { startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { providerOver } from './__fixtures__/provider-over.ts'
import { clientAnswering } from './__fixtures__/stub-client.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'
import { AWSSecretsManagerProvider } from './aws-provider.ts'

useTestEnvironment()

const perKey = { secretId: (key: string) => `app/${key}` }

describe('versions', () => {
  it('are had by stage: current, previous and pending', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"old"}')
    manager.put('app', '{"A":"now"}')
    manager.put('app', '{"A":"next"}', { stages: ['AWSPENDING'] })
    const provider = providerOver(manager)

    const values: unknown[] = []
    for (const stage of [undefined, 'current', 'previous', 'pending'] as const) {
      const document = await provider.readDocument?.({ stage })
      values.push(document?.values.get('A'))
    }

    expect(values).toEqual(['now', 'now', 'old', 'next'])
    expect(manager.requests.map(({ body }) => JSON.parse(body))).toEqual([
      { SecretId: 'app', VersionStage: 'AWSCURRENT' },
      { SecretId: 'app', VersionStage: 'AWSCURRENT' },
      { SecretId: 'app', VersionStage: 'AWSPREVIOUS' },
      { SecretId: 'app', VersionStage: 'AWSPENDING' },
    ])
  })

  it('are had by id, also with one secret a key', async () => {
    await using manager = await startFakeSecretsManager()
    const [first, second] = [randomUUID(), randomUUID()]
    manager.put('app/A', 'old', { id: first })
    manager.put('app/A', 'now', { id: second })
    const provider = providerOver(manager, perKey)

    const old = await provider.readSecret({ key: 'A', version: first })
    const previous = await provider.readSecret({ key: 'A', stage: 'previous' })
    const now = await provider.readSecret({ key: 'A' })

    const { arn: locator } = manager.secret('app/A')
    expect([old, previous, now]).toEqual([
      { value: 'old', version: first, locator },
      { value: 'old', version: first, locator },
      { value: 'now', version: second, locator },
    ])
  })

  it('are missing, not failures, when AWS has none of this id or stage', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1"}')
    const provider = providerOver(manager)

    expect(await provider.readDocument?.({ stage: 'previous' })).toBeUndefined()
    expect(await provider.readDocument?.({ version: randomUUID() })).toBeUndefined()
    expect(await provider.readSecret({ key: 'A', stage: 'pending' })).toBeUndefined()
  })

  it('are missing when id and stage do not belong together', async () => {
    await using manager = await startFakeSecretsManager()
    const [first, second] = [randomUUID(), randomUUID()]
    manager.put('app', '{"A":"old"}', { id: first })
    manager.put('app', '{"A":"now"}', { id: second })
    const provider = providerOver(manager)

    const [matching, other] = [
      await provider.readSecret({ key: 'A', version: first, stage: 'previous' }),
      await provider.readSecret({ key: 'A', version: first, stage: 'current' }),
    ]

    expect([matching?.value, other]).toEqual(['old', undefined])
  })

  it('of several secrets are read back by the id that their document has', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('one', '{"A":"old"}')
    manager.put('two', '{"B":"old"}')
    const provider = providerOver(manager, { secretName: ['one', 'absent', 'two'] })
    const before = await provider.readDocument?.()
    manager.put('one', '{"A":"now"}')
    manager.put('two', '{"B":"now"}')

    const again = await provider.readDocument?.({ version: before?.version })

    expect(Object.fromEntries(again?.values ?? [])).toEqual({ A: 'old', B: 'old' })
    expect(again).toMatchObject({ version: before?.version, locator: before?.locator })
  })

  it('of one of several secrets are read from that one', async () => {
    await using manager = await startFakeSecretsManager()
    const version = randomUUID()
    manager.put('one', '{"A":"1"}')
    manager.put('two', '{"B":"2"}', { id: version })
    const provider = providerOver(manager, { secretName: ['one', 'two'] })

    const document = await provider.readDocument?.({ version })

    expect([...(document?.values ?? [])]).toEqual([['B', '2']])
  })

  it('are unknown where AWS names none, and then nothing is taken for unchanged', async () => {
    const client = clientAnswering({ SecretString: '{"A":"1"}' })
    const provider = new AWSSecretsManagerProvider({ secretName: 'n', client })
    const known = await provider.readDocument?.()

    const again = await provider.readDocument?.({ known })

    expect(known).toMatchObject({ version: undefined, locator: 'n' })
    expect(again).not.toBe(known)
  })

  it('make a rotation seen at the next read', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"old"}')
    const provider = providerOver(manager)
    const known = await provider.readDocument?.()
    manager.put('app', '{"A":"new"}', { id: randomUUID(), stages: ['AWSPENDING'] })

    const pending = await provider.readDocument?.({ known })
    const secret = manager.secret('app')
    secret.moveStage('AWSCURRENT', secret.version(undefined).id, secret.version(undefined, 'AWSPENDING').id)
    const rotated = await provider.readDocument?.({ known })

    expect(pending).toBe(known)
    expect(rotated?.values.get('A')).toBe('new')
    expect((await provider.readSecret({ key: 'A', stage: 'previous' }))?.value).toBe('old')
  })
})

describe('a secret that is scheduled for deletion', () => {
  it('holds no key, and its document says why', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1"}')
    manager.secret('app').isDeleted = true
    const provider = providerOver(manager)

    const document = await provider.readDocument?.()

    expect(document).toEqual({ values: new Map(), detail: 'deleted' })
    expect(await provider.getSecret('A')).toBeUndefined()
  })

  it('is missing with one secret a key', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', '1')
    manager.put('app/B', '2')
    manager.secret('app/A').isDeleted = true
    const provider = providerOver(manager, perKey)

    const secrets = await provider.readSecrets?.(['A', 'B'])

    expect(await provider.getSecret('A')).toBeUndefined()
    expect([...(secrets?.keys() ?? [])]).toEqual(['B'])
  })

  it('is passed over beside others', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('one', '{"A":"1"}')
    manager.put('two', '{"A":"2"}')
    manager.secret('one').isDeleted = true
    const provider = providerOver(manager, { secretName: ['one', 'two'] })

    expect(await provider.getSecret('A')).toBe('2')
  })
})
