import { randomUUID } from 'node:crypto'
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { describeProviderContract, type ProviderSource } from '@st/provider-testkit'
import { describeWithPeer, requirePeer, startMoto } from '@st/test-peers'
import {
  awsException,
  type FakeSecretsManager,
  type Fault,
  type LoopbackServer,
  startFakeSecretsManager,
  startScriptedServer,
} from '@st/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { AWSSecretsManagerProvider } from './aws-provider.ts'
import { layouts, providerHolding, type Service } from './__fixtures__/layouts.ts'
import { credentials, useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

const servers: LoopbackServer[] = []
let foreign: LoopbackServer

beforeAll(async () => {
  foreign = await startScriptedServer(() => ({
    status: 200,
    body: '{"SecretString":"{\\"HELD_KEY\\":\\"foreign\\"}"}',
  }))
})

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()))
})

afterAll(async () => {
  await foreign.close()
})

async function holding(secrets: Readonly<Record<string, string>>): Promise<{
  readonly manager: FakeSecretsManager
  readonly provider: AWSSecretsManagerProvider
}> {
  const manager = await startFakeSecretsManager()
  servers.push(manager)
  manager.put('app', JSON.stringify(secrets))
  const options = { secretName: 'app', regionName: 'us-west-2', endpoint: manager.url }
  return { manager, provider: new AWSSecretsManagerProvider(options) }
}

function showing(fault: () => Fault): ProviderSource {
  return async secrets => {
    const { manager, provider } = await holding(secrets)
    manager.break(fault())
    return provider
  }
}

describe('AWSSecretsManagerProvider over a stand-in that fails', () => {
  describeProviderContract(
    {
      holding: async secrets => (await holding(secrets)).provider,
      unavailable: async secrets => {
        const { manager, provider } = await holding(secrets)
        await manager.refuse()
        return provider
      },
      faulty: {
        hang: showing(() => ({ kind: 'hang' })),
        reset: showing(() => ({ kind: 'reset' })),
        throttle: showing(() => awsException('ThrottlingException')),
        forbidden: showing(() => awsException('AccessDeniedException')),
        unauthenticated: showing(() => awsException('UnrecognizedClientException')),
        malformed: showing(() => ({ kind: 'html' })),
        redirect_cross_origin: showing(() => ({ kind: 'redirect', to: `${foreign.url}/` })),
        slow_drip: showing(() => ({ kind: 'drip', intervalMs: 20 })),
        huge_body: showing(() => ({ kind: 'huge', bytes: 64 * 1024 * 1024, announced: false })),
      },
      credentials: Object.values(credentials),
    },
    { describe, it },
  )

  it.each([
    ['garbage', { kind: 'garbage' }, 'malformed'],
    ['a cut-off answer', { kind: 'truncated' }, 'malformed'],
    ['half of the JSON', { kind: 'half' }, 'malformed'],
    ['an empty answer', { kind: 'empty' }, 'malformed'],
    ['an announced huge body', { kind: 'huge', bytes: 64 * 1024 * 1024, announced: true }, 'malformed'],
    ['a bad gateway page', page(502), 'unavailable'],
    ['a page that limits the rate', page(429), 'throttled'],
    ['a page that denies', page(403), 'malformed'],
  ] as const)('makes a typed error of %s', async (_title, fault, kind) => {
    const { manager, provider } = await holding({ HELD_KEY: 'canary-value' })
    manager.break(fault)

    await expect(provider.getSecret('HELD_KEY')).rejects.toMatchObject({ kind, provider: 'aws' })
    await provider.close()
  })

  it('reads no more than a megabyte of a huge body', async () => {
    const { manager, provider } = await holding({})
    manager.break({ kind: 'huge', bytes: 512 * 1024 * 1024, announced: false })

    await expect(provider.getSecret('A')).rejects.toMatchObject({ kind: 'malformed', detail: 'too_large' })

    await vi.waitFor(() => expect(manager.openConnections).toBe(0))
    expect(manager.bytesSent).toBeLessThan(32 * 1024 * 1024)
    await provider.close()
  })

  it('leaves no connection open when a read is aborted', async () => {
    const { manager, provider } = await holding({})
    manager.break({ kind: 'hang' })
    const controller = new AbortController()

    const read = provider.getSecret('A', { signal: controller.signal })
    await vi.waitFor(() => expect(manager.requests).toHaveLength(1))
    controller.abort()

    await expect(read).rejects.toMatchObject({ kind: 'timeout', provider: 'aws' })
    await vi.waitFor(() => expect(manager.openConnections).toBe(0))
    await provider.close()
  })

  it('asks nobody when the signal has already aborted', async () => {
    const { manager, provider } = await holding({})

    await expect(provider.getSecret('A', { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'timeout' })

    expect(manager.requests).toEqual([])
    await provider.close()
  })

  it('has never sent anything to the host that redirects point to', () => {
    expect(foreign.requests).toEqual([])
  })
})

/** The contract over a working service, for every layout. */
function describeLayouts(service: () => Service): void {
  describe.each(Object.entries(layouts))('with %s', (_title, layout) => {
    describeProviderContract(
      {
        holding: secrets => providerHolding(service(), layout, secrets),
        rotated: (previous, current) => providerHolding(service(), layout, previous, current),
        credentials: Object.values(credentials),
      },
      { describe, it },
    )
  })
}

describe('AWSSecretsManagerProvider over the stand-in', () => {
  let manager: FakeSecretsManager

  beforeAll(async () => {
    manager = await startFakeSecretsManager()
  })

  afterAll(async () => {
    await manager.close()
  })

  describeLayouts(() => ({ url: manager.url, put: async (name, text) => manager.put(name, text) }))
})

const peer = await requirePeer('moto')

describeWithPeer(describe, peer)('AWSSecretsManagerProvider over moto', found => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  let client: SecretsManagerClient

  beforeAll(async () => {
    moto = await startMoto(found())
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = credentials
    client = new SecretsManagerClient({
      region: 'us-west-2',
      endpoint: moto.url,
      credentials: { accessKeyId, secretAccessKey },
    })
  }, 30_000)

  afterAll(async () => {
    client?.destroy()
    await moto?.[Symbol.asyncDispose]()
  })

  const put = async (name: string, SecretString: string): Promise<void> => {
    try {
      await client.send(new CreateSecretCommand({ Name: name, SecretString }))
    } catch {
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }))
    }
  }

  describeLayouts(() => ({ url: moto.url, put }))

  it('reads a binary secret with its version and ARN', async () => {
    const secretName = `st/${randomUUID()}`
    const SecretBinary = Buffer.from('{"A":"1"}')
    const created = await client.send(new CreateSecretCommand({ Name: secretName, SecretBinary }))
    const provider = new AWSSecretsManagerProvider({ secretName, regionName: 'us-west-2', endpoint: moto.url })

    const document = await provider.readDocument?.()

    expect(document).toMatchObject({ version: created.VersionId, locator: created.ARN })
    expect(document?.values.get('A')).toBe('1')
    await provider.close()
  })
})

function page(status: number): Fault {
  return { kind: 'answer', answer: { status, headers: { 'content-type': 'text/html' }, body: '<html>canary-value' } }
}
