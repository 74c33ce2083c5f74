import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { awsException, startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it, vi } from 'vitest'
import { AWSSecretsManagerProvider } from './aws-provider.ts'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { clientAnswering } from './__fixtures__/stub-client.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

describe('AWSSecretsManagerProvider', () => {
  describe('reads one JSON secret', () => {
    it('gives the keys of the document by their exact names', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('app', '{"REPLICATE_API_TOKEN":"r8","HF_TOKEN":"hf"}')
      const provider = providerOver(manager)

      const keys = ['REPLICATE_API_TOKEN', 'HF_TOKEN', 'NOPE', 'replicate-api-token']
      const values = await Promise.all(keys.map(key => provider.getSecret(key)))

      expect(values).toEqual(['r8', 'hf', undefined, undefined])
    })

    it('reads all keys with one request, and answers the version and the ARN', async () => {
      await using manager = await startFakeSecretsManager()
      const arn = manager.put('app', '{"A":"1","B":"2"}')

      const document = await providerOver(manager).readDocument?.()

      expect(document).toMatchObject({ locator: arn, version: expect.stringMatching(/^[\da-f-]{36}$/) })
      expect([...(document?.values ?? [])]).toEqual([
        ['A', '1'],
        ['B', '2'],
      ])
      expect(manager.operations).toEqual(['GetSecretValue'])
    })

    it('gives the known document back while the version is the same', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('app', '{"A":"1"}')
      const provider = providerOver(manager)
      const known = await provider.readDocument?.()

      const unchanged = await provider.readDocument?.({ known })
      manager.put('app', '{"A":"2"}')
      const changed = await provider.readDocument?.({ known })

      expect(unchanged).toBe(known)
      expect(changed?.values.get('A')).toBe('2')
    })

    it('reads by ARN', async () => {
      await using manager = await startFakeSecretsManager()
      const arn = manager.put('app', '{"A":"1"}')

      expect(await providerOver(manager, { secretName: arn }).getSecret('A')).toBe('1')
    })

    it('gives numbers and booleans as text, leaves null out and keeps an empty string', async () => {
      const client = clientAnswering({ SecretString: '{"i":1,"big":12345678901234567890,"t":true,"n":null,"e":""}' })

      const document = await new AWSSecretsManagerProvider({ secretName: 'n', client }).readDocument?.()

      expect(Object.fromEntries(document?.values ?? [])).toEqual({
        i: '1',
        big: '12345678901234567890',
        t: 'true',
        e: '',
      })
    })

    it('names keys that hold objects or arrays as unusable', async () => {
      const client = clientAnswering({ SecretString: '{"o":{"x":1},"l":["canary-value"],"A":"1"}' })
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', client })

      const document = await provider.readDocument?.()
      const error = await failureOf(provider.getSecret('l'))

      expect(Object.fromEntries(document?.unusable ?? [])).toEqual({ o: 'object', l: 'array' })
      expect(error).toMatchObject({ kind: 'invalid', provider: 'aws', key: 'l' })
      expect(error.message).toBe('Key "l" of secret "n" holds an array.')
    })

    it('reads a binary secret as UTF-8 JSON, a byte order mark in front tolerated', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('app', Buffer.from('\uFEFF{"A":"é✓"}'))

      expect(await providerOver(manager).getSecret('A')).toBe('é✓')
    })

    it.each([
      ['a text that is no JSON', { SecretString: 'just-a-token' }],
      ['an empty text', { SecretString: '' }],
      ['an array', { SecretString: '["a"]' }],
      ['null', { SecretString: 'null' }],
      ['bytes that are not UTF-8', { SecretBinary: Buffer.from('{"A":"\xff"}', 'latin1') }],
      ['neither text nor bytes', {}],
      ['no answer at all', undefined],
    ])('refuses %s as malformed', async (_title, answer) => {
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', client: clientAnswering(answer) })

      const error = await failureOf(provider.getSecret('A'))

      expect(error).toMatchObject({ kind: 'malformed', provider: 'aws' })
      expect(error.message).not.toContain('just-a-token')
    })

    it('passes over what has another type than it should have', async () => {
      const client = clientAnswering({ SecretString: '{"A":"1"}', VersionId: 5, ARN: { canary: 1 }, Name: null })
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', client })

      expect(await provider.readSecret({ key: 'A' })).toEqual({ value: '1', version: undefined, locator: 'n' })
      expect(await provider.readSecret({ key: 'A', version: 'v', stage: 'current' })).toBeUndefined()
    })

    it('treats __proto__ as an ordinary key', async () => {
      const client = clientAnswering({ SecretString: '{"__proto__":"p"}' })
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', client })

      expect(await provider.getSecret('__proto__')).toBe('p')
      expect(await provider.getSecret('toString')).toBeUndefined()
    })

    it('answers no document when AWS knows no such secret', async () => {
      await using manager = await startFakeSecretsManager()
      const provider = providerOver(manager)

      expect(await provider.readDocument?.()).toBeUndefined()
      expect(await provider.getSecret('A')).toBeUndefined()
    })

    it('reads again after a failure', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('app', '{"A":"1"}')
      manager.break(awsException('ThrottlingException'))
      const provider = providerOver(manager)

      const first = await failureOf(provider.getSecret('A'))
      await manager.heal()

      expect(first.kind).toBe('throttled')
      expect(await provider.getSecret('A')).toBe('1')
    })

    it('sends one request a read: the SDK retries nothing', async () => {
      await using manager = await startFakeSecretsManager()
      manager.break(awsException('InternalServiceError', { status: 500 }))

      await failureOf(providerOver(manager).getSecret('A'))

      expect(manager.operations).toEqual(['GetSecretValue'])
    })
  })

  describe('is configured by', () => {
    it('options, which win over the environment', async () => {
      vi.stubEnv('SIMPLETUNER_AWS_SECRET_NAME', 'env/name')
      const client = clientAnswering({ SecretString: '{}' })

      await new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A')

      expect(client.sent[0]).toBeInstanceOf(GetSecretValueCommand)
      expect(client.sent[0]).toMatchObject({ input: { SecretId: 'n' } })
    })

    it('the environment as it is at the time of the read', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('env/name', '{"A":"1"}')
      const provider = new AWSSecretsManagerProvider()

      const before = provider.isAvailable()
      vi.stubEnv('SIMPLETUNER_AWS_SECRET_NAME', 'env/name')
      vi.stubEnv('AWS_DEFAULT_REGION', 'eu-west-1')
      vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url)

      expect(before).toBe(false)
      expect(provider.isAvailable()).toBe(true)
      expect(await provider.getSecret('A')).toBe('1')
      expect(manager.requests[0]?.headers['authorization']).toContain('/eu-west-1/secretsmanager/')
    })

    it.each([
      [{ regionName: 'eu-central-1' }, { AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-central-1'],
      [{}, { AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-north-1'],
      [{ regionName: '' }, { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1'],
      [{ secretName: 'arn:aws:secretsmanager:ap-south-1:123456789012:secret:app-Ab1Cd2' }, {}, 'ap-south-1'],
    ])('options %o and environment %o choose region %s %s', async (options, environment, region) => {
      await using manager = await startFakeSecretsManager()
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
      const provider = providerOver(manager, { secretName: 'app', regionName: undefined, ...options })

      await provider.getSecret('A')

      expect(manager.requests[0]?.headers['authorization']).toContain(`/${region}/secretsmanager/`)
      expect(provider.describe()).toMatchObject({ region, endpoint: manager.url })
    })

    it('nothing: without a region it says what to set', async () => {
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', endpoint: 'http://127.0.0.1:1' })

      const error = await failureOf(provider.getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', provider: 'aws' })
      expect(error.hint).toContain('AWS_DEFAULT_REGION')
    })

    it.each(['not a url', 'localhost:4566', 'ftp://127.0.0.1/', 'http://['])(
      'no endpoint that is no address: %s',
      async endpoint => {
        const provider = new AWSSecretsManagerProvider({ secretName: 'n', regionName: 'us-west-2', endpoint })

        const error = await failureOf(provider.getSecret('A'))

        expect(error).toMatchObject({ kind: 'not_configured', provider: 'aws' })
        expect(error.hint).toContain('AWS_ENDPOINT_URL_SECRETS_MANAGER')
      },
    )

    it('no region that is none', async () => {
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', regionName: 'us west' })

      expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'not_configured' })
    })

    it('a name that AWS does not take, by an error that says where names come from', async () => {
      await using manager = await startFakeSecretsManager()

      const error = await failureOf(providerOver(manager, { secretName: 'a b?c#d\u0007' }).getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', status: 400 })
      expect(error.hint).toContain('SIMPLETUNER_AWS_SECRET_NAME')
    })

    it.each([
      [{ secretName: 'n', secretId: (key: string) => key }, 'not both'],
      [{ secretId: 'app/' }, 'must be a function'],
    ])('no contradictory options: %o', (options, message) => {
      // What a caller without types may pass.
      const make = (): unknown => new AWSSecretsManagerProvider(options as never)

      expect(make).toThrow(TypeError)
      expect(make).toThrow(message)
    })

    it('nothing: without a secret name it is not available and says what to set', async () => {
      vi.stubEnv('SIMPLETUNER_AWS_SECRET_NAME', '')
      const provider = new AWSSecretsManagerProvider({ secretName: '' })

      expect(provider.isAvailable()).toBe(false)
      expect(await failureOf(provider.getSecret('A'))).toMatchObject({
        kind: 'not_configured',
        hint: 'Pass secretName or set SIMPLETUNER_AWS_SECRET_NAME.',
      })
    })

    it('nothing: without credentials it says what to set', async () => {
      await using manager = await startFakeSecretsManager()
      for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined)

      const error = await failureOf(providerOver(manager).getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', provider: 'aws' })
      expect(error.hint).toContain('AWS_ACCESS_KEY_ID')
      expect(manager.requests).toEqual([])
    })

    it('a client, which is used as it is and never destroyed', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('n', '{"A":"1"}')
      const client = new SecretsManagerClient({ region: 'us-west-2', endpoint: manager.url })
      const destroy = vi.spyOn(client, 'destroy')
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', client, name: 'team-aws' })

      expect(await provider.getSecret('A')).toBe('1')
      await provider.close()

      expect(provider.name).toBe('team-aws')
      expect(destroy).not.toHaveBeenCalled()
      client.destroy()
    })
  })

  describe('once closed', () => {
    it('refuses reads and has no open connection', async () => {
      await using manager = await startFakeSecretsManager()
      const provider = providerOver(manager)
      await provider.getSecret('A')

      await provider.close()

      expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'closed', provider: 'aws' })
      await vi.waitFor(() => expect(manager.openConnections).toBe(0))
    })
  })
})
