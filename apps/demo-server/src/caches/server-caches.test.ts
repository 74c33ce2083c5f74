import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretsManager } from '@st/secrets-core'
import { getProviderConfigCache, resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, expect, it } from 'vitest'
import type { Invalidation, InvalidationListener } from '../database/invalidations.ts'
import { openDatabase } from '../database/open-database.ts'
import { userWorld } from '../testing/user-world.ts'
import { ServerCaches } from './server-caches.ts'

beforeEach(() => resetGlobalCaches())

it('clearing a cache is announced with its audit entry, and done by who hears of it', async () => {
  await using database = await openDatabase(join(homedir(), 'demo.db'))
  const { writes, recorded } = userWorld(database)
  const announced: (Invalidation | 'everything')[] = []
  const listeners = new Set<InvalidationListener>()
  const invalidations = {
    ...database.invalidations,
    isConnected: true,
    announce: async (_: unknown, what: Invalidation | 'everything') => void announced.push(what),
    subscribe: (listener: InvalidationListener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const asked: string[] = []
  await using secrets = new SecretsManager({
    providers: [
      {
        name: 'fake',
        isAvailable: () => true,
        getSecret: async key => {
          asked.push(key)
          return 'x'
        },
      },
    ],
  })
  const caches = new ServerCaches({ secrets, database: { invalidations }, writes })
  caches.start()
  const read = async (): Promise<readonly string[]> => {
    asked.length = 0
    await secrets.getMany(['A', 'AB', 'B'])
    return asked.toSorted()
  }
  const hear = (what: Invalidation | 'everything' | undefined): void => {
    for (const listener of listeners) if (what !== undefined) listener(what)
  }
  await read()

  const cleared = await caches.clear('secrets', { prefix: 'A' }, { name: 'test' })
  const afterClear = await read()
  hear(announced[0])
  const afterHearing = await read()
  hear({ cache: 'cleared', name: '["secrets",{"pattern":"*"}]' })
  const afterUnknown = await read()
  hear({ cache: 'cleared', name: 'no JSON' })
  const afterNonsense = await read()
  hear('everything')
  const afterEverything = await read()
  getProviderConfigCache().set('provider:a:config', {})
  await caches.clear('provider-configs', { all: true }, { name: 'test' })
  getProviderConfigCache().set('provider:a:config', {})
  hear(announced[1])
  const left = getProviderConfigCache().size
  caches.stop()

  expect(cleared).toBe(2)
  expect([afterClear, afterHearing, afterUnknown, afterNonsense, afterEverything]).toEqual([
    ['A', 'AB'],
    ['A', 'AB'],
    ['A', 'AB', 'B'],
    ['A', 'AB', 'B'],
    ['A', 'AB', 'B'],
  ])
  expect(left).toBe(0)
  expect(listeners.size).toBe(0)
  expect(await recorded()).toEqual(['cache.cleared', 'cache.cleared'])
})
