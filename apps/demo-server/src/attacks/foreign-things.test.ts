import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestUser } from '../testing/running-server.ts'
import { roles } from '../users/roles.ts'
import { allRoutes, type Route } from './all-routes.ts'
import { type AttackedServer, attackServer } from './attacked-server.ts'

let attacked: AttackedServer
let before: string
beforeAll(async () => {
  attacked = await attackServer()
})
beforeEach(async () => {
  before = await attacked.state()
})
afterAll(() => attacked[Symbol.asyncDispose]())

async function send(route: Route, as: TestUser): Promise<{ readonly status: number; readonly text: string }> {
  const { path, ...request } = attacked.requestTo(route)
  const response = await attacked.server.send(path, { as, ...request })
  return { status: response.status, text: await response.text() }
}

function isBeyond(permissions: readonly string[]): (route: Route) => boolean {
  return ({ permission }) => permission !== undefined && permission !== 'signed-in' && !permissions.includes(permission)
}

async function refusals(): Promise<number> {
  const filter = { types: ['security.permission_denied'] }
  return (await attacked.server.services.audit.page(filter, { limit: 1 })).total
}

describe('whoever has not the permission of a route', () => {
  it.each(['viewer', 'operator'] as const)('is refused it as %s, on record, and nothing changes', async role => {
    const routes = allRoutes(attacked.server.app).filter(isBeyond(roles[role]))
    const as = role === 'viewer' ? attacked.victim : attacked.attacker
    const recorded = await refusals()

    const open: string[] = []
    for (const route of routes) {
      const { status } = await send(route, as)
      if (status !== 403 && status !== 404) open.push(`${route.method} ${route.path}: ${status}`)
    }

    expect(routes.length).toBeGreaterThan(20)
    expect(open).toEqual([])
    expect(await refusals()).toBe(recorded + routes.length)
    expect(await attacked.state()).toBe(before)
  })

  it('cannot tell from an answer whether a user is there', async () => {
    const routes = allRoutes(attacked.server.app).filter(({ path }) => path.startsWith('/api/users/{id}'))
    const { attacker, things } = attacked

    const different: string[] = []
    for (const route of routes) {
      const { path, method } = attacked.requestTo(route)
      const told = await Promise.all(
        [things['id'], 4_000].map(async id => {
          const address = path.replace(String(things['id']), String(id))
          const response = await attacked.server.send(address, { as: attacker, method })
          return `${response.status} ${(await response.text()).replace(/"requestId":"[^"]+"/, '')}`
        }),
      )
      if (told[0] !== told[1] || !told[0]?.startsWith('404')) different.push(`${method} ${path}: ${told.join(' | ')}`)
    }

    expect(routes.length).toBeGreaterThanOrEqual(13)
    expect(different).toEqual([])
  })

  it.each(['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'COPY', 'MOVE', 'LINK', 'PURGE', 'QUERY', 'M-SEARCH'])(
    'gets nothing by %s either',
    async method => {
      const paths = ['/api/users', `/api/users/${attacked.victim.id}`, '/api/audit', '/api/audit/1']

      // `fetch` does not send TRACE.
      const statuses = await Promise.all(
        paths.map(async url => {
          const headers = { host: `127.0.0.1:0`, authorization: `Bearer ${attacked.attacker.token}` }
          // Methods that the types do not know.
          const response = await attacked.server.app.inject({ method: method as 'GET', url, headers })
          return response.statusCode
        }),
      )

      expect(statuses.filter(status => status < 400)).toEqual([])
      expect(await attacked.state()).toBe(before)
    },
  )
})

describe('among one’s own things', () => {
  it('there are none of somebody else, whatever their number', async () => {
    const own = allRoutes(attacked.server.app).filter(
      // Where a credential comes from is told of those that are not there, too.
      ({ path, method }) => /^\/api\/users\/me\/.*\{(?!.*\/source$)/.test(path) && method !== 'POST',
    )

    const open: string[] = []
    for (const route of own) {
      const { status } = await send(route, attacked.attacker)
      if (status !== 404 && status !== 428) open.push(`${route.method} ${route.path}: ${status}`)
    }

    expect(own.length).toBeGreaterThanOrEqual(2)
    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it('no list holds what belongs to somebody else', async () => {
    const lists = ['/api/users/me/sessions', '/api/users/me/tokens']
    const victimsToken = attacked.victim.token

    const answers = await Promise.all(
      lists.map(async path => (await attacked.server.send(path, { as: attacked.attacker })).text()),
    )

    expect(answers[0]).toBe('{"sessions":[]}')
    expect(answers[1]).toContain(attacked.attacker.token.slice(0, 9))
    expect(answers[1]).not.toContain(victimsToken.slice(0, 9))
  })
})

describe('what another one was given', () => {
  it.each([
    ['/api/users', 'users'],
    ['/api/audit', 'entries'],
  ])('leads nowhere as a cursor of %s', async path => {
    const { server } = attacked
    const other = await server.makeUser(`other of ${path}`, 'admin')
    const first = await server.send(`${path}?limit=1`)
    // As the routes declare.
    const { nextCursor = '' } = (await first.json()) as { readonly nextCursor?: string }
    const forged = [
      nextCursor,
      `${nextCursor}x`,
      nextCursor.replace('.', ''),
      nextCursor.slice(0, -1),
      `${Buffer.from('0').toString('base64url')}.${nextCursor.split('.')[1]}`,
      `${nextCursor.split('.')[0]}.${'0'.repeat(64)}`,
      'bnVsbA',
      '..',
    ]

    const statuses = await Promise.all(
      forged.map(async cursor => {
        const as = cursor === nextCursor ? other : server.admin
        return (await server.send(`${path}?cursor=${encodeURIComponent(cursor)}`, { as })).status
      }),
    )

    expect(nextCursor).not.toBe('')
    expect(statuses).toEqual(forged.map(() => 400))
  })

  it('is not told to who sends the same Idempotency-Key', async () => {
    const { server } = attacked
    const headers = { 'idempotency-key': 'victim’s'.replace('’', '') }
    const path = '/api/users/me/tokens'
    const mine = await server.send(path, { as: attacked.victim, headers, json: { name: 'same' } })

    const theirs = await server.send(path, { as: attacked.attacker, headers, json: { name: 'same' } })

    expect([mine.status, theirs.status, theirs.headers.get('idempotency-replayed')]).toEqual([201, 201, null])
    expect(await theirs.text()).not.toBe(await mine.text())
  })
})

it('others are served all the while', () => {
  expect(attacked.othersAnswered()).toEqual([200])
})
