import { awsException, startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

const secretId = (key: string): string => `app/${key}`
const isBatch = ({ headers }: { readonly headers: Readonly<Record<string, string>> }): boolean =>
  headers['x-amz-target'] === 'secretsmanager.BatchGetSecretValue'
const keys = Array.from({ length: 45 }, (_, index) => `KEY_${index}`)

describe('one secret a key', () => {
  it('has the whole text of its secret as value, whatever it is', async () => {
    await using manager = await startFakeSecretsManager()
    const arn = manager.put('app/A', '{"not":"parsed"}\n')
    const provider = providerOver(manager, { secretId })

    const secret = await provider.readSecret({ key: 'A' })

    expect(secret).toEqual({ value: '{"not":"parsed"}\n', version: expect.any(String), locator: arn })
    expect(await provider.getSecret('B')).toBeUndefined()
    expect(manager.operations).toEqual(['GetSecretValue', 'GetSecretValue'])
  })

  it('has no documents, and documents have no batches', () => {
    const at = { url: 'http://127.0.0.1:1' }

    expect(providerOver(at, { secretId }).readDocument).toBeUndefined()
    expect(providerOver(at).readSecrets).toBeUndefined()
    expect(providerOver(at, { secretId }).isAvailable()).toBe(true)
  })

  it('reads bytes as UTF-8, a byte order mark included, and refuses others', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', Buffer.from('\uFEFFé✓'))
    manager.put('app/B', Buffer.from('canary-\xff', 'latin1'))
    const provider = providerOver(manager, { secretId })

    const error = await failureOf(provider.getSecret('B'))

    expect(await provider.getSecret('A')).toBe('\uFEFFé✓')
    expect(error).toMatchObject({ kind: 'invalid', provider: 'aws' })
    expect(error.message).toBe('The secret for "B" is binary and not UTF-8 text.')
  })

  it('asks AWS for no key that secretId gives no name', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', '1')
    const provider = providerOver(manager, { secretId: key => (key === 'A' ? 'app/A' : undefined) })

    const secrets = await provider.readSecrets?.(['A', 'B'])

    expect(await provider.getSecret('B')).toBeUndefined()
    expect([...(secrets?.keys() ?? [])]).toEqual(['A'])
    expect(manager.operations).toEqual(['GetSecretValue'])
  })

  it('refuses a key of which secretId makes a name that AWS does not take', async () => {
    await using manager = await startFakeSecretsManager()

    const error = await failureOf(providerOver(manager, { secretId }).getSecret('with space'))

    expect(error).toMatchObject({ kind: 'invalid', status: 400 })
    expect(error.hint).toContain('secretId')
  })
})

