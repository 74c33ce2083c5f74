import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'
import { runServer } from '../testing/running-server.ts'
import { guardRoutes } from './route-access.ts'

describe('a route', () => {
  it('is closed to strangers, open to who has its permission, and refuses others on record', async () => {
    await using server = await runServer()
    const viewer = await server.makeUser('viewer', 'viewer')
    const request = { json: { value: 'x' } }

    const stranger = await server.send('/api/secrets/A', { ...request, as: null })
    const refused = await server.send('/api/secrets/A', { ...request, as: viewer })
    const done = await server.send('/api/secrets/A', request)
    const { entries } = await server.services.audit.page({ types: ['security.'] }, { limit: 10 })

    expect([stranger.status, await stranger.json()]).toMatchObject([401, { code: 'SIGN_IN_NEEDED' }])
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'PERMISSION_NEEDED' }])
    expect(done.status).toBe(200)
    expect(entries).toMatchObject([
      {
        type: 'security.permission_denied',
        outcome: 'refused',
        actorName: 'viewer',
        actorIp: '127.0.0.1',
        requestId: refused.headers.get('x-request-id'),
        details: { permission: 'secrets.write', method: 'POST', route: '/api/secrets/:key' },
      },
    ])
  })

  it('that does not name who may use it keeps the server from starting', async () => {
    await using server = await runServer()

    const app = fastify()
    guardRoutes(app, server.services)

    const add = (): unknown => app.get('/open', async () => 'x')

    expect(add).toThrow('GET /open does not name who may use it')
  })

  it('does not read a body before it knows who sent it', async () => {
    await using server = await runServer()

    const response = await server.send('/api/secrets/A', { as: null, json: '{ not JSON' })

    expect(response.status).toBe(401)
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Basic YWRtaW46eA==',
    'Bearer st_1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    `Bearer ${'x'.repeat(5000)}`,
  ])('is closed to %j', async authorization => {
    await using server = await runServer()

    expect((await server.send('/api/session', { as: null, headers: { authorization } })).status).toBe(401)
  })

  it('is closed at once to a token that is revoked, and to a user who is disabled', async () => {
    await using server = await runServer()
    const [one, two] = [await server.makeUser('one', 'viewer'), await server.makeUser('two', 'viewer')]
    const before = [await server.send('/api/session', { as: one }), await server.send('/api/session', { as: two })]
    const [token] = await server.services.apiTokens.list(one.id)

    await server.services.apiTokens.revoke(one.id, token?.id ?? 0, { name: 'test' })
    await server.services.users.update(two.id, { isDisabled: true }, { name: 'test' })
    const after = [await server.send('/api/session', { as: one }), await server.send('/api/session', { as: two })]

    expect([...before, ...after].map(({ status }) => status)).toEqual([200, 200, 401, 401])
  })
})

describe('every answer', () => {
  it('names the request, as the log does', async () => {
    await using server = await runServer()

    const response = await server.send('/api/session')

    const id = response.headers.get('x-request-id')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    await expect.poll(() => server.log.filter(line => line.includes(`"reqId":"${id}"`))).toHaveLength(1)
  })

  it('does not take the name of a request from its sender', async () => {
    await using server = await runServer()

    const { headers } = await server.send('/api/session', { headers: { 'x-request-id': 'forged', 'request-id': 'x' } })

    expect(headers.get('x-request-id')).not.toBe('forged')
  })
})
