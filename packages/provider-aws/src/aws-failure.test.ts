import { SecretError } from '@st/secrets-core/provider'
import { awsException, startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { AWSSecretsManagerProvider } from './aws-provider.ts'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { clientAnswering, exception } from './__fixtures__/stub-client.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

async function failureWith(thrown: Error): Promise<SecretError> {
  return failureOf(new AWSSecretsManagerProvider({ secretName: 'n', client: clientAnswering(thrown) }).getSecret('A'))
}

describe('a failure', () => {
  it.each([
    ['AccessDeniedException', 'forbidden'],
    ['AccessDenied', 'forbidden'],
    ['DecryptionFailure', 'forbidden'],
    ['ThrottlingException', 'throttled'],
    ['ThrottledException', 'throttled'],
    ['TooManyRequestsException', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
    ['ExpiredTokenException', 'unauthenticated'],
    ['ExpiredToken', 'unauthenticated'],
    ['RequestExpired', 'unauthenticated'],
    ['UnrecognizedClientException', 'unauthenticated'],
    ['InvalidClientTokenId', 'unauthenticated'],
    ['InvalidSignatureException', 'unauthenticated'],
    ['SignatureDoesNotMatch', 'unauthenticated'],
    ['IncompleteSignatureException', 'unauthenticated'],
    ['MissingAuthenticationTokenException', 'unauthenticated'],
    ['RequestTimeTooSkewed', 'unauthenticated'],
    ['NotAuthorized', 'unauthenticated'],
    ['InternalServiceError', 'unavailable'],
    ['InternalFailure', 'unavailable'],
    ['ServiceUnavailable', 'unavailable'],
    ['TimeoutError', 'timeout'],
    ['AbortError', 'timeout'],
    ['CredentialsProviderError', 'not_configured'],
    ['InvalidRequestException', 'not_configured'],
    ['InvalidParameterException', 'not_configured'],
    ['ValidationException', 'not_configured'],
  ])('is told by its name: %s is %s, whatever the status', async (name, kind) => {
    for (const httpStatusCode of [400, 403, 404, 500]) {
      const error = await failureWith(exception(name, { $metadata: { httpStatusCode } }))

      expect(error).toMatchObject({ kind, provider: 'aws', status: httpStatusCode })
      expect(error.message).not.toContain('canary')
      expect(error.cause).toBeUndefined()
    }
  })

  it.each([
    ['a status of 429', { $metadata: { httpStatusCode: 429 } }, { kind: 'throttled', transient: true }],
    ['a status of 503', { $metadata: { httpStatusCode: 503 } }, { kind: 'unavailable', transient: true }],
    ['another status', { $metadata: { httpStatusCode: 400 } }, { kind: 'unavailable', transient: false }],
    ['no status', { code: 'ECONNREFUSED' }, { kind: 'unavailable', transient: true }],
    ['an untrusted certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, { kind: 'insecure', detail: 'tls' }],
    ['no common TLS', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, { kind: 'insecure', detail: 'tls' }],
    ['no HTTP', { code: 'HPE_INVALID_CONSTANT' }, { kind: 'malformed' }],
    ['a numeric code', { code: 20 }, { kind: 'unavailable' }],
  ])('of an unknown name is told by the rest: %s', async (_title, members, expected) => {
    expect(await failureWith(exception('Unknown', members))).toMatchObject(expected)
  })

  it.each([
    [200, 'malformed'],
    [403, 'malformed'],
    [429, 'throttled'],
    [502, 'unavailable'],
  ])('to parse the body of a status of %i is %s', async (httpStatusCode, kind) => {
    const error = await failureWith(exception('SyntaxError', { $metadata: { httpStatusCode } }))

    expect(error).toMatchObject({ kind, status: httpStatusCode })
  })

  it.each([404, 400])('is it none when AWS says with status %i that there is no such secret', async httpStatusCode => {
    const client = clientAnswering(exception('ResourceNotFoundException', { $metadata: { httpStatusCode } }))

    expect(await new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A')).toBeUndefined()
  })

  it.each([
    [
      'User: arn:aws:iam::1:user/u is not authorized to perform: secretsmanager:GetSecretValue on resource: app',
      'Allow secretsmanager:GetSecretValue,',
    ],
    [
      'User: arn:aws:iam::1:user/u is not authorized to perform: sts:AssumeRole on resource: r',
      'Allow sts:AssumeRole,',
    ],
    [
      'User: arn:aws:iam::1:user/u is not authorized to perform: kms:Decrypt on this resource because it does not exist',
      'Allow kms:Decrypt,',
    ],
    ['Access to KMS is not allowed', 'allow kms:Decrypt on it'],
    ['no reason', 'Allow secretsmanager:GetSecretValue,'],
  ])('names the action that is lacking: %s', async (message, hint) => {
    const error = await failureWith(Object.assign(new Error(message), { name: 'AccessDeniedException' }))

    expect(error.kind).toBe('forbidden')
    expect(error.hint).toContain(hint)
    expect(error.message).toBe(
      `GetSecretValue of secret "n" failed: ${error.detail ? 'its KMS key cannot be used' : 'AWS denies it'}.`,
    )
  })

  it.each([
    ['7', 7000],
    ['0', 0],
    ['999999999', 999_999_999_000],
    ['99999999999', undefined],
    ['-3', undefined],
    ['soon', undefined],
    ['Sun, 22 Nov 2020 12:00:30 GMT', 0],
  ])('passes on when to ask again: %s', async (retryAfter, retryAfterMs) => {
    await using manager = await startFakeSecretsManager()
    manager.break(awsException('ThrottlingException', { headers: { 'retry-after': retryAfter } }))

    expect((await failureOf(providerOver(manager).getSecret('A'))).retryAfterMs).toBe(retryAfterMs)
  })

  it('passes on when to ask again from a page that limits the rate', async () => {
    await using manager = await startFakeSecretsManager()
    const headers = { 'content-type': 'text/html', 'retry-after': '2' }
    manager.break({ kind: 'answer', answer: { status: 429, headers, body: '<html>' } })

    const error = await failureOf(providerOver(manager).getSecret('A'))

    expect(error).toMatchObject({ kind: 'throttled', status: 429, retryAfterMs: 2000 })
  })

  it('comes at the signal even when the client does not end', async () => {
    const client = { send: () => new Promise<never>(() => {}) }
    const provider = new AWSSecretsManagerProvider({ secretName: 'n', client })
    const controller = new AbortController()

    const read = failureOf(provider.getSecret('A', { signal: controller.signal }))
    controller.abort()

    expect(await read).toMatchObject({ kind: 'timeout', provider: 'aws' })
  })

  it('is passed on as it is when a client throws a SecretError', async () => {
    const own = new SecretError('unavailable', 'stand-in')

    expect(await failureWith(own)).toBe(own)
  })

  it.each(['a string', null, undefined, 7])('is typed also when a client throws %s', async thrown => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what the caller's client may do
    const client = { send: () => Promise.reject(thrown) }

    expect(await failureOf(new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A'))).toMatchObject({
      kind: 'unavailable',
    })
  })
})
