import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleConsole } from '../testing/bundle-console.ts'
import { type AttackedServer, attackServer } from './attacked-server.ts'
import { changingRoutes, type Route } from './all-routes.ts'
import { rawRequest, statusOf } from './raw-request.ts'

let attacked: AttackedServer
let before: string
beforeAll(async () => {
  bundleConsole()
  attacked = await attackServer({ settings: { rateLimits: { perMinute: 1e9, signInsPerMinute: 1e9 } } })
})
beforeEach(async () => {
  before = await attacked.state()
})
afterAll(() => attacked[Symbol.asyncDispose]())

/** What a browser sends along with a request of another site, and with one that a page has made look like its own. */
const fromElsewhere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'another site': { 'sec-fetch-site': 'cross-site' },
  'another name of this site': { 'sec-fetch-site': 'same-site' },
  'the address bar': { 'sec-fetch-site': 'none' },
  'a browser that does not say': {},
  'another site, told as two': { 'sec-fetch-site': 'same-origin, cross-site' },
  'a page with another origin': { 'sec-fetch-site': 'same-origin', origin: 'http://evil.example' },
  'a page with no origin': { 'sec-fetch-site': 'same-origin', origin: 'null' },
  'a page with a similar origin': { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1.evil.example' },
  'a page of another port': { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:1' },
  'a page over TLS': { 'sec-fetch-site': 'same-origin', origin: 'https://127.0.0.1' },
}

/** Types that a page may send to another site without asking (Fetch, "CORS-safelisted request-header"). */
const formTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain;application/json',
  'application/json2',
]

async function send(route: Route, headers: Readonly<Record<string, string>>, method = route.method): Promise<number> {
  const { path, json, headers: typed } = attacked.requestTo(route)
  const { status } = await attacked.server.send(path, {
    as: null,
    method,
    headers: { cookie: attacked.browser.cookie, ...(method === 'GET' ? {} : typed), ...headers },
    ...(json === undefined || method === 'GET' ? {} : { json }),
  })
  return status
}

/** Without a socket: `fetch` names a mode of its own. */
async function getAs(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const own = { host: '127.0.0.1:0', ...headers }
  return (await attacked.server.app.inject({ url: path, headers: own })).statusCode
}

/** The routes for which it is not as expected. */
async function exceptions(
  attempt: (route: Route) => Promise<number>,
  isRefused: (status: number, route: Route) => boolean,
): Promise<readonly string[]> {
  const open: string[] = []
  for (const route of changingRoutes(attacked.server.app)) {
    const status = await attempt(route)
    if (!isRefused(status, route)) open.push(`${route.method} ${route.path}: ${status}`)
  }
  return open
}

