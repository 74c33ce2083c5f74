import { inspect } from 'node:util'
import { setImmediate as turn } from 'node:timers/promises'
import { FaultScenes, loopbackCertificatePaths } from '@st/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { heldValue } from './__fixtures__/fault-rows.ts'
import { ask, holding, newValue, rowsFor, secretId, token, ways } from './__fixtures__/reading-ways.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

const sockets = /^(TCP(Socket|Server)Wrap|TLSWrap|TCPConnectWrap|GetAddrInfoReqWrap)$/
const timers = /^Timeout$/

/** Fails when something is left that keeps a process alive; what is being closed has a moment to end. */
async function expectNone(kinds: RegExp): Promise<void> {
  const left = (): readonly string[] => process.getActiveResourcesInfo().filter(kind => kinds.test(kind))
  for (let turns = 0; turns < 100_000 && left().length > 0; turns += 1) await turn()
  expect(left()).toEqual([])
}

beforeAll(async () => {
  // Loads node-vault, once for all.
  await using vault = await holding(2)
  const provider = new HashiCorpVaultProvider({ url: vault.url, token })
  await provider.readDocument()
  await provider.close()
})

afterEach(() => {
  vi.unstubAllEnvs()
})

afterAll(async () => {
  // Once, as the test runner sets timers of its own now and then.
  await expectNone(timers)
})

describe.each(Object.entries(ways))('of %s, a server that', (_name, way) => {
  const scenes = new FaultScenes(serverOptions => holding(way.version, serverOptions), way.isFaulty)

  it.each(rowsFor(way))(
    '$title makes a typed error',
    async ({ start, kinds, details, isEndless, trusted, variables }) => {
      if (trusted) vi.stubEnv('VAULT_CACERT', loopbackCertificatePaths[trusted])
      for (const [name, value] of Object.entries(variables ?? {})) vi.stubEnv(name, value)
      {
        await using scene = await start(scenes)()
        const provider = new HashiCorpVaultProvider({ url: scene.url, ...way.options })
        const abort = new AbortController()

        const asking = failureOf(ask(provider, way, abort.signal))
        if (isEndless) {
          await vi.waitUntil(() => scene.isReached(), { interval: 2 })
          abort.abort()
        }
        const error = await asking
        await provider.close()

        expect(kinds).toContain(error.kind)
        expect({ retryAfterMs: undefined, ...error.toJSON() }).toMatchObject({ provider: 'vault', ...details })
        expect(error.cause).toBeUndefined()
        const shown = [error.stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join('\n')
        for (const text of [heldValue, token, secretId, newValue]) expect(shown).not.toContain(text)
        expect(scene.strayRequests()).toBe(0)
        await vi.waitUntil(() => scene.openConnections() === 0, { interval: 2 })
      }
      await expectNone(sockets)
    },
  )
})
