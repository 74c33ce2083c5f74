import { describe, expect, it } from 'vitest'
import { down } from '../__fixtures__/failures.ts'
import { listenTo } from '../__fixtures__/listen-to.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { documentProvider, keyedProvider, writableProvider } from '../__fixtures__/sample-provider.ts'
import { diagnosticChannels } from './diagnostics.ts'
import type { SecretsManager } from './secrets-manager.ts'

processWarnings()

/** Every call that hands out the value of `A`. */
const reads: readonly (readonly [string, (manager: SecretsManager) => unknown])[] = [
  ['get', async manager => manager.get('A')],
  ['getSync', manager => manager.getSync('A')],
  ['require', async manager => manager.require('A')],
  ['getMany', async manager => manager.getMany(['A'])],
  ['resolve', async manager => manager.resolve('A')],
  ['load', async manager => manager.load({ A: {} })],
  ['acceptedValues', async manager => manager.acceptedValues('A')],
  ['withSecret', async manager => manager.withSecret('A', () => undefined)],
]

describe('the event of a read', () => {
  it.each(reads)('is published by %s, whether or not the answer was kept', async (_, read) => {
    using heard = listenTo(diagnosticChannels.resolve)
    const manager = managerOf([writableProvider('file', { A: 'canary' })])

    await read(manager)
    await read(manager)

    expect(heard.messages).toMatchObject([
      { key: 'A', status: 'found', source: 'file', cache: 'miss', steps: [{ outcome: 'hit' }] },
      { key: 'A', status: 'found', source: 'file', cache: 'hit', steps: [{ outcome: 'hit' }] },
    ])
    expect(JSON.stringify(heard.messages)).not.toContain('canary')
  })

  it('is one a key, for keys that are read together too', async () => {
    using heard = listenTo(diagnosticChannels.resolve)
    const manager = managerOf([documentProvider('vault', { user: 'u', password: 'p' })])

    await manager.withSecret(['user', 'password'], () => undefined)

    expect(heard.messages).toMatchObject([{ key: 'user' }, { key: 'password' }])
  })

  it('tells a missing key from an unresolved one, for which a fallback was used', async () => {
    using heard = listenTo(diagnosticChannels.resolve)
    const broken = keyedProvider('broken')
    const manager = managerOf([broken])

    await manager.get('A', 'fallback')
    broken.failure = down()
    await manager.get('B', 'fallback')

    expect(heard.messages).toMatchObject([
      { key: 'A', status: 'missing' },
      { key: 'B', status: 'unresolved', steps: [{ provider: 'broken', kind: 'unavailable' }] },
    ])
  })

  it('is not published for what asks the providers without handing a value out', async () => {
    using heard = listenTo(diagnosticChannels.resolve)
    const manager = managerOf([documentProvider('vault', { A: '1' })])

    await manager.explain('A')
    await manager.list()
    await manager.checkHealth()

    expect(heard.messages).toEqual([])
  })
})
