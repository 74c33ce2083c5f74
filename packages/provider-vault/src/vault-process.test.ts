import { fileURLToPath } from 'node:url'
import { runModule } from '@st/test-setup'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))

describe('a process', () => {
  it('is left with no socket and no timer, whatever the server did', async () => {
    const script = `
      import { setImmediate as nextTurn } from 'node:timers/promises'
      import { FaultScenes } from '@st/test-servers'
      import { ask, holding, rowsFor, ways } from './src/__fixtures__/reading-ways.ts'
      import { HashiCorpVaultProvider } from './src/vault-provider.ts'
      const outcomes = { failed: 0, asked: 0 }
      for (const way of Object.values(ways)) {
        const scenes = new FaultScenes(options => holding(way.version, options), way.isFaulty)
        // Certificates are trusted by variables, which all of a process share.
        const rows = rowsFor(way).filter(({ trusted, variables }) => !trusted && !variables)
        await Promise.all(rows.map(async ({ start }) => {
          const scene = await start(scenes)()
          const provider = new HashiCorpVaultProvider({ url: scene.url, ...way.options })
          await ask(provider, way, AbortSignal.timeout(300)).catch(() => (outcomes.failed += 1))
          await provider.close()
          await scene[Symbol.asyncDispose]()
          outcomes.asked += 1
        }))
      }
      const left = () => process.getActiveResourcesInfo().filter(name => /Timeout|TCP|TLS|HTTP|Addr/.test(name))
      // What is closed is gone some turns later.
      for (let turn = 0; turn < 100 && left().length > 0; turn += 1) await nextTurn()
      console.log(JSON.stringify({ left: left(), isWhole: outcomes.failed === outcomes.asked && outcomes.asked > 400 }))`

    const { stdout } = await runModule(script, folder)

    expect(JSON.parse(stdout)).toEqual({ left: [], isWhole: true })
  })
})
