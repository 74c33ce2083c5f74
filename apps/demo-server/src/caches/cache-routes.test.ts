import type { SecretProvider } from '@st/secrets-core'
import { getProviderConfigCache, getUserPermissionCache } from '@st/ttl-cache'
import { describe, expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'

function clear(
  server: RunningServer,
  name: string,
  { as = server.admin, ...json }: { readonly as?: TestUser } & Record<string, unknown>,
): Promise<readonly [number, unknown]> {
  return told(server.send(`/api/caches/${name}/invalidate`, { as, json }))
}

/** Keys each of which has a value. */
const asked: string[] = []
const provider: SecretProvider = {
  name: 'fake',
  isAvailable: () => true,
  getSecret: async key => {
    asked.push(key)
    return key.startsWith('K') ? 'x' : undefined
  },
}

describe('GET /api/caches', () => {
  it('tells how full each cache is, how often it answered and how long loading took', async () => {
    await using server = await runServer({ providers: [provider] })
    await server.services.providerConfigs.get('replicate')
    await server.services.providerConfigs.get('replicate')
    await server.secrets.require('K1')
    await server.secrets.require('K1')

    const [, body] = await told(server.send('/api/caches'))

    expect(body).toMatchObject({
      caches: [
        {
          name: 'provider-configs',
          figures: { size: 1, maxSize: 100, hits: 1, misses: 1, hitRatio: 0.5, evictions: 0, expirations: 0 },
          loads: { loads: 1, failures: 0, p50Ms: expect.any(Number), p95Ms: expect.any(Number) },
        },
        { name: 'user-permissions', figures: { maxSize: 500 } },
        { name: 'hardware-prices', loads: { loads: 0, failures: 0 } },
        { name: 'secrets', figures: { size: 1, hits: 1, misses: 1, hitRatio: 0.5 }, loads: { loads: 1 } },
      ],
    })
  })

  it('is for who is signed in', async () => {
    await using server = await runServer()

    const answers = await Promise.all(
      ['/api/caches', '/api/caches/secrets/history'].map(path => told(server.send(path, { as: null }))),
    )

    expect(answers).toEqual([
      [401, 'SIGN_IN_NEEDED'],
      [401, 'SIGN_IN_NEEDED'],
    ])
  })
})

describe('POST /api/caches/{name}/invalidate', () => {
  it('forgets a key, a prefix or all, after it has told how many', async () => {
    await using server = await runServer()
    const cache = getProviderConfigCache()
    for (const key of ['provider:a:config', 'provider:a:x', 'provider:b:config', 'provider:c:config'])
      cache.set(key, {})

    const counts = [
      await clear(server, 'provider-configs', { prefix: 'provider:a:', dryRun: true }),
      await clear(server, 'provider-configs', { prefix: 'provider:a:' }),
      await clear(server, 'provider-configs', { key: 'provider:b:config', dryRun: true }),
      await clear(server, 'provider-configs', { key: 'provider:b:config' }),
      await clear(server, 'provider-configs', { key: 'provider:b:config' }),
      await clear(server, 'provider-configs', { all: true, dryRun: true }),
    ]
    const left = [...cache].map(([key]) => key)
    await clear(server, 'provider-configs', { all: true })

    expect(counts).toEqual([
      [200, { count: 2, dryRun: true }],
      [200, { count: 2, dryRun: false }],
      [200, { count: 1, dryRun: true }],
      [200, { count: 1, dryRun: false }],
      [200, { count: 0, dryRun: false }],
      [200, { count: 1, dryRun: true }],
    ])
    expect([left, cache.size]).toEqual([['provider:c:config'], 0])
  })

  it.each([
    ['key', { key: 'K1' }, ['K1']],
    ['prefix', { prefix: 'K1' }, ['K1', 'K11']],
    ['all', { all: true }, ['K1', 'K11', 'K2']],
  ])('lets the sources of secrets be asked again: %s', async (_, selection, expected) => {
    await using server = await runServer({ providers: [provider] })
    const keys = ['K1', 'K11', 'K2']
    await server.secrets.getMany(keys)
    // Of this one only what the provider said is kept.
    await server.secrets.explain('K11')

    const counted = await clear(server, 'secrets', { ...selection, dryRun: true })
    asked.length = 0
    await server.secrets.getMany(keys)
    const before = [...asked]
    const cleared = await clear(server, 'secrets', selection)
    await server.secrets.getMany(keys)

    expect(before).toEqual([])
    expect(asked.toSorted()).toEqual(expected)
    expect([counted, cleared]).toEqual([
      [200, { count: expected.length, dryRun: true }],
      [200, { count: expected.length, dryRun: false }],
    ])
  })

  it('is in the audit log, and a count is not', async () => {
    await using server = await runServer()
    getUserPermissionCache().set('user:77:access', {})
    const operator = await server.makeUser('ann', 'operator')

    await clear(server, 'user-permissions', { prefix: 'user:77:', dryRun: true, as: operator })
    await clear(server, 'user-permissions', { prefix: 'user:77:', as: operator })
    await clear(server, 'hardware-prices', { all: true, as: operator })

    expect(await recorded(server, 'cache.cleared')).toMatchObject([
      { actorName: 'ann', targetId: 'user-permissions', details: { prefix: 'user:77:', count: 1 } },
      { targetId: 'hardware-prices', details: { all: true } },
    ])
  })

  it('refuses who may not, what there is not, and what says too much or too little', async () => {
    await using server = await runServer()
    const viewer = await server.makeUser('ann', 'viewer')

    const answers = [
      await clear(server, 'secrets', { all: true, as: viewer }),
      await clear(server, 'none', { all: true }),
      await clear(server, 'none', { all: true, dryRun: true }),
      await clear(server, 'secrets', {}),
      await clear(server, 'secrets', { key: 'a', all: true }),
      await clear(server, 'secrets', { all: false }),
      await clear(server, 'secrets', { prefix: '' }),
      await told(server.send('/api/caches/none/history')),
      await told(server.send('/api/caches/secrets/history?window=60')),
    ]

    expect(answers).toEqual([
      [403, 'PERMISSION_NEEDED'],
      [404, 'CACHE_NOT_FOUND'],
      [404, 'CACHE_NOT_FOUND'],
      [400, 'INVALID_SELECTION'],
      [400, 'INVALID_SELECTION'],
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_REQUEST'],
      [404, 'CACHE_NOT_FOUND'],
      [400, 'INVALID_REQUEST'],
    ])
    expect((await recorded(server, 'cache.cleared')).map(({ outcome }) => outcome)).toEqual(['refused'])
  })
})

it('the history has a point for each step of its window', async () => {
  await using server = await runServer()
  const { cacheHistory } = server.services
  const cache = getProviderConfigCache()
  cache.set('provider:a:config', {})
  for (let minute = 0; minute < 3; minute += 1) {
    cache.get('provider:a:config')
    cache.get('provider:none')
    server.pass(1)
    cacheHistory.sample()
  }

  const [, hour] = await told(server.send('/api/caches/provider-configs/history?window=3600'))
  const [, day] = await told(server.send('/api/caches/provider-configs/history?window=86400'))

  const point = { at: expect.any(String), hits: 1, misses: 1, hitRatio: 0.5, evictions: 0, size: 1 }
  expect(hour).toEqual({ points: [point, point, point] })
  expect(day).toEqual({ points: [] })
})
