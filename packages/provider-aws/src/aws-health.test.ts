import type { Finding, ProviderHealth } from '@st/secrets-core/provider'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import {
  awsException,
  type FakeSecretsManager,
  type LoopbackServer,
  startFakeSecretsManager,
  startScriptedServer,
} from '@st/test-servers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { clientAnswering } from './__fixtures__/stub-client.ts'
import { credentials, useTestEnvironment } from './__fixtures__/test-environment.ts'
import { AWSSecretsManagerProvider } from './aws-provider.ts'

useTestEnvironment()

const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/test</Arn>
  <UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`

let manager: FakeSecretsManager
let sts: LoopbackServer

beforeEach(async () => {
  manager = await startFakeSecretsManager()
  sts = await startScriptedServer(() => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: identity }))
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
})

afterEach(async () => {
  await Promise.all([manager.close(), sts.close()])
})

function finding(health: ProviderHealth, id: string): Finding | undefined {
  return health.findings.find(candidate => candidate.id === id)
}

describe('checkHealth', () => {
  it('says what is read, from where and as whom, and needs nothing but GetSecretValue', async () => {
    manager.put('app', '{"A":"canary-value","B":"2"}')
    const version = manager.secret('app').version(undefined).id
    const provider = providerOver(manager)

    const health = await provider.checkHealth()

    expect(health).toEqual({
      status: 'ready',
      latencyMs: expect.any(Number),
      findings: [
        {
          id: 'aws.secret',
          severity: 'info',
          message: `Secret "app" is a JSON object. Keys: 2. Version: ${version} (AWSCURRENT).`,
        },
        { id: 'aws.region', severity: 'info', message: 'The region is us-west-2, from regionName.' },
        { id: 'aws.credentials', severity: 'info', message: 'The credentials come from env_vars.' },
        {
          id: 'aws.identity',
          severity: 'info',
          message: 'Asked is as arn:aws:iam::123456789012:user/test of account 123456789012.',
        },
      ],
    })
    expect(manager.operations).toEqual(['GetSecretValue'])
    expect(sts.requests.map(({ body }) => body)).toEqual([expect.stringContaining('Action=GetCallerIdentity')])
    await provider.close()
  })

  it.each([
    [{ AWS_REGION: 'eu-north-1' }, 'eu-north-1, from AWS_REGION.'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1, from AWS_DEFAULT_REGION.'],
  ])('says where the region comes from: %o', async (environment, message) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const provider = providerOver(manager, { secretName: 'app', regionName: undefined })

    expect(finding(await provider.checkHealth(), 'aws.region')?.message).toBe(`The region is ${message}`)
  })

  it('says that the region comes from the ARN', async () => {
    const secretName = manager.put('app', '{}')
    const provider = providerOver(manager, { secretName, regionName: undefined })

    expect(finding(await provider.checkHealth(), 'aws.region')?.message).toBe('The region is us-west-2, from the ARN.')
  })

  it.each([
    ['is not there', () => {}, { id: 'aws.missing', fix: 'Create it, or check secretName and the region.' }],
    [
      'is scheduled for deletion',
      () => {
        manager.put('app', '{}')
        manager.secret('app').isDeleted = true
      },
      { id: 'aws.deleted', fix: 'aws secretsmanager restore-secret --secret-id app' },
    ],
    [
      'holds what is no string',
      () => void manager.put('app', '{"o":{"canary":1},"l":[],"A":"1"}'),
      { id: 'aws.not_strings', fix: 'Store each value as a string.' },
    ],
  ])('is degraded when the secret %s', async (_title, prepare, found) => {
    prepare()

    const health = await providerOver(manager).checkHealth()

    expect(health.status).toBe('degraded')
    expect(health.findings[0]).toMatchObject({ ...found, severity: 'warning' })
    expect(health.findings[0]?.message).toContain('"app"')
  })

  it('names the keys that hold no string, and no value', async () => {
    manager.put('app', '{"o":{"canary":1},"l":["canary"]}')

    const health = await providerOver(manager).checkHealth()

    expect(finding(health, 'aws.not_strings')?.message).toBe('Secret "app" holds no strings as "o", "l".')
    expect(JSON.stringify(health)).not.toContain('canary')
  })

  it('has failed with the action that is lacking, and still says who asks', async () => {
    manager.put('app', '{}')
    manager.deny('GetSecretValue')

    const health = await providerOver(manager).checkHealth()

    expect(health).toMatchObject({ status: 'failed', kind: 'forbidden' })
    expect(health.findings[0]).toEqual({
      id: 'aws.forbidden',
      severity: 'error',
      message: 'GetSecretValue of secret "app" failed: AWS denies it.',
      fix: expect.stringContaining('secretsmanager:GetSecretValue'),
    })
    expect(finding(health, 'aws.identity')?.message).toContain('user/test')
  })

  it.each([
    [() => manager.break({ kind: 'html' }), 'malformed', 'aws.malformed'],
    [() => manager.break(awsException('InternalServiceError', { status: 500 })), 'unavailable', 'aws.unavailable'],
    [() => manager.put('app', 'just-a-token'), 'malformed', 'aws.malformed'],
    [() => manager.breakSecret('app', 'DecryptionFailure'), 'forbidden', 'aws.kms'],
  ])('has failed when the secret cannot be read (%#)', async (prepare, kind, id) => {
    manager.put('app', '{}')
    prepare()

    const health = await providerOver(manager).checkHealth()

    expect(health).toMatchObject({ status: 'failed', kind })
    expect(health.findings[0]?.id).toBe(id)
    expect(JSON.stringify(health)).not.toContain('token')
  })

  it('tells of each secret when there are several', async () => {
    manager.put('one', '{"A":"1"}')
    manager.deny('GetSecretValue', 'two')
    const provider = providerOver(manager, { secretName: ['one', 'two', 'three'] })

    const health = await provider.checkHealth()

    expect(health).toMatchObject({ status: 'failed', kind: 'forbidden' })
    expect(health.findings.slice(0, 3).map(({ id }) => id)).toEqual(['aws.forbidden', 'aws.missing', 'aws.secret'])
  })

  it.each([
    [3_600_000, /^The clock of this machine is 3\d{3} s behind\.$/],
    [-3_600_000, /^The clock of this machine is 3\d{3} s ahead\.$/],
  ])('warns of a clock that is wrong (%i ms)', async (aheadMs, message) => {
    manager.put('app', '{}')
    manager.clockAheadMs = aheadMs

    const health = await providerOver(manager).checkHealth()

    expect(health.status).toBe('degraded')
    expect(finding(health, 'aws.clock')?.message).toMatch(message)
  })

  it('says nothing of a clock that is a little wrong', async () => {
    manager.put('app', '{}')
    manager.clockAheadMs = 30_000

    expect((await providerOver(manager).checkHealth()).status).toBe('ready')
  })

  it('warns of an endpoint to which secrets travel unencrypted', async () => {
    const endpoint = 'http://secrets.invalid'

    const health = await providerOver({ url: endpoint }).checkHealth()

    expect(finding(health, 'aws.endpoint')).toMatchObject({
      severity: 'warning',
      message: `To ${endpoint} secrets travel unencrypted.`,
    })
  })

  it('says that batches are denied', async () => {
    manager.deny('BatchGetSecretValue')
    const provider = providerOver(manager, { secretId: key => key })
    await provider.readSecrets?.(['A', 'B'])

    expect(finding(await provider.checkHealth(), 'aws.batch')?.fix).toBe('Allow secretsmanager:BatchGetSecretValue.')
  })

  it('reads nothing with one secret a key', async () => {
    const health = await providerOver(manager, { secretId: key => key }).checkHealth()

    expect(health.status).toBe('ready')
    expect(manager.requests).toEqual([])
  })

  it('has failed when the role may not be assumed, with one secret a key too', async () => {
    const body = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no reason</Message></Error></ErrorResponse>'
    sts.break({ kind: 'answer', answer: { status: 403, body } })
    const provider = providerOver(manager, { secretId: key => key, roleArn: 'arn:aws:iam::123456789012:role/reader' })

    const health = await provider.checkHealth()

    expect(health).toMatchObject({ status: 'failed', kind: 'forbidden' })
    expect(health.findings[0]).toMatchObject({
      message: 'Finding credentials failed: AWS denies it.',
      fix: expect.stringContaining('Allow sts:AssumeRole'),
    })
  })

  it('waits for credentials as long as it is allowed to', async () => {
    for (const name of Object.keys(credentials)) vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'false')
    await using metadata = await startScriptedServer(() => ({ status: 200 }))
    metadata.break({ kind: 'hang' })
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', metadata.url)
    const controller = new AbortController()

    const checking = providerOver(manager, { secretId: key => key }).checkHealth({ signal: controller.signal })
    await vi.waitFor(() => expect(metadata.requests).not.toEqual([]))
    controller.abort()

    expect(await checking).toMatchObject({ status: 'failed', kind: 'timeout' })
  })

  it('answers also when its signal has already aborted', async () => {
    const health = await providerOver(manager).checkHealth({ signal: AbortSignal.abort() })

    expect(health).toMatchObject({ status: 'failed', kind: 'timeout' })
  })

  it('is ready also when STS answers nothing of use', async () => {
    manager.put('app', '{}')
    sts.break(awsException('AccessDenied', { status: 403 }))

    const health = await providerOver(manager).checkHealth()

    expect(health.status).toBe('ready')
    expect(finding(health, 'aws.identity')?.message).toBe('STS does not tell who asks.')
  })

  it('waits a second for an STS that does not answer, and no longer', async () => {
    manager.put('app', '{}')
    sts.break({ kind: 'hang' })
    const second = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(second.signal)

    const checking = providerOver(manager).checkHealth({ signal: new AbortController().signal })
    await vi.waitFor(() => expect(sts.requests).toHaveLength(1))
    second.abort()
    const health = await checking

    expect(timeout.mock.calls).toEqual([[1000]])
    expect(health.status).toBe('ready')
    expect(finding(health, 'aws.identity')?.message).toBe('STS does not tell who asks.')
    timeout.mockRestore()
  })

  it('is not configured without credentials', async () => {
    for (const name of Object.keys(credentials)) vi.stubEnv(name, undefined)

    const perKey = await providerOver(manager, { secretId: key => key }).checkHealth()
    const json = await providerOver(manager).checkHealth()

    expect([perKey.status, json.status]).toEqual(['not_configured', 'not_configured'])
    expect(perKey.findings[0]).toMatchObject({
      id: 'aws.not_configured',
      message: 'Finding credentials failed: no AWS credentials were found.',
      fix: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    })
    expect(json.findings[0]?.message).toBe('GetSecretValue of secret "app" failed: no AWS credentials were found.')
  })

  it.each([
    ['without a secret name', { regionName: 'us-west-2' }, 'SIMPLETUNER_AWS_SECRET_NAME'],
    ['without a region', { secretName: 'app' }, 'AWS_DEFAULT_REGION'],
    ['with several names and no region', { secretName: ['one', 'two'] }, 'AWS_DEFAULT_REGION'],
    ['with an endpoint that is none', { secretName: 'app', regionName: 'us-west-2', endpoint: 'x' }, 'endpoint'],
  ])('is not configured %s, and says so once', async (_title, options, fix) => {
    const health = await new AWSSecretsManagerProvider(options).checkHealth()

    const errors = health.findings.filter(({ severity }) => severity === 'error')
    expect(health.status).toBe('not_configured')
    expect(errors.map(error => error.fix)).toEqual([expect.stringContaining(fix)])
  })

  it('says the little that is known with a client of the caller that is not of the SDK', async () => {
    const client = clientAnswering({ SecretString: '{"A":"1"}', VersionId: 'v', VersionStages: ['AWSCURRENT'] })

    const health = await new AWSSecretsManagerProvider({ secretName: 'app', client }).checkHealth()

    expect(health.findings.map(({ message }) => message)).toEqual([
      'Secret "app" is a JSON object. Keys: 1. Version: v (AWSCURRENT).',
    ])
    expect(client.sent).toEqual([expect.any(GetSecretValueCommand)])
  })

  it('says who asks with a client of the caller that is of the SDK, and does not destroy it', async () => {
    manager.put('app', '{}')
    const client = new SecretsManagerClient({ region: 'us-west-2', endpoint: manager.url })
    const provider = new AWSSecretsManagerProvider({ secretName: 'app', client })

    const health = await provider.checkHealth()
    await provider.close()

    expect(finding(health, 'aws.region')?.message).toBe('The region is us-west-2, from the client.')
    expect(finding(health, 'aws.identity')?.message).toContain('user/test')
    expect(await new AWSSecretsManagerProvider({ secretName: 'app', client }).getSecret('A')).toBeUndefined()
    client.destroy()
  })

  it('names the role that was assumed as the source of the credentials', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/reader'
    const assumed = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>
      <SecretAccessKey>canary-role-key</SecretAccessKey><SessionToken>canary-role-token</SessionToken>
      <Expiration>2126-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
    manager.put('app', '{}')
    sts.break({ kind: 'answer', answer: { status: 200, body: assumed } }, ({ body }) => body.includes('AssumeRole'))

    const health = await providerOver(manager, { secretName: 'app', roleArn }).checkHealth()

    expect(finding(health, 'aws.credentials')?.message).toBe(
      `The credentials come from ${roleArn} until 2126-01-01T00:00:00.000Z.`,
    )
    expect(JSON.stringify(health)).not.toContain('canary')
  })

  it('is refused once the provider is closed', async () => {
    const provider = providerOver(manager)
    await provider.close()

    expect(await provider.checkHealth()).toMatchObject({ status: 'failed', kind: 'closed' })
    expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'closed' })
  })
})
