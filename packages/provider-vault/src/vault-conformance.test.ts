import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { describeProviderContract, type ProviderSource } from '@st/provider-testkit'
import {
  type FakeVault,
  type Fault,
  KeyValueEngine,
  type LoopbackServer,
  startFakeVault,
  startScriptedServer,
  vaultAnswer,
  vaultRefusals,
} from '@st/test-servers'
import { runModule } from '@st/test-setup'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

type Secrets = Readonly<Record<string, string>>

const token = 's.canary-token'
const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const servers: LoopbackServer[] = []
let foreign: LoopbackServer

beforeAll(async () => {
  foreign = await startScriptedServer(() => vaultAnswer({ data: { HELD_KEY: 'foreign' }, metadata: {} }))
})

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()))
})

afterAll(async () => {
  await foreign.close()
})

interface HeldSecrets {
  readonly vault: FakeVault
  readonly provider: HashiCorpVaultProvider
}

async function holding(secrets: Secrets, kvVersion: 1 | 2 | 'auto' = 'auto'): Promise<HeldSecrets> {
  const vault = await startFakeVault({ token })
  servers.push(vault)
  vault.put('secret', 'simpletuner', secrets)
  return { vault, provider: new HashiCorpVaultProvider({ url: vault.url, token, kvVersion }) }
}

async function holdingInVersion1(secrets: Secrets): Promise<HashiCorpVaultProvider> {
  const { vault, provider } = await holding({})
  vault.mount('secret', new KeyValueEngine())
  // Version 1 stores no empty document.
  if (Object.keys(secrets).length > 0) vault.put('secret', 'simpletuner', secrets)
  return provider
}

/** Shows a fault when the secret is read; the mount is found before. */
function showing(fault: () => Fault): ProviderSource {
  return async secrets => {
    const { vault, provider } = await holding(secrets)
    vault.break(fault(), ({ path }) => path.startsWith('/v1/secret/'))
    return provider
  }
}

const faults: Readonly<Record<string, () => Fault>> = {
  hang: () => ({ kind: 'hang' }),
  reset: () => ({ kind: 'reset' }),
  throttle: () => ({ kind: 'answer', answer: vaultRefusals.rateLimited }),
  forbidden: () => ({ kind: 'answer', answer: vaultRefusals.policy }),
  unauthenticated: () => ({ kind: 'answer', answer: vaultRefusals.badToken }),
  malformed: () => ({ kind: 'html' }),
  redirect_cross_origin: () => ({ kind: 'redirect', to: `${foreign.url}/v1/secret/data/simpletuner` }),
  slow_drip: () => ({ kind: 'drip', intervalMs: 20 }),
  huge_body: () => ({ kind: 'huge', bytes: 64 * 1024 * 1024, announced: false }),
}

describe('HashiCorpVaultProvider over the stand-in, KV 2', () => {
  describeProviderContract(
    {
      holding: async secrets => (await holding(secrets)).provider,
      rotated: async (previous, current) => {
        const { vault, provider } = await holding(previous)
        vault.put('secret', 'simpletuner', current)
        return provider
      },
      unavailable: async secrets => {
        const { vault, provider } = await holding(secrets)
        await vault.refuse()
        return provider
      },
      faulty: Object.fromEntries(Object.entries(faults).map(([name, fault]) => [name, showing(fault)])),
      credentials: [token],
    },
    { describe, it },
  )
})

describe('HashiCorpVaultProvider over the stand-in, KV 1', () => {
  describeProviderContract({ holding: holdingInVersion1, credentials: [token] }, { describe, it })
})

