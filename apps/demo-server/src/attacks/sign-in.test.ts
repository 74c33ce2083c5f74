import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Browser, openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'
import { checkPassword, hashPassword } from '../users/password-hash.ts'

/** Counts the work that is done, which could be seen from outside as time. Here it takes none. */
vi.mock(import('../users/password-hash.ts'), async importOriginal => ({
  ...(await importOriginal()),
  hashPassword: vi.fn<typeof hashPassword>(async password => `hash of ${password}`),
  checkPassword: vi.fn<typeof checkPassword>(async (password, hash) => ({
    matches: hash === `hash of ${password}`,
    isOutdated: false,
  })),
}))

let server: RunningServer
let users = 0
beforeAll(async () => {
  server = await runServer({ settings: { rateLimits: { perMinute: 1e9, signInsPerMinute: 1e9 } } })
})
afterAll(() => server[Symbol.asyncDispose]())

function someone(): Promise<TestUser> {
  return server.makeUser(`someone ${(users += 1)}`, 'viewer')
}

function signIn(name: string, password: string, headers: Record<string, string> = {}): Promise<Response> {
  return server.send('/api/session', { as: null, json: { name, password }, headers })
}

const isSignedIn = async ({ send }: Browser): Promise<boolean> => (await send('/api/session')).status === 200

describe('who guesses passwords', () => {
  it('is told the same, after the same work, whether or not there is such a user', async () => {
    const [known, disabled] = [await someone(), await someone()]
    await server.services.users.update(disabled.id, { isDisabled: true }, {})
    await server.services.users.create({ name: 'without password', role: 'viewer' }, {})
    // The first one makes what nobody’s password is compared with.
    await signIn('first', 'a wrong password')
    const names = [known.name, 'nobody', disabled.name, 'without password', `${known.name}\u200B`, "' or 1=1 --"]

    const seen: unknown[] = []
    for (const name of names) {
      vi.mocked(checkPassword).mockClear()
      vi.mocked(hashPassword).mockClear()
      const response = await signIn(name, 'a wrong password')
      const { requestId: _, ...body } = (await response.json()) as Record<string, unknown>
      const headers = [...response.headers.keys()].toSorted()
      const work = [vi.mocked(checkPassword).mock.calls.length, vi.mocked(hashPassword).mock.calls.length]
      seen.push({ status: response.status, body, headers, work })
    }

    expect(seen[0]).toMatchObject({ status: 401, body: { code: 'WRONG_PASSWORD' }, work: [1, 0] })
    expect(seen).toEqual(seen.map(() => seen[0]))
  })

  it('has five guesses, however many come at once, and learns nothing from the lock', async () => {
    const { name, password } = await someone()
    vi.mocked(checkPassword).mockClear()

    const guesses = await Promise.all(Array.from({ length: 100 }, (_, index) => signIn(name, `guess number ${index}`)))
    const right = await signIn(name, password)
    for (let count = 0; count < 5; count++) await signIn('nobody at all', 'a wrong password')
    const ofNobody = await signIn('nobody at all', 'a wrong password')

    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(95)
    expect(right.status).toBe(429)
    const told = await Promise.all(
      [right, ofNobody].map(async response => {
        const { requestId: _, ...body } = (await response.json()) as Record<string, unknown>
        return body
      }),
    )
    expect(told[0]).toEqual(told[1])
    // Five of them, and five of nobody.
    expect(checkPassword).toHaveBeenCalledTimes(10)
  })

  it.each([
    ['in capitals', (name: string): string => name.toUpperCase()],
    ['with spaces', (name: string): string => `  ${name} `],
    ['in full width', (name: string): string => name.replace('s', 'ｓ')],
  ])('has no more of them for a name that is written %s', async (_, written) => {
    const { name, password } = await someone()
    for (let count = 0; count < 5; count++) await signIn(written(name), 'a wrong password')

    expect((await signIn(name, password)).status).toBe(429)
  })

  it('is limited by address, whatever the names', async () => {
    await using limited = await runServer({ settings: { rateLimits: { signInsPerMinute: 5 } } })
    const json = { name: 'x', password: 'a wrong password' }

    const statuses: number[] = []
    for (let count = 0; count < 20; count++) {
      const headers = {
        'x-forwarded-for': `10.0.0.${count}`,
        forwarded: `for=10.0.0.${count}`,
        'x-real-ip': '10.0.0.1',
      }
      const response = await limited.send('/api/session', { as: null, json: { ...json, name: `x${count}` }, headers })
      statuses.push(response.status)
    }

    expect(statuses.filter(status => status === 401)).toHaveLength(5)
    expect(statuses.filter(status => status === 429)).toHaveLength(15)
  })

  it('of tokens gets nowhere', async () => {
    const { token } = await someone()
    const [, owner = '', secret = ''] = /^(st_\w+?_)(.+)$/.exec(token) ?? []
    const guesses = [
      owner,
      owner + 'A'.repeat(43),
      `${owner}${secret.slice(0, -1)}`,
      `${owner}${secret}A`,
      `st_1_${secret}`,
      `${owner}${secret.toLowerCase()}`,
      token.replace('st_', 'ST_'),
      `${token}, ${token}`,
      `"${token}"`,
      'null',
      'undefined',
      '[object Object]',
      '%00',
    ]

    const statuses = await Promise.all(
      guesses.map(async guess => {
        const headers = { authorization: `Bearer ${guess}` }
        return (await server.send('/api/session', { as: null, headers })).status
      }),
    )

    expect(statuses).toEqual(guesses.map(() => 401))
  })
})

