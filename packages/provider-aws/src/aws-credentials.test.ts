import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { awsException, type FakeSecretsManager, startFakeSecretsManager, startScriptedServer } from '@st/test-servers'
import { describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { clientAnswering, exception } from './__fixtures__/stub-client.ts'
import { credentials, useTestEnvironment } from './__fixtures__/test-environment.ts'
import { AwsConnection } from './aws-connection.ts'
import { AWSSecretsManagerProvider } from './aws-provider.ts'

useTestEnvironment()

/** Writes the shared AWS files with a profile `team`, in place of credentials in the environment. */
function writeProfile(keyId: string): void {
  for (const name of Object.keys(credentials)) vi.stubEnv(name, undefined)
  const folder = join(homedir(), '.aws')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config'), '[profile team]\nregion = eu-west-3\n')
  writeFileSync(join(folder, 'credentials'), `[team]\naws_access_key_id = ${keyId}\naws_secret_access_key = secret\n`)
}

async function startHolding(secret = '{"A":"1"}'): Promise<FakeSecretsManager> {
  const manager = await startFakeSecretsManager()
  manager.put('app', secret)
  return manager
}

function signaturesOf(manager: FakeSecretsManager): readonly (string | undefined)[] {
  return manager.requests.map(
    ({ headers }) => /Credential=([^,]+)\/\d{8}\/([^/]+)/.exec(headers['authorization'] ?? '')?.[0],
  )
}

describe('a profile', () => {
  it('has the credentials and the region', async () => {
    await using manager = await startHolding()
    writeProfile('TEAM')
    const provider = providerOver(manager, { secretName: 'app', regionName: undefined, profile: 'team' })

    await provider.getSecret('A')

    expect(signaturesOf(manager)).toEqual([expect.stringMatching(/^Credential=TEAM\/\d{8}\/eu-west-3$/)])
    expect(provider.describe()).toMatchObject({ profile: 'team', region: undefined })
  })

  it('that is in no file is named by the error', async () => {
    await using manager = await startHolding()
    writeProfile('TEAM')
    const provider = providerOver(manager, { secretName: 'app', profile: 'nobody' })

    const error = await failureOf(provider.getSecret('A'))

    expect(error).toMatchObject({ kind: 'not_configured', hint: 'Check the AWS profile "nobody".' })
    expect(manager.requests).toEqual([])
  })

  it('has its endpoint read by the SDK', async () => {
    await using manager = await startHolding()
    mkdirSync(join(homedir(), '.aws'))
    writeFileSync(join(homedir(), '.aws/config'), `[default]\nregion = eu-west-3\nendpoint_url = ${manager.url}\n`)

    expect(await new AWSSecretsManagerProvider({ secretName: 'app' }).getSecret('A')).toBe('1')
  })
})

describe('expired credentials', () => {
  it('are read anew, once, and the read is repeated', async () => {
    await using manager = await startHolding()
    writeProfile('OLD')
    const provider = providerOver(manager, { secretName: 'app', profile: 'team' })
    await provider.getSecret('A')
    manager.accessKeyId = 'NEW'
    writeProfile('NEW')

    expect(await provider.getSecret('A')).toBe('1')
    expect(await provider.getSecret('A')).toBe('1')
    expect(signaturesOf(manager).map(signature => signature?.split('/')[0])).toEqual([
      'Credential=OLD',
      'Credential=OLD',
      'Credential=NEW',
      'Credential=NEW',
    ])
  })

  it('that are not renewed by anybody end in one further request, each read', async () => {
    await using manager = await startHolding()
    manager.accessKeyId = 'other'
    const provider = providerOver(manager)

    const errors = [await failureOf(provider.getSecret('A')), await failureOf(provider.getSecret('A'))]

    expect(errors).toMatchObject([{ kind: 'unauthenticated' }, { kind: 'unauthenticated' }])
    expect(errors[0]?.hint).toContain('Renew the AWS credentials')
    expect(manager.operations).toHaveLength(4)
  })

  it('are read anew once for 100 reads at the same time', async () => {
    await using manager = await startHolding()
    writeProfile('OLD')
    const provider = providerOver(manager, { secretName: 'app', profile: 'team' })
    const events: string[] = []
    provider.attach({ protect: () => {}, changed: () => {}, report: event => events.push(event) })
    await provider.getSecret('A')
    manager.accessKeyId = 'NEW'
    writeProfile('NEW')

    const values = await Promise.all(Array.from({ length: 100 }, () => provider.getSecret('A')))

    expect(new Set(values)).toEqual(new Set(['1']))
    expect(events).toEqual(['aws.credentials_refused'])
  })

  it('that two reads find refused in the same moment are read anew once', async () => {
    const place = { regionName: 'us-west-2', endpoint: 'http://127.0.0.1:1' }
    const connection = new AwsConnection('aws', place, () => [])
    const events: string[] = []
    connection.host = { protect: () => {}, changed: () => {}, report: event => events.push(event) }
    const refused = await connection.client()

    connection.renew(refused)
    const renewing = connection.client()
    connection.renew(refused)

    expect(await connection.client()).toBe(await renewing)
    expect(await renewing).not.toBe(refused)
    expect(events).toEqual(['aws.credentials_refused'])
    connection.close()
  })

  it('that a late read finds refused are not read anew for it', async () => {
    const place = { regionName: 'us-west-2', endpoint: 'http://127.0.0.1:1' }
    const connection = new AwsConnection('aws', place, () => [])
    const first = await connection.client()
    connection.renew(first)
    connection.renew(await connection.client())
    const third = await connection.client()

    connection.renew(first)

    expect(await connection.client()).toBe(third)
    connection.close()
  })

  it('of a client of the caller are its own affair', async () => {
    const client = clientAnswering(exception('ExpiredTokenException'))

    const error = await failureOf(new AWSSecretsManagerProvider({ secretName: 'n', client }).getSecret('A'))

    expect(error.kind).toBe('unauthenticated')
    expect(client.sent).toHaveLength(1)
  })

  it('are not read anew once the provider is closed', async () => {
    await using manager = await startHolding()
    manager.accessKeyId = 'other'
    const provider = providerOver(manager)
    manager.beforeNext('GetSecretValue', () => void provider.close())

    const error = await failureOf(provider.getSecret('A'))

    expect(['closed', 'unavailable']).toContain(error.kind)
    expect(manager.operations).toHaveLength(1)
  })
})

describe('a wrong clock', () => {
  it.each([-3_600_000, 3_600_000])(
    'that AWS refuses is corrected by the SDK for the second try (%i ms)',
    async aheadMs => {
      await using manager = await startHolding()
      manager.clockAheadMs = aheadMs
      const provider = providerOver(manager)

      expect(await provider.getSecret('A')).toBe('1')
      expect(await provider.getSecret('A')).toBe('1')
      expect(manager.operations).toHaveLength(3)
    },
  )
})

describe('credentials', () => {
  it('are given to the manager for redaction', async () => {
    await using manager = await startHolding()
    const provider = providerOver(manager)
    const sensitive = new Set<string>()
    provider.attach({ protect: text => sensitive.add(text), changed: () => {}, report: () => {} })

    await provider.getSecret('A')

    await vi.waitFor(() =>
      expect(sensitive).toEqual(new Set([credentials.AWS_SECRET_ACCESS_KEY, credentials.AWS_SESSION_TOKEN])),
    )
  })

  it('that a metadata service does not give in time end at the signal', async () => {
    await using manager = await startHolding()
    await using metadata = await startScriptedServer(() => ({ status: 200 }))
    metadata.break({ kind: 'hang' })
    for (const name of Object.keys(credentials)) vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'false')
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', metadata.url)
    const controller = new AbortController()

    const read = failureOf(providerOver(manager).getSecret('A', { signal: controller.signal }))
    await vi.waitFor(() => expect(metadata.requests).not.toEqual([]))
    controller.abort()

    expect(await read).toMatchObject({ kind: 'timeout', provider: 'aws' })
    expect(manager.requests).toEqual([])
  })

  it('are not looked for at a metadata service that is disabled', async () => {
    await using manager = await startHolding()
    await using metadata = await startScriptedServer(() => ({ status: 200 }))
    for (const name of Object.keys(credentials)) vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', metadata.url)

    const error = await failureOf(providerOver(manager).getSecret('A'))

    expect(error.kind).toBe('not_configured')
    expect(metadata.requests).toEqual([])
  })
})