describe('HashiCorpVaultProvider over a broken server', () => {
  it.each([
    ['garbage', { kind: 'garbage' }, 'malformed'],
    ['a cut-off answer', { kind: 'truncated' }, 'malformed'],
    ['half of the JSON', { kind: 'half' }, 'malformed'],
    ['an empty answer', { kind: 'empty' }, 'malformed'],
    ['an announced huge body', { kind: 'huge', bytes: 64 * 1024 * 1024, announced: true }, 'malformed'],
    ['a compressed answer', answer(200, { 'content-encoding': 'gzip' }), 'malformed'],
    ['text that is not UTF-8', { kind: 'answer', answer: { status: 200, body: '{"data":"\ud800"}' } }, 'malformed'],
    ['a page that says 404', answer(404, { 'content-type': 'text/html' }), 'malformed'],
    ['a page that says 403', answer(403, { 'content-type': 'text/html' }), 'malformed'],
    ['a page that says 502', answer(502, { 'content-type': 'text/html' }), 'unavailable'],
    ['a page that limits the rate', answer(429, { 'content-type': 'text/html' }), 'throttled'],
    ['a redirect on the same host', { kind: 'redirect', to: '/v1/secret/data/other' }, 'malformed'],
    ['a redirect without an address', answer(307, {}), 'malformed'],
    ['a redirect to nonsense', { kind: 'redirect', to: 'http://[' }, 'insecure'],
  ] as const)('makes a typed error of %s, without token or value', async (_title, fault, kind) => {
    const { vault, provider } = await holding({ HELD_KEY: 'canary-value' })
    vault.break(fault, ({ path }) => path.startsWith('/v1/secret/'))

    const error = await failureOf(provider.getSecret('HELD_KEY'))

    expect(error).toMatchObject({ kind, provider: 'vault' })
    expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain('canary')
    await provider.close()
  })

  it.each(Object.entries(faults).filter(([name]) => !['hang', 'slow_drip', 'forbidden'].includes(name)))(
    'fails alike when it is the question for the mount that meets %s',
    async (_name, fault) => {
      const { vault, provider } = await holding({ HELD_KEY: 'canary-value' })
      vault.break(fault())
      const failure = await failureOf(provider.getSecret('HELD_KEY'))
      const explicit = new HashiCorpVaultProvider({ url: vault.url, token, kvVersion: 2 })

      expect(failure.kind).toBe((await failureOf(explicit.getSecret('HELD_KEY'))).kind)
      expect(vault.requests).toHaveLength(2)
      await Promise.all([provider.close(), explicit.close()])
    },
  )

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with status %i', async status => {
    const { vault, provider } = await holding({})
    vault.break({ kind: 'redirect', to: `${foreign.url}/`, status })

    expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'insecure', detail: 'redirect' })
    await provider.close()
  })

  it('does not follow a redirect to the same host on another port or by another scheme', async () => {
    const { vault, provider } = await holding({})
    vault.break({ kind: 'redirect', to: vault.url.replace('http:', 'https:') })

    expect((await failureOf(provider.getSecret('A'))).kind).toBe('insecure')
    await provider.close()
  })

  it('has never sent anything to the host that redirects point to', () => {
    expect(foreign.requests).toEqual([])
  })

  it('sends nothing through a proxy that the environment names', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(name, foreign.url)
    const { provider } = await holding({ A: '1' })

    expect(await provider.getSecret('A')).toBe('1')
    expect(foreign.requests).toEqual([])
    vi.unstubAllEnvs()
    await provider.close()
  })

  it('reads no more than a megabyte of a huge body', async () => {
    const { vault, provider } = await holding({}, 2)
    vault.break({ kind: 'huge', bytes: 512 * 1024 * 1024, announced: false })

    expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'malformed', detail: 'too_large' })

    await vi.waitFor(() => expect(vault.openConnections).toBe(0))
    expect(vault.bytesSent).toBeLessThan(32 * 1024 * 1024)
    await provider.close()
  })

  it('leaves no connection open when a read is aborted', async () => {
    const { vault, provider } = await holding({}, 2)
    vault.break({ kind: 'hang' })
    const controller = new AbortController()

    const read = failureOf(provider.getSecret('A', { signal: controller.signal }))
    await vi.waitFor(() => expect(vault.requests).toHaveLength(1))
    controller.abort()

    expect(await read).toMatchObject({ kind: 'timeout', provider: 'vault' })
    await vi.waitFor(() => expect(vault.openConnections).toBe(0))
    await provider.close()
  })

  it('asks nobody when the signal has already aborted', async () => {
    const { vault, provider } = await holding({})

    const error = await failureOf(provider.getSecret('A', { signal: AbortSignal.abort() }))

    expect(error.kind).toBe('timeout')
    expect(vault.requests).toEqual([])
    await provider.close()
  })

  it('opens at most eight connections', async () => {
    const { vault, provider } = await holding({ A: '1' }, 2)

    await Promise.all(Array.from({ length: 50 }, () => provider.getSecret('A')))

    expect(vault.openConnections).toBeLessThanOrEqual(8)
    await provider.close()
  })

  it('leaves nothing of the token or a value to print under DEBUG and NODE_DEBUG', async () => {
    const { vault, provider } = await holding({ A: 'canary-value' })
    const script = `
      import { HashiCorpVaultProvider } from '@st/provider-vault'
      const provider = new HashiCorpVaultProvider({ url: process.env.URL, token: process.env.TOKEN, writable: true })
      console.log((await provider.getSecret('A')).length)
      await provider.setSecret('B', 'canary-' + 'written')
      await provider.close()`

    const { stdout, stderr } = await runModule(script, packageFolder, {
      URL: vault.url,
      TOKEN: token,
      DEBUG: '*',
      NODE_DEBUG: '*',
    })

    expect(stdout).toBe(`${'canary-value'.length}\n`)
    expect(stderr).toContain('HTTP')
    expect(stderr).not.toMatch(/canary-(value|written)/)
    expect(stderr).not.toContain(token)
    await provider.close()
  })
})

function answer(status: number, headers: Readonly<Record<string, string>>): Fault {
  const document = { data: { HELD_KEY: 'canary-value' }, metadata: { version: 1, created_time: 'x' } }
  return { kind: 'answer', answer: { ...vaultAnswer(document, { status }), headers } }
}