describe('a session', () => {
  it('is not one that somebody else has chosen before', async () => {
    const user = await someone()
    const planted = `__Host-st-session=${'A'.repeat(43)}`

    const response = await signIn(user.name, user.password, { cookie: planted })
    const [given] = response.headers.getSetCookie()
    const withPlanted = await server.send('/api/session', { as: null, headers: { cookie: planted } })

    expect([response.status, withPlanted.status]).toEqual([201, 401])
    expect(given).toMatch(/^__Host-st-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    expect(given).not.toContain('A'.repeat(43))
  })

  it('is another one at each sign-in', async () => {
    const user = await someone()

    const cookies = await Promise.all(Array.from({ length: 5 }, async () => (await openBrowser(server, user)).cookie))

    expect(new Set(cookies).size).toBe(5)
  })

  const endings: Readonly<Record<string, (browser: Browser, user: TestUser) => Promise<unknown>>> = {
    'was signed out of': ({ send }) => send('/api/session', undefined, 'DELETE'),
    'was ended from elsewhere': (_, user) => server.services.sessions.revoke(user.id, {}),
    'has a user who is disabled': (_, { id }) => server.services.users.update(id, { isDisabled: true }, {}),
    'has a user who was disabled and enabled again': async (_, { id }) => {
      await server.services.users.update(id, { isDisabled: true }, {})
      await server.services.users.update(id, { isDisabled: false }, {})
    },
    'has a user who is deleted': (_, { id }) => server.services.users.delete(id, {}),
    'had its password set anew': async (_, { id }) => {
      const { secret } = await server.services.oneTimeTokens.reset(id)
      await server.services.oneTimeTokens.setPassword(secret, 'another password of mine', {})
    },
    'had its password changed elsewhere': async (_, user) => {
      const other = await openBrowser(server, user)
      const change = { current: user.password, next: 'another password of mine' }
      await other.send('/api/session/password', change, 'PUT')
    },
  }
  it.each(Object.keys(endings))('is of no use once it %s', async ending => {
    const user = await someone()
    const browser = await openBrowser(server, user)
    const before = await isSignedIn(browser)

    await endings[ending]?.(browser, user)

    expect([before, await isSignedIn(browser)]).toEqual([true, false])
  })

  it('is of no use to those who come while it is ended, once that is done', async () => {
    const user = await someone()
    const browser = await openBrowser(server, user)
    const during = Array.from({ length: 50 }, () => isSignedIn(browser))

    await server.services.sessions.revoke(user.id, {})
    const after = await Promise.all(Array.from({ length: 50 }, () => isSignedIn(browser)))
    await Promise.all(during)

    expect(after.filter(Boolean)).toEqual([])
  })

  it('ends by itself after 15 minutes without use, and after 8 hours whatever happens', async () => {
    await using own = await runServer()
    const [idle, busy] = [await openBrowser(own, own.admin), await openBrowser(own, own.admin)]
    own.pass(15)
    const afterIdle = await isSignedIn(idle)
    const third = await openBrowser(own, own.admin)
    for (let count = 0; count < 34; count++) {
      own.pass(14)
      await isSignedIn(third)
    }
    const nearTheEnd = await isSignedIn(third)
    own.pass(5)

    expect([afterIdle, await isSignedIn(busy), nearTheEnd, await isSignedIn(third)]).toEqual([
      false,
      false,
      true,
      false,
    ])
  })

  it('loses at once what its user may no longer do', async () => {
    const user = await server.makeUser('demoted', 'admin')
    const browser = await openBrowser(server, user)
    const before = await browser.send('/api/users')

    await server.services.users.update(user.id, { role: 'viewer' }, {})
    const after = await browser.send('/api/users')

    expect([before.status, after.status]).toEqual([200, 403])
  })

  it.each([
    ['without the prefix of its cookie', (secret: string) => ({ cookie: `st-session=${secret}` })],
    ['in another case', (secret: string) => ({ cookie: `__host-st-session=${secret}` })],
    ['cut by one character', (secret: string) => ({ cookie: `__Host-st-session=${secret.slice(0, -1)}` })],
    ['longer by one character', (secret: string) => ({ cookie: `__Host-st-session=${secret}A` })],
    ['as a token', (secret: string) => ({ authorization: `Bearer ${secret}` })],
    ['as a password', (secret: string) => ({ authorization: `Basic ${btoa(`admin:${secret}`)}` })],
    ['in a header of its own', (secret: string) => ({ 'x-session': secret, 'x-api-key': secret })],
    [
      'behind a planted one',
      (secret: string) => ({ cookie: `__Host-st-session=planted; __Host-st-session=${secret}` }),
    ],
  ] as const)('is not taken %s', async (_, headersOf) => {
    const { cookie } = await openBrowser(server, server.admin)
    const secret = cookie.replace('__Host-st-session=', '')

    expect((await server.send('/api/session', { as: null, headers: headersOf(secret) })).status).toBe(401)
  })

  it('or a token in the address is not taken, and so never logged', async () => {
    const { cookie } = await openBrowser(server, server.admin)
    const [, secret = ''] = cookie.split('=')

    const statuses = await Promise.all(
      [`access_token=${server.admin.token}`, `token=${server.admin.token}`, `__Host-st-session=${secret}`].map(
        async query => (await server.send(`/api/session?${query}`, { as: null })).status,
      ),
    )

    expect(statuses).toEqual([401, 401, 401])
  })
})

describe('a one-time token', () => {
  it('is used once, however many come at once', async () => {
    const { id } = await someone()
    const { secret: token } = await server.services.oneTimeTokens.reset(id)

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        server.send('/api/password-reset', { as: null, json: { token, password: `the new password ${index}` } }),
      ),
    )

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9)
  })

  it('that is guessed makes the server hash nothing', async () => {
    vi.mocked(hashPassword).mockClear()
    const json = { token: 'A'.repeat(43), password: 'a password of the attacker' }

    const answers = [
      await server.send('/api/password-reset', { as: null, json }),
      await server.send('/api/first-run', { as: null, json: { ...json, name: 'root' } }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([401, 401])
    expect(hashPassword).not.toHaveBeenCalled()
  })

  it('of a reset makes no administrator, and is replaced by the next one', async () => {
    const { id } = await someone()
    const { secret: old } = await server.services.oneTimeTokens.reset(id)
    const { secret } = await server.services.oneTimeTokens.reset(id)
    const password = 'a password of the attacker'

    const answers = [
      await server.send('/api/first-run', { as: null, json: { token: secret, name: 'root', password } }),
      await server.send('/api/password-reset', { as: null, json: { token: old, password } }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([401, 401])
  })
})

it('no password, cookie or token is in the log or the audit log', async () => {
  const { cookie } = await openBrowser(server, server.admin)
  const entries: unknown[] = []
  for await (const entry of server.services.audit.entries()) entries.push(entry)

  const text = [...server.log, JSON.stringify(entries)].join('\n')
  const secrets = [cookie.split('=')[1], server.admin.token, server.admin.password, 'a wrong password', 'guess number']
  expect(secrets.filter(secret => secret === undefined || text.includes(secret))).toEqual([])
})
