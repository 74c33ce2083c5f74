import { describe, expect, it } from 'vitest'
import { awsException, type FakeSecretsManager, startFakeSecretsManager } from './fake-secrets-manager.ts'

const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=test' }

async function call(
  manager: FakeSecretsManager,
  target: string,
  { id = 'app', headers = signed }: { readonly id?: string; readonly headers?: Record<string, string> } = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(manager.url, {
    method: 'POST',
    headers: { ...headers, 'x-amz-target': `secretsmanager.${target}` },
    body: JSON.stringify({ SecretId: id }),
  })
  // The protocol has a JSON object in every answer.
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('FakeSecretsManager', () => {
  it('answers a secret by name and by ARN, with a new version after each put', async () => {
    await using manager = await startFakeSecretsManager()
    const arn = manager.put('app', '{"A":"1"}')

    const byName = await call(manager, 'GetSecretValue')
    manager.put('app', new TextEncoder().encode('{}'))
    const byArn = await call(manager, 'GetSecretValue', { id: arn })

    expect(byName.body).toMatchObject({ ARN: arn, Name: 'app', SecretString: '{"A":"1"}' })
    expect(byArn.body).toMatchObject({ SecretBinary: 'e30=' })
    expect(byArn.body['VersionId']).not.toBe(byName.body['VersionId'])
    expect(manager.operations).toEqual(['GetSecretValue', 'GetSecretValue'])
  })

  it.each([
    ['GetSecretValue', { id: 'other' }, 'ResourceNotFoundException'],
    ['ListSecrets', {}, 'UnknownOperationException'],
    ['GetSecretValue', { headers: {} }, 'MissingAuthenticationTokenException'],
  ] as const)('refuses %s %o with %s', async (target, options, type) => {
    await using manager = await startFakeSecretsManager()

    const { status, body } = await call(manager, target, options)

    expect([status, body['__type']]).toEqual([400, type])
  })

  it('answers an exception as a fault', async () => {
    await using manager = await startFakeSecretsManager()
    manager.break(awsException('ThrottlingException', { status: 429 }))

    const { status, body } = await call(manager, 'GetSecretValue')

    expect([status, body['__type']]).toEqual([429, 'ThrottlingException'])
  })
})
