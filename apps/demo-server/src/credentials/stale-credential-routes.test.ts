import { expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'

async function store(server: RunningServer, as: TestUser, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await server.send('/api/users/me/credentials', { as, json: { provider: 'p', name, value: 'x' } })
  }
}

const day = 24 * 60

it('credentials that were not changed for long are listed, and counted by user', async () => {
  await using server = await runServer()
  const [ann, bob] = [await server.makeUser('ann', 'viewer'), await server.makeUser('bob', 'viewer')]
  const list = async (path: string, as: TestUser): Promise<unknown> => {
    const [status, body] = await told(server.send(path, { as }))
    if (status !== 200) return [status, body]
    return (body as { readonly credentials: readonly { name: string; status: string }[] }).credentials.map(
      ({ name, status: age }) => `${name} ${age}`,
    )
  }
  const count = (query = '', as = server.admin): Promise<readonly [number, unknown]> =>
    told(server.send(`/api/users/credentials/check-stale${query}`, { method: 'POST', as }))
  await store(server, ann, 'old')
  server.pass(60 * day)
  await store(server, ann, 'b', 'a')
  await store(server, bob, 'x')
  server.pass(30 * day)
  const own = '/api/users/me/credentials/stale'

  const stale = [
    await list(own, ann),
    await list(`${own}?days=30`, ann),
    await list(`${own}?days=91`, ann),
    await list(`/api/users/${ann.id}/credentials/stale`, server.admin),
    await list(`/api/users/${ann.id}/credentials/stale`, bob),
    await list(`${own}?days=0`, ann),
    await list(`${own}?days=366`, ann),
  ]
  const first = (await (await server.send(`${own}?days=30&limit=2`, { as: ann })).json()) as { nextCursor?: string }
  const rest = await list(`${own}?days=30&limit=2&cursor=${first.nextCursor}`, ann)
  const otherDays = await list(`${own}?days=31&limit=2&cursor=${first.nextCursor}`, ann)
  const counts = [await count(), await count('?days=30'), await count('', ann), await count('?days=x')]

  expect(stale).toEqual([
    ['old stale'],
    ['old stale', 'b stale', 'a stale'],
    [],
    ['old stale'],
    [404, 'NOT_FOUND'],
    [400, 'INVALID_REQUEST'],
    [400, 'INVALID_REQUEST'],
  ])
  expect([rest, otherDays]).toEqual([['a stale'], [400, 'INVALID_CURSOR']])
  expect(counts).toEqual([
    [200, { thresholdDays: 90, total: 1, users: [{ userId: ann.id, name: 'ann', stale: 1 }] }],
    [
      200,
      {
        thresholdDays: 30,
        total: 4,
        users: [
          { userId: ann.id, name: 'ann', stale: 3 },
          { userId: bob.id, name: 'bob', stale: 1 },
        ],
      },
    ],
    [403, 'PERMISSION_NEEDED'],
    [400, 'INVALID_REQUEST'],
  ])
})

it('when credentials count as old is a setting with a version', async () => {
  await using server = await runServer()
  const viewer = await server.makeUser('ann', 'viewer')
  const path = '/api/cloud/settings/credentials'
  const settings = { stale_threshold_days: 30, early_warning_enabled: true, early_warning_percent: 50 }
  const put = (json: unknown, version?: string, as = server.admin): Promise<Response> =>
    server.send(path, { method: 'PUT', as, json, headers: version === undefined ? {} : { 'if-match': version } })
  await store(server, viewer, 'n')
  server.pass(15 * day)

  const before = await server.send(path, { as: viewer })
  const changed = await put(settings, '"0"')
  const refused = [
    await told(put(settings, '"0"')),
    await told(put(settings)),
    await told(put(settings, '*', viewer)),
    await told(put({ ...settings, stale_threshold_days: 366 }, '*')),
    await told(put({ ...settings, early_warning_percent: 1.5 }, '*')),
    await told(put({ ...settings, more: 1 }, '*')),
  ]
  const shown = await told(server.send('/api/users/me/credentials/p/n', { as: viewer }))

  expect(before.headers.get('etag')).toBe('"0"')
  expect(await before.json()).toEqual({
    stale_threshold_days: 90,
    early_warning_enabled: false,
    early_warning_percent: 75,
  })
  expect([changed.headers.get('etag'), await told(changed)]).toEqual(['"1"', [200, settings]])
  expect(refused).toEqual([
    [412, 'STALE_VERSION'],
    [428, 'IF_MATCH_NEEDED'],
    [403, 'PERMISSION_NEEDED'],
    [400, 'INVALID_REQUEST'],
    [400, 'INVALID_REQUEST'],
    [400, 'INVALID_REQUEST'],
  ])
  expect(shown).toMatchObject([200, { status: 'expiring' }])
  expect(await recorded(server, 'config.changed')).toMatchObject([
    { outcome: 'done', targetId: 'credentials' },
    { outcome: 'refused', details: { code: 'STALE_VERSION' } },
  ])
})
