import { describe, expect, it } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'
import type { User } from './users.ts'

const canary = 'canary password 3e9f0b7c'

function make(server: RunningServer, json: unknown, as?: TestUser): Promise<Response> {
  return server.send('/api/users', { json, ...(as === undefined ? {} : { as }) })
}

async function told(response: Response): Promise<readonly [number, string | undefined]> {
  const body = (await response.json()) as { readonly code?: string }
  return [response.status, body.code]
}

async function recorded(server: RunningServer, type: string): Promise<readonly object[]> {
  const { entries } = await server.services.audit.page({ types: [type] }, { limit: 50 })
  return entries
}

describe('POST /api/users', () => {
  it('makes a user, and tells where and of which version', async () => {
    await using server = await runServer()

    const response = await make(server, { name: ' Ann ', role: 'viewer', password: canary })
    const user = (await response.json()) as User
    const read = await server.send(response.headers.get('location') ?? '')

    expect([response.status, response.headers.get('etag'), user]).toMatchObject([
      201,
      '"1"',
      { name: 'Ann', role: 'viewer', version: 1 },
    ])
    expect([read.headers.get('etag'), await read.json()]).toEqual(['"1"', user])
    expect(await recorded(server, 'user.created')).toMatchObject([
      { actorName: 'admin', targetId: String(user.id), requestId: response.headers.get('x-request-id') },
      { actorName: 'test' },
    ])
  })

  it('refuses what breaks a rule, and makes nobody', async () => {
    await using server = await runServer()
    const cases = [
      ['a name that is taken', { name: 'ADMIN', role: 'viewer' }, 409, 'USER_EXISTS'],
      ['a weak password', { name: 'x', role: 'viewer', password: 'short' }, 400, 'WEAK_PASSWORD'],
      ['a name that cannot be seen', { name: '\u200B', role: 'viewer' }, 400, 'INVALID_USER_NAME'],
      ['a role that there is not', { name: 'x', role: 'root' }, 400, 'INVALID_REQUEST'],
      ['an unknown member', { name: 'x', role: 'viewer', isAdmin: true }, 400, 'INVALID_REQUEST'],
      ['a member of another type', { name: 1, role: 'viewer' }, 400, 'INVALID_REQUEST'],
    ] as const

    const answers: unknown[] = []
    for (const [what, json] of cases) answers.push([what, json, ...(await told(await make(server, json)))])

    expect(answers).toEqual(cases)
    expect(await server.services.users.list({ limit: 10 })).toHaveLength(1)
  })

  it('makes one user when it is repeated with the same Idempotency-Key', async () => {
    await using server = await runServer()
    const send = (): Promise<Response> =>
      server.send('/api/users', { json: { name: 'ann', role: 'viewer' }, headers: { 'idempotency-key': 'one' } })

    const [first, second] = [await send(), await send()]

    expect([second.status, await second.json()]).toEqual([201, await first.json()])
    expect(await server.services.users.list({ limit: 10 })).toHaveLength(2)
  })
})

describe('GET /api/users', () => {
  it('lists all users a part at a time', async () => {
    await using server = await runServer()
    for (const name of ['ann', 'bob', 'cyd']) await make(server, { name, role: 'viewer' })

    const names: string[] = []
    let cursor: string | undefined
    do {
      const query = new URLSearchParams({ limit: '2', ...(cursor === undefined ? {} : { cursor }) })
      const response = await server.send(`/api/users?${query.toString()}`)
      // As the route declares.
      const page = (await response.json()) as { users: User[]; nextCursor?: string }
      names.push(...page.users.map(({ name }) => name))
      cursor = page.nextCursor
    } while (cursor !== undefined)

    expect(names).toEqual(['admin', 'ann', 'bob', 'cyd'])
  })

  it('refuses a part that it cannot give', async () => {
    await using server = await runServer()
    const numbers = ['0', '101', '1e1', '+1', '', '1&limit=2', '%201', '0x1'].map(limit => `limit=${limit}`)
    const queries = [...numbers, 'cursor=x', 'page=1']

    const answers = await Promise.all(queries.map(async query => (await server.send(`/api/users?${query}`)).status))

    expect(answers).toEqual(queries.map(() => 400))
  })
})

