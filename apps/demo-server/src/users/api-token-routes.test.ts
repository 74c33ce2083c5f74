import { describe, expect, it } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'

interface Made {
  readonly token: { readonly id: number; readonly prefix: string }
  readonly secret: string
}

async function make(
  server: RunningServer,
  path: string,
  { as, name = 'CI' }: { as: TestUser; name?: string },
): Promise<Made> {
  const response = await server.send(path, { as, json: { name } })
  expect(response.status).toBe(201)
  // As the route declares.
  return (await response.json()) as Made
}

describe.each([
  ['one’s own tokens', '/api/users/me/tokens', 'ann'],
  ['tokens of a user', '/api/users/:id/tokens', 'admin'],
] as const)('%s', (_, pattern, by) => {
  async function senderOn(server: RunningServer): Promise<{ ann: TestUser; as: TestUser; path: string }> {
    const ann = await server.makeUser('ann', 'viewer')
    return { ann, as: by === 'ann' ? ann : server.admin, path: pattern.replace(':id', String(ann.id)) }
  }

  it('are made, told once, used, listed and revoked', async () => {
    await using server = await runServer()
    const { ann, as, path } = await senderOn(server)

    const { token, secret } = await make(server, path, { as })
    const used = await server.send('/api/session', { as: { ...ann, token: secret } })
    const listed = await (await server.send(path, { as })).text()
    const revoked = await server.send(`${path}/${token.id}`, { as, method: 'DELETE' })
    const again = await server.send(`${path}/${token.id}`, { as, method: 'DELETE' })
    const after = await server.send('/api/session', { as: { ...ann, token: secret } })

    expect([used.status, await used.json()]).toMatchObject([200, { name: 'ann' }])
    expect(JSON.parse(listed)).toMatchObject({ tokens: [{ id: token.id, prefix: token.prefix, name: 'CI' }, {}] })
    expect([revoked.status, again.status, after.status]).toEqual([204, 404, 401])
    const { entries } = await server.services.audit.page({ types: ['api_token.'], actorId: as.id }, { limit: 10 })
    expect(entries.map(({ type, outcome, targetId }) => [type, outcome, targetId])).toEqual([
      ['api_token.revoked', 'refused', String(ann.id)],
      ['api_token.revoked', 'done', String(ann.id)],
      ['api_token.created', 'done', String(ann.id)],
    ])
    expect([listed, JSON.stringify(entries), ...server.log].join('\n')).not.toContain(secret.slice(-39))
  })

  it('are not made twice, and not told again, when the request is repeated', async () => {
    await using server = await runServer()
    const { as, path } = await senderOn(server)
    const send = (): Promise<Response> =>
      server.send(path, { as, json: { name: 'CI' }, headers: { 'idempotency-key': 'one' } })

    const [first, second] = [await send(), await send()]

    expect([first.status, second.status, await second.json()]).toMatchObject([201, 409, { code: 'ALREADY_DONE' }])
    expect(await (await server.send(path, { as })).json()).toMatchObject({ tokens: [{ name: 'CI' }, { name: 'test' }] })
  })

  it('are refused when they break a rule', async () => {
    await using server = await runServer()
    const { as, path } = await senderOn(server)
    const cases = [
      [{ name: '' }, 'INVALID_REQUEST'],
      [{ name: ' ' }, 'INVALID_TOKEN_NAME'],
      [{ name: 'x', expiresAt: 'tomorrow' }, 'INVALID_REQUEST'],
      [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, 'INVALID_EXPIRY'],
      [{ name: 'x', expiresAt: '2099-12-31T23:59:60Z' }, 'INVALID_EXPIRY'],
      [{ name: 'x', userId: 1 }, 'INVALID_REQUEST'],
    ] as const

    const answers = await Promise.all(
      cases.map(async ([json]) => {
        const response = await server.send(path, { as, json })
        return [response.status, await response.json()]
      }),
    )

    expect(answers).toMatchObject(cases.map(([, code]) => [400, { code }]))
  })
})

it('a token that is made with a token does not outlive it', async () => {
  await using server = await runServer()
  const ann = await server.makeUser('ann', 'viewer')
  const { admin } = server
  const [soon, later] = ['2098-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z']
  const made = await server.services.apiTokens.create(admin.id, { name: 'short', expiresAt: new Date(soon) }, {})
  const as = { ...admin, token: made.secret }
  const paths = ['/api/users/me/tokens', `/api/users/${ann.id}/tokens`]
  const expiries = [undefined, later, soon]

  const answers = await Promise.all(
    paths.flatMap(path => expiries.map(expiresAt => server.send(path, { as, json: { name: 'x', expiresAt } }))),
  )

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 201, 400, 400, 201])
})

it('a list of tokens comes a part at a time, for one user and one caller', async () => {
  await using server = await runServer()
  const ann = await server.makeUser('ann', 'viewer')
  for (const name of ['a', 'b']) await make(server, '/api/users/me/tokens', { as: ann, name })

  const first = await server.send('/api/users/me/tokens?limit=2', { as: ann })
  // As the route declares.
  const page = (await first.json()) as { tokens: { name: string }[]; nextCursor: string }
  const cursor = encodeURIComponent(page.nextCursor)
  const second = await server.send(`/api/users/me/tokens?cursor=${cursor}`, { as: ann })
  const foreign = await server.send(`/api/users/me/tokens?cursor=${cursor}`)

  expect(page.tokens.map(({ name }) => name)).toEqual(['b', 'a'])
  expect(await second.json()).toMatchObject({ tokens: [{ name: 'test' }] })
  expect([foreign.status, await foreign.json()]).toMatchObject([400, { code: 'INVALID_CURSOR' }])
})

it('a token of somebody else is neither revoked nor told apart from one that is not there', async () => {
  await using server = await runServer()
  const [ann, bob] = [await server.makeUser('ann', 'viewer'), await server.makeUser('bob', 'viewer')]
  const { token } = await make(server, '/api/users/me/tokens', { as: ann })

  const answers = [token.id, 99].map(id => server.send(`/api/users/me/tokens/${id}`, { as: bob, method: 'DELETE' }))
  const told = await Promise.all(
    (await Promise.all(answers)).map(async response => {
      const { requestId: _id, ...body } = (await response.json()) as Record<string, unknown>
      return body
    }),
  )

  expect(told[0]).toEqual(told[1])
  expect(told[0]).toMatchObject({ status: 404, code: 'TOKEN_NOT_FOUND' })
  expect(await server.services.apiTokens.list(ann.id)).toMatchObject([{ id: token.id }, {}])
})

it('a token is made in a session only with a password of the last five minutes', async () => {
  await using server = await runServer()
  const browser = await openBrowser(server, server.admin)
  server.pass(5)

  const response = await browser.send('/api/users/me/tokens', { name: 'CI' })

  expect([response.status, await response.json()]).toMatchObject([403, { code: 'PASSWORD_NEEDED' }])
})
