import { describe, expect, it } from 'vitest'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'

/** What a page of the server sends besides its cookie. */
const fromPage = { 'sec-fetch-site': 'same-origin' }

interface Browser {
  readonly cookie: string
  readonly setCookie: string
  readonly send: (path: string, json?: unknown, method?: string) => Promise<Response>
}

async function signIn(server: RunningServer, { name, password }: TestUser): Promise<Browser> {
  const response = await server.send('/api/session', { as: null, json: { name, password } })
  const setCookie = response.headers.get('set-cookie') ?? ''
  const [cookie = ''] = setCookie.split(';')
  const headers = { cookie, ...fromPage }
  return {
    cookie,
    setCookie,
    send: (path, json, method) =>
      server.send(path, { as: null, headers, json, ...(method === undefined ? {} : { method }) }),
  }
}

describe('signing in', () => {
  it('gives a cookie that scripts and other sites cannot use, and tells who is signed in', async () => {
    await using server = await runServer()

    const { setCookie, send } = await signIn(server, server.admin)
    const me = await send('/api/session')

    expect(setCookie).toMatch(/^__Host-st-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    expect([me.status, await me.json()]).toMatchObject([
      200,
      { name: 'admin', role: 'admin', permissions: expect.arrayContaining(['admin.users']) },
    ])
  })

  it('says the same of a wrong password and of a user who is not there', async () => {
    await using server = await runServer()

    const answers = await Promise.all(
      ['admin', 'nobody'].map(async name => {
        const response = await server.send('/api/session', { as: null, json: { name, password: 'wrong password' } })
        const { requestId: _, ...told } = (await response.json()) as Record<string, unknown>
        return [response.status, response.headers.get('www-authenticate'), response.headers.get('set-cookie'), told]
      }),
    )

    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject([401, 'Bearer', null, { code: 'WRONG_PASSWORD' }])
  })

  it('is locked for 15 minutes after five wrong passwords', async () => {
    await using server = await runServer()
    const { name, password } = server.admin
    const attempt = (given: string): Promise<Response> =>
      server.send('/api/session', { as: null, json: { name, password: given } })
    for (let count = 0; count < 5; count++) await attempt('a wrong password')

    const locked = await attempt(password)
    server.pass(15)
    const later = await attempt(password)

    expect([locked.status, await locked.json()]).toMatchObject([429, { code: 'LOCKED_OUT' }])
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800)
    expect(later.status).toBe(201)
  })

  it('is refused to an address that tries it too often', async () => {
    await using server = await runServer({ settings: { rateLimits: { signInsPerMinute: 2 } } })
    const attempt = (name: string): Promise<Response> =>
      server.send('/api/session', { as: null, json: { name, password: 'wrong password' } })

    const statuses = [(await attempt('a')).status, (await attempt('b')).status]
    const refused = await attempt('c')

    expect(statuses).toEqual([401, 401])
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      429,
      expect.stringMatching(/^\d+$/),
      { code: 'TOO_MANY_REQUESTS' },
    ])
  })
})

