import { after, describe, it } from 'node:test'
import { describeProviderContract, type ProviderSource } from '@st/provider-testkit'
import { type Fault, jsonAnswer, type LoopbackServer, startScriptedServer } from '@st/test-servers'
import { KeyServiceProvider } from './key-service-provider.ts'

const token = 'token-of-the-key-service'
const servers: LoopbackServer[] = []

async function startKeyService(secrets: Readonly<Record<string, string>> = {}): Promise<LoopbackServer> {
  const server = await startScriptedServer(({ path, headers }) => {
    if (headers['authorization'] !== `Bearer ${token}`) return jsonAnswer(401, {})
    const key = new URL(path, 'http://key-service').searchParams.get('key') ?? ''
    return Object.hasOwn(secrets, key) ? jsonAnswer(200, { value: secrets[key] }) : jsonAnswer(404, {})
  })
  servers.push(server)
  return server
}

function showing(fault: Fault): ProviderSource {
  return async secrets => {
    const server = await startKeyService(secrets)
    server.break(fault)
    return new KeyServiceProvider({ url: server.url, token })
  }
}

function refusing(status: number): ProviderSource {
  return showing({ kind: 'answer', answer: jsonAnswer(status, {}) })
}

describe('KeyServiceProvider', () => {
  after(async () => Promise.all(servers.map(server => server.close())))

  describeProviderContract(
    {
      credentials: [token],
      holding: async secrets => new KeyServiceProvider({ url: (await startKeyService(secrets)).url, token }),
      unavailable: async () => {
        const server = await startKeyService()
        await server.refuse()
        return new KeyServiceProvider({ url: server.url, token })
      },
      faulty: {
        hang: showing({ kind: 'hang' }),
        reset: showing({ kind: 'reset' }),
        throttle: refusing(429),
        forbidden: refusing(403),
        unauthenticated: refusing(401),
        malformed: showing({ kind: 'half' }),
        redirect_cross_origin: async secrets => {
          const other = await startKeyService(secrets)
          return showing({ kind: 'redirect', to: `${other.url}/secret?key=HELD_KEY` })(secrets)
        },
        slow_drip: showing({ kind: 'drip', intervalMs: 50 }),
        huge_body: showing({ kind: 'huge', bytes: 1_000_000, announced: false }),
      },
    },
    { describe, it },
  )
})