describe('a batch', () => {
  it('of 45 keys is 3 requests, and 2 that are denied are failures of their own', async () => {
    await using manager = await startFakeSecretsManager()
    for (const key of keys) manager.put(`app/${key}`, `value of ${key}`)
    manager.deny('GetSecretValue', 'app/KEY_7')
    manager.deny('GetSecretValue', 'app/KEY_44')
    const provider = providerOver(manager, { secretId })

    const secrets = await provider.readSecrets?.(keys)

    const denied = keys.filter(key => secrets?.get(key) instanceof Error)
    expect(secrets?.size).toBe(45)
    expect(denied).toEqual(['KEY_7', 'KEY_44'])
    expect(secrets?.get('KEY_7')).toMatchObject({
      kind: 'forbidden',
      provider: 'aws',
      message: 'GetSecretValue of secret "app/KEY_7" failed: AWS denies it.',
      hint: expect.stringContaining('secretsmanager:GetSecretValue'),
    })
    expect(secrets?.get('KEY_0')).toEqual({
      value: 'value of KEY_0',
      version: manager.secret('app/KEY_0').version(undefined).id,
      locator: manager.secret('app/KEY_0').arn,
    })
    expect(manager.operations).toEqual(Array.from({ length: 3 }, () => 'BatchGetSecretValue'))
  })

  it('leaves missing keys out, and tells each failure apart', async () => {
    await using manager = await startFakeSecretsManager()
    for (const key of ['A', 'B', 'C', 'D']) manager.put(`app/${key}`, key)
    manager.breakSecret('app/B', 'DecryptionFailure')
    manager.breakSecret('app/C', 'InternalServiceError')
    manager.secret('app/D').isDeleted = true
    const provider = providerOver(manager, { secretId })

    const secrets = await provider.readSecrets?.(['A', 'B', 'C', 'D', 'absent'])

    expect([...(secrets ?? [])].map(([key, secret]) => [key, 'kind' in secret ? secret.kind : 'found'])).toEqual([
      ['A', 'found'],
      ['B', 'forbidden'],
      ['C', 'unavailable'],
    ])
  })

  it('goes on to further pages', async () => {
    await using manager = await startFakeSecretsManager()
    for (const key of keys.slice(0, 20)) manager.put(`app/${key}`, key)
    manager.batchPage = 8

    const secrets = await providerOver(manager, { secretId }).readSecrets?.(keys.slice(0, 20))

    expect(secrets?.size).toBe(20)
    expect(manager.requests.map(({ body }) => JSON.parse(body).NextToken)).toEqual([undefined, '8', '16'])
  })

  it('of one key is a single read', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', '1')

    await providerOver(manager, { secretId }).readSecrets?.(['A'])

    expect(manager.operations).toEqual(['GetSecretValue'])
  })

  it('of several keys of one secret is a single read', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '1')

    const secrets = await providerOver(manager, { secretId: () => 'app' }).readSecrets?.(['A', 'B'])

    expect([...(secrets ?? [])].map(([key, secret]) => [key, 'value' in secret && secret.value])).toEqual([
      ['A', '1'],
      ['B', '1'],
    ])
    expect(manager.operations).toEqual(['GetSecretValue'])
  })

  it('knows secrets by ARN too, whole or without its random end', async () => {
    await using manager = await startFakeSecretsManager()
    const arns = [manager.put('app/A', 'a'), manager.put('app/B', 'b').replace(/-\w{6}$/, '')]
    const provider = providerOver(manager, { secretId: key => arns[Number(key)] })

    const secrets = await provider.readSecrets?.(['0', '1'])

    expect([secrets?.get('0'), secrets?.get('1')]).toMatchObject([{ value: 'a' }, { value: 'b' }])
    expect(manager.operations).toEqual(['BatchGetSecretValue'])
  })

  it('that is denied is replaced by single reads, from then on', async () => {
    await using manager = await startFakeSecretsManager()
    for (const key of keys) manager.put(`app/${key}`, key)
    manager.deny('BatchGetSecretValue')
    manager.deny('GetSecretValue', 'app/KEY_7')
    const provider = providerOver(manager, { secretId })

    const secrets = await provider.readSecrets?.(keys)
    await provider.readSecrets?.(['KEY_0', 'KEY_1'])

    expect(secrets?.size).toBe(45)
    expect(secrets?.get('KEY_7')).toMatchObject({ kind: 'forbidden' })
    expect(secrets?.get('KEY_8')).toMatchObject({ value: 'KEY_8' })
    expect(manager.operations.filter(operation => operation === 'BatchGetSecretValue')).toHaveLength(1)
    expect(manager.operations.filter(operation => operation === 'GetSecretValue')).toHaveLength(47)
  })

  it('that is denied is told to the manager that owns the provider', async () => {
    await using manager = await startFakeSecretsManager()
    manager.deny('BatchGetSecretValue')
    const provider = providerOver(manager, { secretId })
    const events: string[] = []
    provider.attach({ protect: () => {}, changed: () => {}, report: event => events.push(event) })

    await provider.readSecrets?.(['A', 'B'])

    expect(events).toEqual(['aws.batch_denied'])
  })

  it('whose answer is too large is replaced by single reads, this time', async () => {
    await using manager = await startFakeSecretsManager()
    const large = 'x'.repeat(65_536)
    for (const key of keys.slice(0, 20)) manager.put(`app/${key}`, large)
    const provider = providerOver(manager, { secretId })

    const secrets = await provider.readSecrets?.(keys.slice(0, 20))
    await provider.readSecrets?.(['KEY_0', 'KEY_1'])

    expect(secrets?.get('KEY_19')).toMatchObject({ value: large })
    expect(manager.operations).toEqual([
      'BatchGetSecretValue',
      ...Array.from({ length: 20 }, () => 'GetSecretValue'),
      'BatchGetSecretValue',
    ])
  })

  it.each(['ValidationException', 'DecryptionFailure', 'InvalidRequestException'])(
    'that fails with %s, for one of its secrets perhaps, is replaced by single reads, this time',
    async type => {
      await using manager = await startFakeSecretsManager()
      for (const key of ['A', 'B']) manager.put(`app/${key}`, key)
      manager.break(awsException(type), isBatch)
      const provider = providerOver(manager, { secretId })

      const secrets = await provider.readSecrets?.(['A', 'with space', 'B'])
      await provider.readSecrets?.(['A', 'B'])

      expect(secrets?.get('A')).toMatchObject({ value: 'A' })
      expect(secrets?.get('B')).toMatchObject({ value: 'B' })
      expect(secrets?.get('with space')).toMatchObject({ kind: 'invalid' })
      expect(manager.operations.filter(operation => operation === 'BatchGetSecretValue')).toHaveLength(2)
    },
  )

  it.each([
    ['{"SecretValues":5,"Errors":"x","NextToken":7}'],
    ['{"SecretValues":[null,5],"Errors":[null,{"ErrorCode":"AccessDeniedException"}]}'],
    ['{"SecretValues":[{"Name":7,"SecretString":"x"}]}'],
  ])('whose answer makes no sense is replaced by single reads: %s', async body => {
    await using manager = await startFakeSecretsManager()
    for (const key of ['A', 'B']) manager.put(`app/${key}`, key)
    manager.break({ kind: 'answer', answer: { status: 200, body } }, isBatch)

    const secrets = await providerOver(manager, { secretId }).readSecrets?.(['A', 'B'])

    expect([...(secrets?.values() ?? [])]).toMatchObject([{ value: 'A' }, { value: 'B' }])
  })

  it('of which nothing can be read, and that may pass, fails as a whole', async () => {
    await using manager = await startFakeSecretsManager()
    manager.break(awsException('ThrottlingException', { headers: { 'retry-after': '1' } }))

    const error = await failureOf(providerOver(manager, { secretId }).readSecrets?.(keys))

    expect(error).toMatchObject({ kind: 'throttled', retryAfterMs: 1000, provider: 'aws' })
    expect(manager.operations).toEqual(['BatchGetSecretValue'])
  })

  it('of which a part can be read answers that part, and the failure for the rest', async () => {
    await using manager = await startFakeSecretsManager()
    for (const key of keys) manager.put(`app/${key}`, key)
    manager.break(awsException('InternalServiceError', { status: 500 }), ({ body }) => body.includes('"app/KEY_20"'))

    const secrets = await providerOver(manager, { secretId }).readSecrets?.(keys)

    const failed = keys.filter(key => secrets?.get(key) instanceof Error)
    expect(failed).toEqual(keys.slice(20))
    expect(secrets?.get('KEY_44')).toMatchObject({ kind: 'unavailable' })
    expect(manager.operations).toEqual(['BatchGetSecretValue', 'BatchGetSecretValue'])
  })

  it('that answers nothing of what was asked is replaced by single reads', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', '1')
    manager.put('app/B', '2')
    manager.break({ kind: 'answer', answer: { status: 200, body: '{"SecretValues":[],"Errors":[]}' } }, isBatch)

    const secrets = await providerOver(manager, { secretId }).readSecrets?.(['A', 'B'])

    expect([...(secrets ?? [])].map(([, secret]) => 'value' in secret && secret.value)).toEqual(['1', '2'])
  })
})
