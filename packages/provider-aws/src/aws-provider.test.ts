import { SecretError } from '@st/secrets-core/provider'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { awsException, type FakeSecretsManager, startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it, vi } from 'vitest'
import type { SecretsManagerClientLike } from './aws-client.ts'
import { AWSSecretsManagerProvider, type AWSSecretsManagerProviderOptions } from './aws-provider.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

function providerOf(
  manager: FakeSecretsManager,
  options: AWSSecretsManagerProviderOptions = {},
): AWSSecretsManagerProvider {
  return new AWSSecretsManagerProvider({
    secretName: 'simpletuner/production',
    regionName: 'us-west-2',
    endpoint: manager.url,
    ...options,
  })
}

/** A client that answers this, and the commands that it was sent. */
function clientAnswering(answer: unknown): SecretsManagerClientLike & { readonly sent: unknown[] } {
  const sent: unknown[] = []
  return {
    sent,
    send: async (command: unknown) => {
      sent.push(command)
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

function named(name: string, members: object = {}): Error {
  return Object.assign(new Error(`message with canary-${name}`), { name, ...members })
}

async function failureOf(promise: Promise<unknown>): Promise<SecretError> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  )
  if (SecretError.isInstance(error)) return error
  throw error
}

describe('AWSSecretsManagerProvider', () => {
  describe('reads one JSON secret', () => {
    it('gives the keys of the document by their exact names', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('simpletuner/production', '{"REPLICATE_API_TOKEN":"r8","HF_TOKEN":"hf"}')
      const provider = providerOf(manager)

      const keys = ['REPLICATE_API_TOKEN', 'HF_TOKEN', 'NOPE', 'replicate-api-token']
      const values = await Promise.all(keys.map(key => provider.getSecret(key)))

      expect(values).toEqual(['r8', 'hf', undefined, undefined])
    })

    it('reads all keys with one request, and answers the version and the ARN', async () => {
      await using manager = await startFakeSecretsManager()
      const arn = manager.put('simpletuner/production', '{"A":"1","B":"2"}')

      const document = await providerOf(manager).readDocument()

      expect(document).toMatchObject({ locator: arn, version: expect.stringMatching(/^[\da-f-]{36}$/) })
      expect([...(document?.values ?? [])]).toEqual([
        ['A', '1'],
        ['B', '2'],
      ])
      expect(manager.operations).toEqual(['GetSecretValue'])
    })

    it('gives the known document back while the version is the same', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('simpletuner/production', '{"A":"1"}')
      const provider = providerOf(manager)
      const known = await provider.readDocument()

      const unchanged = await provider.readDocument({ known })
      manager.put('simpletuner/production', '{"A":"2"}')
      const changed = await provider.readDocument({ known })

      expect(unchanged).toBe(known)
      expect(changed?.values.get('A')).toBe('2')
    })

    it('reads by ARN', async () => {
      await using manager = await startFakeSecretsManager()
      const arn = manager.put('simpletuner/production', '{"A":"1"}')

      expect(await providerOf(manager, { secretName: arn }).getSecret('A')).toBe('1')
    })

    it('gives numbers and booleans as text, leaves null out and keeps an empty string', async () => {
      const client = clientAnswering({ SecretString: '{"i":1,"big":12345678901234567890,"t":true,"n":null,"e":""}' })

      const document = await new AWSSecretsManagerProvider({ secretName: 'n', client }).readDocument()

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

      const document = await provider.readDocument()
      const error = await failureOf(provider.getSecret('l'))

      expect(Object.fromEntries(document?.unusable ?? [])).toEqual({ o: 'object', l: 'array' })
      expect(error).toMatchObject({ kind: 'invalid', provider: 'aws', key: 'l' })
      expect(error.message).toBe('Key "l" of secret "n" holds an array.')
    })

    it('reads a binary secret as UTF-8 JSON, a byte order mark in front tolerated', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('simpletuner/production', Buffer.from('\uFEFF{"A":"é✓"}'))

      expect(await providerOf(manager).getSecret('A')).toBe('é✓')
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

    it('treats __proto__ as an ordinary key', async () => {
      const client = clientAnswering({ SecretString: '{"__proto__":"p"}' })
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', client })

      expect(await provider.getSecret('__proto__')).toBe('p')
      expect(await provider.getSecret('toString')).toBeUndefined()
    })

    it('answers no document when AWS knows no such secret', async () => {
      await using manager = await startFakeSecretsManager()
      const provider = providerOf(manager)

      expect(await provider.readDocument()).toBeUndefined()
      expect(await provider.getSecret('A')).toBeUndefined()
    })

    it('reads again after a failure', async () => {
      await using manager = await startFakeSecretsManager()
      manager.put('simpletuner/production', '{"A":"1"}')
      manager.break(awsException('ThrottlingException'))
      const provider = providerOf(manager)

      const first = await failureOf(provider.getSecret('A'))
      await manager.heal()

      expect(first.kind).toBe('throttled')
      expect(await provider.getSecret('A')).toBe('1')
    })

    it('sends one request a read: the SDK retries nothing', async () => {
      await using manager = await startFakeSecretsManager()
      manager.break(awsException('InternalServiceError', { status: 500 }))

      await failureOf(providerOf(manager).getSecret('A'))

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
      const provider = providerOf(manager, { regionName: undefined, ...options })

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

      const error = await failureOf(providerOf(manager).getSecret('A'))

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

  describe('tells failures apart by the name of the exception', () => {
    it.each([
      ['AccessDeniedException', 'forbidden'],
      ['DecryptionFailure', 'forbidden'],
      ['ThrottlingException', 'throttled'],
      ['TooManyRequestsException', 'throttled'],
      ['ExpiredTokenException', 'unauthenticated'],
      ['UnrecognizedClientException', 'unauthenticated'],
      ['InvalidSignatureException', 'unauthenticated'],
      ['InternalServiceError', 'unavailable'],
      ['TimeoutError', 'timeout'],
      ['AbortError', 'timeout'],
      ['SyntaxError', 'malformed'],
      ['CredentialsProviderError', 'not_configured'],
      ['InvalidRequestException', 'not_configured'],
      ['InvalidParameterException', 'not_configured'],
    ])('%s is %s, whatever the status', async (name, kind) => {
      for (const httpStatusCode of [400, 403, 404, 500]) {
        const client = clientAnswering(named(name, { $metadata: { httpStatusCode } }))

        const error = await failureOf(new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A'))

        expect(error).toMatchObject({ kind, provider: 'aws', status: httpStatusCode })
        expect(error.message).not.toContain('canary')
        expect(error.cause).toBeUndefined()
      }
    })

    it.each([404, 400])('ResourceNotFoundException with status %i is no failure', async httpStatusCode => {
      const client = clientAnswering(named('ResourceNotFoundException', { $metadata: { httpStatusCode } }))

      expect(await new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A')).toBeUndefined()
    })

    it.each([
      ['a status of 429', { $metadata: { httpStatusCode: 429 } }, { kind: 'throttled', transient: true }],
      ['a status of 503', { $metadata: { httpStatusCode: 503 } }, { kind: 'unavailable', transient: true }],
      ['another status', { $metadata: { httpStatusCode: 400 } }, { kind: 'unavailable', transient: false }],
      ['no status', { code: 'ECONNREFUSED' }, { kind: 'unavailable', transient: true }],
      ['an untrusted certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, { kind: 'insecure', detail: 'tls' }],
      ['no HTTP', { code: 'HPE_INVALID_CONSTANT' }, { kind: 'malformed' }],
    ])('an unknown exception with %s', async (_title, members, expected) => {
      const client = clientAnswering(named('Unknown', members))

      const error = await failureOf(new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A'))

      expect(error).toMatchObject(expected)
    })

    it('names the missing permission and the secret', async () => {
      await using manager = await startFakeSecretsManager()
      manager.break(awsException('AccessDeniedException'))

      const error = await failureOf(providerOf(manager).getSecret('A'))

      expect(error.message).toContain('"simpletuner/production"')
      expect(error.hint).toContain('secretsmanager:GetSecretValue')
    })

    it('passes on when to ask again', async () => {
      await using manager = await startFakeSecretsManager()
      manager.break(awsException('ThrottlingException', { headers: { 'retry-after': '7' } }))

      expect((await failureOf(providerOf(manager).getSecret('A'))).retryAfterMs).toBe(7000)
    })

    it('ends at the signal even when the client does not', async () => {
      const client = { send: () => new Promise<never>(() => {}) }
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', client })
      const controller = new AbortController()

      const read = failureOf(provider.getSecret('A', { signal: controller.signal }))
      controller.abort()

      expect(await read).toMatchObject({ kind: 'timeout', provider: 'aws' })
    })

    it('passes SecretErrors of a client on as they are', async () => {
      const own = new SecretError('unavailable', 'stand-in')

      const client = clientAnswering(own)

      expect(await failureOf(new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A'))).toBe(own)
    })
  })

  describe('once closed', () => {
    it('refuses reads and has no open connection', async () => {
      await using manager = await startFakeSecretsManager()
      const provider = providerOf(manager)
      await provider.getSecret('A')

      await provider.close()

      expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'closed', provider: 'aws' })
      await vi.waitFor(() => expect(manager.openConnections).toBe(0))
    })
  })
})