describe('a change with the cookie of an administrator', () => {
  it('is looked for on every route', () => {
    expect(changingRoutes(attacked.server.app).length).toBeGreaterThanOrEqual(20)
  })

  it.each(Object.keys(fromElsewhere))('is refused when it comes from %s', async from => {
    const open = await exceptions(
      route => send(route, fromElsewhere[from] ?? {}),
      status => status === 403,
    )

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it.each(formTypes)('is refused as a body of type %s', async type => {
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': type }
    const open = await exceptions(
      async route => {
        const { path, method, json = {} } = attacked.requestTo(route)
        const { cookie } = attacked.browser
        const body = JSON.stringify(json)
        return (await fetch(attacked.server.url + path, { method, headers: { cookie, ...headers }, body })).status
      },
      status => status === 415,
    )

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it('is refused without cookie and token, where it takes any', async () => {
    const open = await exceptions(
      route => send(route, { cookie: '', 'sec-fetch-site': 'same-origin' }),
      (status, { isOpen }) => status === 401 || (isOpen && status >= 400 && status < 500),
    )

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it('is refused from another site without a cookie, where nobody needs one', async () => {
    const open = await exceptions(
      route => send(route, { cookie: '', 'sec-fetch-site': 'cross-site' }),
      status => status === 403,
    )

    expect(open).toEqual([])
  })

  it.each([
    ['GET', {}],
    ['GET', { 'sec-fetch-site': 'same-origin' }],
    ['GET', { 'x-http-method-override': 'THEIRS' }],
    ['GET', { 'x-method-override': 'THEIRS', 'x-http-method': 'THEIRS' }],
    ['HEAD', { 'x-http-method-override': 'THEIRS' }],
  ] as const)('is not made by %s, whatever method the headers %j name', async (method, headers) => {
    const open = await exceptions(
      async route => {
        const { path } = attacked.requestTo(route)
        const named = Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value.replace('THEIRS', route.method)]),
        )
        const separator = path.includes('?') ? '&' : '?'
        const response = await attacked.server.send(`${path}${separator}_method=${route.method}`, {
          as: null,
          method,
          headers: { cookie: attacked.browser.cookie, ...named },
        })
        return response.status
      },
      status => status < 500,
    )

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it.each(['no-cors', 'cors', 'same-origin', 'websocket', 'navigate, no-cors'])(
    'and what can be read with it is not even looked for by a page of another site (%s)',
    async mode => {
      const headers = { cookie: attacked.browser.cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode }
      const paths = ['/', '/api/session', '/api/users', '/api/secrets', '/assets/x.js', '/nothing']

      const statuses = await Promise.all(paths.map(path => getAs(path, headers)))

      expect(statuses).toEqual(paths.map(() => 403))
    },
  )

  it('a link from another site leads to the page, not to what needs the cookie that browsers keep back then', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

    expect([await getAs('/', headers), await getAs('/api/users', headers)]).toEqual([200, 401])
  })

  it('is refused with two headers that contradict each other', async () => {
    const { server, browser } = attacked
    const request = (headers: readonly string[]): Promise<string> =>
      rawRequest(
        server.port,
        [
          'DELETE /api/secrets/KEPT HTTP/1.1',
          `Host: 127.0.0.1:${server.port}`,
          `Cookie: ${browser.cookie}`,
          ...headers,
          'Connection: close\r\n\r\n',
        ].join('\r\n'),
      )

    const answers = await Promise.all([
      request(['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site']),
      request(['Sec-Fetch-Site: same-origin', `Origin: ${server.url}`, 'Origin: http://evil.example']),
    ])

    expect(answers.map(statusOf)).toEqual([403, 403])
    expect(await attacked.state()).toBe(before)
  })
})

describe('a name that was bound to this machine', () => {
  const hosts = [
    'evil.example',
    'evil.example:PORT',
    'localhost.evil.example:PORT',
    '127.0.0.1.nip.io:PORT',
    '127.0.0.1:PORT@evil.example',
    'evil.example@127.0.0.1:PORT',
    'localhost.:PORT',
    'localhost:PORT.',
    'localhost:0PORT',
    'localhost',
    '127.0.0.1:80',
    '127.1:PORT',
    '0x7f.0.0.1:PORT',
    '2130706433:PORT',
    '0.0.0.0:PORT',
    '[::]:PORT',
    '[::ffff:127.0.0.1]:PORT',
    '[::1%25lo]:PORT',
    'localhost:PORT, evil.example',
    'localhost:PORT/',
    'localhost:PORT#',
    '',
  ]
  const withHost = (host: string, more: readonly string[] = [], target = '/api/session'): Promise<string> => {
    const { server, browser } = attacked
    const here = (text: string): string => text.replaceAll('PORT', String(server.port))
    const lines = [
      `GET ${here(target)} HTTP/1.1`,
      `Host: ${here(host)}`,
      `Cookie: ${browser.cookie}`,
      ...more.map(here),
    ]
    return rawRequest(server.port, `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  }

  it.each(hosts)('is not served as %j', async host => {
    expect([400, 421]).toContain(statusOf(await withHost(host)))
  })

  it.each([
    ['two hosts', ['Host: evil.example'], '/api/session'],
    ['two hosts that agree', ['Host: localhost:PORT'], '/api/session'],
    ['an absolute address', [], 'http://evil.example/api/session'],
    ['an absolute address of here', [], 'http://localhost:PORT/api/session'],
    ['an address without a slash', [], 'api/session'],
    ['an asterisk', [], '*'],
  ] as const)('is not served with %s', async (_, more, target) => {
    expect([400, 421]).toContain(statusOf(await withHost('localhost:PORT', more, target)))
  })

  it('is not believed from headers of proxies that nobody trusts', async () => {
    const forwarded = ['X-Forwarded-Host: localhost:PORT', 'Forwarded: host=localhost:PORT', 'X-Forwarded-Proto: https']

    expect(statusOf(await withHost('evil.example', forwarded))).toBe(421)
    expect(statusOf(await withHost('localhost:PORT', ['X-Forwarded-Host: evil.example']))).toBe(200)
  })

  it('is served as itself, so that the others are refused for their names', async () => {
    expect(statusOf(await withHost('localhost:PORT'))).toBe(200)
  })
})

it('others are served all the while', () => {
  expect(attacked.othersAnswered()).toEqual([200])
})
