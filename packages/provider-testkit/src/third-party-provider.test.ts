import { fileURLToPath } from 'node:url'
import { jsonAnswer, startScriptedServer, type Fault, type LoopbackServer } from '@st/test-servers'
import { runModule } from '@st/test-setup'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HttpSecretProvider } from './__fixtures__/http-secret-provider.ts'
import { startSecretServer } from './__fixtures__/secret-server.ts'
import type { ProviderSource } from './conformance-harness.ts'
import { describeProviderContract } from './describe-provider-contract.ts'

type Secrets = Readonly<Record<string, string>>

const token = 'third-party-token-6e02'
const servers: LoopbackServer[] = []
let foreign: LoopbackServer

async function start(...past: readonly Secrets[]): Promise<LoopbackServer> {
  const server = await startSecretServer(token, past)
  servers.push(server)
  return server
}

function showing(fault: () => Fault): ProviderSource {
  return async secrets => {
    const server = await start(secrets)
    server.break(fault())
    return new HttpSecretProvider(server.url, token)
  }
}

function refusing(status: number): ProviderSource {
  return showing(() => ({ kind: 'answer', answer: jsonAnswer(status, { token }) }))
}

beforeAll(async () => {
  foreign = await startScriptedServer(() => jsonAnswer(200, { value: 'foreign' }))
})

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()))
})

afterAll(async () => {
  await foreign.close()
})

describe("a third party's provider over HTTP", () => {
  describeProviderContract(
    {
      holding: async secrets => new HttpSecretProvider((await start(secrets)).url, token),
      rotated: async (previous, current) => new HttpSecretProvider((await start(previous, current)).url, token),
      unavailable: async secrets => {
        const server = await start(secrets)
        await server.refuse()
        return new HttpSecretProvider(server.url, token)
      },
      faulty: {
        hang: showing(() => ({ kind: 'hang' })),
        reset: showing(() => ({ kind: 'reset' })),
        throttle: refusing(429),
        forbidden: refusing(403),
        unauthenticated: async secrets => new HttpSecretProvider((await start(secrets)).url, `${token}-revoked`),
        malformed: showing(() => ({ kind: 'html' })),
        redirect_cross_origin: showing(() => ({ kind: 'redirect', to: `${foreign.url}/secret` })),
        slow_drip: showing(() => ({ kind: 'drip', intervalMs: 20 })),
        huge_body: showing(() => ({ kind: 'huge', bytes: 64 * 1024 * 1024, announced: false })),
      },
      credentials: [token],
    },
    { describe, it },
  )

  it('has never sent anything to the host that redirects point to', () => {
    expect(foreign.requests).toEqual([])
  })

  it('passes also while Node and packages print all that they can', async () => {
    const script = `
      import { HttpSecretProvider } from './src/__fixtures__/http-secret-provider.ts'
      import { startSecretServer } from './src/__fixtures__/secret-server.ts'
      import { failuresOf } from './src/__fixtures__/failures-of.ts'
      const servers = []
      const failures = await failuresOf({
        holding: async secrets => {
          servers.push(await startSecretServer('${token}', [secrets]))
          return new HttpSecretProvider(servers.at(-1).url, '${token}')
        },
        credentials: ['${token}'],
      })
      console.log(JSON.stringify(failures))
      await Promise.all(servers.map(server => server.close()))`
    const everything = { DEBUG: '*', NODE_DEBUG: '*' }

    const { stdout } = await runModule(script, fileURLToPath(new URL('..', import.meta.url)), everything)

    expect(JSON.parse(stdout)).toEqual([])
  })
})