describe('a session', () => {
  it('ends when its user signs out', async () => {
    await using server = await runServer()
    const { send } = await signIn(server, server.admin)

    const ended = await send('/api/session', undefined, 'DELETE')

    expect([ended.status, ended.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/^__Host-st-session=; .*Expires=Thu, 01 Jan 1970/),
    ])
    expect((await send('/api/session')).status).toBe(401)
  })

  it('ends after 15 minutes without a request, and after 8 hours with them', async () => {
    await using server = await runServer()
    const idle = await signIn(server, server.admin)
    const busy = await signIn(server, server.admin)

    server.pass(14)
    const used = await busy.send('/api/session')
    server.pass(2)
    const [afterIdle, afterUse] = [await idle.send('/api/session'), await busy.send('/api/session')]
    for (let count = 0; count < 35; count++) {
      server.pass(14)
      await busy.send('/api/session')
    }

    expect([used.status, afterIdle.status, afterUse.status]).toEqual([200, 401, 200])
    expect((await busy.send('/api/session')).status).toBe(401)
  })

  it.each([
    ['another site', 'cross-site'],
    ['another name of this site', 'same-site'],
    ['the address bar', 'none'],
    ['nobody knows where', undefined],
  ])('is not taken for a change from %s', async (_, site) => {
    await using server = await runServer()
    const { cookie } = await signIn(server, server.admin)

    const response = await server.send('/api/secrets/A', {
      as: null,
      json: { value: 'x' },
      headers: { cookie, ...(site === undefined ? {} : { 'sec-fetch-site': site }) },
    })

    expect([response.status, await response.json()]).toMatchObject([403, { code: 'FOREIGN_SITE' }])
    expect(await server.secrets.get('A', { fresh: true })).toBeUndefined()
  })

  it('is of no use with the cookie of a token, or a token in place of the cookie', async () => {
    await using server = await runServer()
    const { cookie } = await signIn(server, server.admin)
    const secret = cookie.replace('__Host-st-session=', '')

    const asToken = await server.send('/api/session', { as: null, headers: { authorization: `Bearer ${secret}` } })
    const asCookie = await server.send('/api/session', {
      as: null,
      headers: { cookie: `__Host-st-session=${server.admin.token}` },
    })

    expect([asToken.status, asCookie.status]).toEqual([401, 401])
  })
})

describe('a password', () => {
  it('is changed by its user, who stays signed in while other sessions end', async () => {
    await using server = await runServer()
    const here = await signIn(server, server.admin)
    const there = await signIn(server, server.admin)
    const next = 'another password of mine'

    const weak = await here.send('/api/session/password', { current: server.admin.password, next: 'short' }, 'PUT')
    const wrong = await here.send('/api/session/password', { current: 'a wrong one', next }, 'PUT')
    const changed = await here.send('/api/session/password', { current: server.admin.password, next }, 'PUT')
    const [mine, other] = [await here.send('/api/session'), await there.send('/api/session')]
    const { setCookie } = await signIn(server, { ...server.admin, password: next })

    expect([weak.status, wrong.status, changed.status, mine.status, other.status]).toEqual([400, 401, 204, 200, 401])
    expect(setCookie).toContain('__Host-st-session=')
  })

  it('is not asked of who came with a token', async () => {
    await using server = await runServer()

    const response = await server.send('/api/session/password', { json: { password: server.admin.password } })

    expect([response.status, await response.json()]).toMatchObject([403, { code: 'SESSION_NEEDED' }])
  })

  it('that was forgotten is set with a one-time token, once', async () => {
    await using server = await runServer()
    const { secret: token } = await server.services.oneTimeTokens.reset('admin')
    const password = 'a password to remember'

    const set = await server.send('/api/password-reset', { as: null, json: { token, password } })
    const again = await server.send('/api/password-reset', { as: null, json: { token, password } })
    const { setCookie } = await signIn(server, { ...server.admin, password })

    expect([set.status, again.status, await again.json()]).toMatchObject([204, 401, { code: 'INVALID_TOKEN' }])
    expect(setCookie).toContain('__Host-st-session=')
  })
})

it('the first administrator is made with the token of the first run, once', async () => {
  await using server = await runServer({ admin: false })
  const token = await server.services.oneTimeTokens.firstRun()
  const json = { token: token?.secret, name: 'first', password: 'the very first password' }

  const wrong = await server.send('/api/first-run', { as: null, json: { ...json, token: 'x' } })
  const made = await server.send('/api/first-run', { as: null, json })
  const again = await server.send('/api/first-run', { as: null, json: { ...json, name: 'second' } })

  expect([wrong.status, made.status, await made.json(), again.status]).toEqual([401, 201, { name: 'first' }, 401])
  expect(await server.services.oneTimeTokens.firstRun()).toBeUndefined()
})