describe('a user', () => {
  it('is changed only in the version that was read', async () => {
    await using server = await runServer()
    const { id } = await server.makeUser('ann', 'viewer')
    const patch = (json: unknown, version?: string): Promise<Response> =>
      server.send(`/api/users/${id}`, {
        method: 'PATCH',
        json,
        headers: version === undefined ? {} : { 'if-match': version },
      })

    const blind = await patch({ role: 'operator' })
    const changed = await patch({ role: 'operator', name: 'Anna' }, '"1"')
    const stale = await patch({ isDisabled: true }, '"1"')
    const anyway = await patch({ isDisabled: true }, '*')

    expect(await told(blind)).toEqual([428, 'IF_MATCH_NEEDED'])
    expect([changed.headers.get('etag'), await changed.json()]).toMatchObject([
      '"2"',
      { role: 'operator', name: 'Anna' },
    ])
    expect([stale.headers.get('etag'), ...(await told(stale))]).toEqual([null, 412, 'STALE_VERSION'])
    expect(await anyway.json()).toMatchObject({ disabledAt: expect.any(String), version: 3 })
  })

  it('is deleted only in the version that was read, with all that belongs to one', async () => {
    await using server = await runServer()
    const ann = await server.makeUser('ann', 'viewer')
    const remove = (headers: Record<string, string>): Promise<Response> =>
      server.send(`/api/users/${ann.id}`, { method: 'DELETE', headers })

    const statuses = [
      (await remove({})).status,
      (await remove({ 'if-match': '"2"' })).status,
      (await remove({ 'if-match': '"1"' })).status,
      (await remove({ 'if-match': '"1"' })).status,
    ]

    expect(statuses).toEqual([428, 412, 204, 404])
    expect((await server.send('/api/session', { as: ann })).status).toBe(401)
  })

  it('who is the last administrator is not deleted, disabled or demoted', async () => {
    await using server = await runServer()
    const path = `/api/users/${server.admin.id}`
    const headers = { 'if-match': '*' }

    const answers = await Promise.all([
      server.send(path, { method: 'DELETE', headers }),
      server.send(path, { method: 'PATCH', headers, json: { isDisabled: true } }),
      server.send(path, { method: 'PATCH', headers, json: { role: 'viewer' } }),
      server.send(`${path}/permissions/admin.users`, { method: 'PUT', json: { isGranted: false } }),
    ])

    expect(await Promise.all(answers.map(told))).toEqual(answers.map(() => [409, 'LAST_ADMINISTRATOR']))
    expect((await server.send('/api/users')).status).toBe(200)
  })

  it('has a whole number as its id', async () => {
    await using server = await runServer()
    const ids = ['0', '-1', '1.5', '2147483648', '01', 'x', '%00', '1%2F..']

    const answers = await Promise.all(ids.map(async id => told(await server.send(`/api/users/${id}`))))

    expect(answers).toEqual(ids.map(() => [400, 'INVALID_REQUEST']))
  })
})

describe('permissions', () => {
  it('are granted and denied besides the role, and left to it again, from the next request on', async () => {
    await using server = await runServer()
    const ann = await server.makeUser('ann', 'viewer')
    const path = `/api/users/${ann.id}/permissions`
    const tryIt = async (): Promise<number> => (await server.send('/api/audit', { as: ann })).status

    const before = await tryIt()
    const put = await server.send(`${path}/admin.audit`, { method: 'PUT', json: { isGranted: true } })
    const granted = await tryIt()
    const shown = await server.send(path)
    const deleted = await server.send(`${path}/admin.audit`, { method: 'DELETE' })
    const after = await tryIt()

    expect([before, put.status, granted, deleted.status, after]).toEqual([403, 204, 200, 204, 403])
    expect(await shown.json()).toEqual({
      role: 'viewer',
      permissions: ['admin.audit', 'api.access'],
      exceptions: [{ permission: 'admin.audit', isGranted: true }],
    })
    expect(await recorded(server, 'user.permission.changed')).toMatchObject([
      { details: { permission: 'admin.audit', isGranted: null } },
      { details: { permission: 'admin.audit', isGranted: true } },
    ])
  })

  it('that there are not cannot be granted, nor to a user who is not there', async () => {
    await using server = await runServer()
    const grant = (path: string): Promise<Response> =>
      server.send(`/api/users/${path}`, { method: 'PUT', json: { isGranted: true } })

    expect(await told(await grant(`${server.admin.id}/permissions/root`))).toEqual([400, 'INVALID_REQUEST'])
    expect(await told(await grant('99/permissions/admin.keys'))).toEqual([404, 'USER_NOT_FOUND'])
    expect(await told(await server.send('/api/users/99/permissions'))).toEqual([404, 'USER_NOT_FOUND'])
  })

  it('of each role are told', async () => {
    await using server = await runServer()

    const response = await server.send('/api/roles')

    expect(await response.json()).toMatchObject({
      roles: [
        { role: 'viewer', permissions: ['api.access'] },
        { role: 'operator' },
        { role: 'admin', permissions: expect.arrayContaining(['admin.users']) },
      ],
    })
  })
})