describe('a role', () => {
  const roleArn = 'arn:aws:iam::123456789012:role/reader'

  /** STS, as far as it is asked. */
  const assumed = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASSUMED</AccessKeyId>
    <SecretAccessKey>canary-role-key</SecretAccessKey><SessionToken>canary-role-token</SessionToken>
    <Expiration>2126-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`

  it('is assumed with the credentials at hand, once, and what it gives is used', async () => {
    await using manager = await startHolding()
    await using sts = await startScriptedServer(() => ({ status: 200, body: assumed }))
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
    const provider = providerOver(manager, { secretName: 'app', roleArn })

    await provider.getSecret('A')
    await provider.getSecret('A')

    expect(sts.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
      expect.objectContaining({ Action: 'AssumeRole', RoleArn: roleArn }),
    ])
    expect(sts.requests[0]?.headers['authorization']).toContain(credentials.AWS_ACCESS_KEY_ID)
    expect(signaturesOf(manager)[1]).toMatch(/^Credential=ASSUMED\//)
    expect(provider.describe()).toMatchObject({ roleArn })
    await provider.close()
  })

  it('is assumed with the credentials of the profile', async () => {
    await using manager = await startHolding()
    await using sts = await startScriptedServer(() => ({ status: 200, body: assumed }))
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
    writeProfile('TEAM')

    await providerOver(manager, { secretName: 'app', roleArn, profile: 'team' }).getSecret('A')

    expect(sts.requests[0]?.headers['authorization']).toContain('Credential=TEAM/')
  })

  it('that may not be assumed is forbidden, with the action that is lacking', async () => {
    await using manager = await startHolding()
    const message = 'User: u is not authorized to perform: sts:AssumeRole on resource: r'
    const body = `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`
    await using sts = await startScriptedServer(() => ({ status: 403, body }))
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)

    const error = await failureOf(providerOver(manager, { secretName: 'app', roleArn }).getSecret('A'))

    expect(error).toMatchObject({ kind: 'forbidden', provider: 'aws', status: 403 })
    expect(error.hint).toContain('Allow sts:AssumeRole')
    expect(manager.requests).toEqual([])
  })

  it('whose STS answers too much is cut off as any other answer', async () => {
    await using manager = await startHolding()
    await using sts = await startScriptedServer(() => ({ status: 200 }))
    sts.break({ kind: 'huge', bytes: 64 * 1024 * 1024, announced: false })
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)

    const error = await failureOf(providerOver(manager, { secretName: 'app', roleArn }).getSecret('A'))

    expect(error).toMatchObject({ kind: 'malformed', detail: 'too_large' })
    expect(sts.bytesSent).toBeLessThan(16 * 1024 * 1024)
  })

  it('whose STS limits the rate is throttled', async () => {
    await using manager = await startHolding()
    await using sts = await startScriptedServer(() => ({ status: 200 }))
    sts.break(awsException('Throttling', { status: 429 }))
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)

    const error = await failureOf(providerOver(manager, { secretName: 'app', roleArn }).getSecret('A'))

    expect(error).toMatchObject({ kind: 'throttled', status: 429 })
  })
})