describe('a password reset', () => {
  it('gives a token that sets a new password, once', async () => {
    await using server = await runServer()
    const ann = await server.makeUser('ann', 'viewer')

    const response = await server.send(`/api/users/${ann.id}/password-reset`, { method: 'POST' })
    // As the route declares.
    const { token } = (await response.json()) as { token: string }
    const set = await server.send('/api/password-reset', { as: null, json: { token, password: canary } })
    const { setCookie } = await openBrowser(server, { ...ann, password: canary })

    expect([response.status, set.status]).toEqual([201, 204])
    expect(setCookie).toContain('__Host-st-session=')
    expect(await recorded(server, 'user.password.reset')).toMatchObject([{ targetId: String(ann.id) }])
    expect(JSON.stringify([await recorded(server, 'user.'), server.log])).not.toContain(token)
  })

  it('takes a password that was given in the last five minutes, in a session', async () => {
    await using server = await runServer()
    const ann = await server.makeUser('ann', 'viewer')
    const browser = await openBrowser(server, server.admin)
    const reset = (): Promise<Response> => browser.send(`/api/users/${ann.id}/password-reset`, undefined, 'POST')

    server.pass(5)
    const tooLate = await reset()
    await browser.send('/api/session/password', { password: server.admin.password })
    const again = await reset()

    expect(await told(tooLate)).toEqual([403, 'PASSWORD_NEEDED'])
    expect(again.status).toBe(201)
  })

  it('is refused for a user who is not there or is disabled', async () => {
    await using server = await runServer()
    const ann = await server.makeUser('ann', 'viewer')
    await server.services.users.update(ann.id, { isDisabled: true }, {})

    const answers = [ann.id, 99].map(id => server.send(`/api/users/${id}/password-reset`, { method: 'POST' }))

    expect(await Promise.all((await Promise.all(answers)).map(told))).toEqual(
      answers.map(() => [404, 'USER_NOT_FOUND']),
    )
  })
})

describe('who may not manage users', () => {
  const requests = [
    ['GET', '/api/users/1'],
    ['PATCH', '/api/users/1'],
    ['DELETE', '/api/users/1'],
    ['GET', '/api/users/1/permissions'],
    ['PUT', '/api/users/1/permissions/admin.users'],
    ['DELETE', '/api/users/1/permissions/admin.users'],
    ['POST', '/api/users/1/password-reset'],
    ['GET', '/api/users/1/sessions'],
    ['DELETE', '/api/users/1/sessions'],
    ['DELETE', '/api/users/1/sessions/1'],
    ['GET', '/api/users/1/tokens'],
    ['POST', '/api/users/1/tokens'],
    ['DELETE', '/api/users/1/tokens/1'],
  ] as const

  it('is told the same of users who are there and who are not, on record', async () => {
    await using server = await runServer()
    const ann = await server.makeUser('ann', 'operator')

    const answers: unknown[] = []
    for (const [method, path] of requests) {
      for (const id of [1, 99])
        answers.push(await told(await server.send(path.replace('1', String(id)), { method, as: ann })))
    }

    expect(answers).toEqual(answers.map(() => [404, 'NOT_FOUND']))
    expect(await recorded(server, 'security.permission_denied')).toHaveLength(requests.length * 2)
  })

  it('is refused the list and making one', async () => {
    await using server = await runServer()
    const ann = await server.makeUser('ann', 'operator')

    const answers = [await server.send('/api/users', { as: ann }), await make(server, {}, ann)]

    expect(await Promise.all(answers.map(told))).toEqual(answers.map(() => [403, 'PERMISSION_NEEDED']))
  })
})

it('no password or hash of one leaves, or is logged', async () => {
  await using server = await runServer()

  const made = await make(server, { name: 'ann', role: 'viewer', password: canary })
  const answers = [await made.text(), await (await server.send('/api/users')).text(), ...server.log]

  expect(answers.join('\n')).not.toMatch(/canary|scrypt|argon2|hash/i)
})
