import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressOf, allRoutes } from './all-routes.ts'
import { bundleConsole } from '../testing/bundle-console.ts'
import { type AttackedServer, attackServer } from './attacked-server.ts'
import { rawRequest, statusOf } from './raw-request.ts'

let attacked: AttackedServer
beforeAll(async () => {
  bundleConsole()
  attacked = await attackServer()
})
afterAll(() => attacked[Symbol.asyncDispose]())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

async function ask(path: string, init: Parameters<typeof attacked.server.send>[1] = {}): Promise<Answer> {
  const response = await attacked.server.send(path, init)
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() }
}

const pageRules = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
]

/** What is not as it must be on every answer. */
function missing({ headers, status }: Answer): readonly string[] {
  const csp = headers['content-security-policy'] ?? ''
  const needed = {
    'no-store': headers['cache-control'] === 'no-store',
    vary: headers['vary'] === 'Authorization, Cookie',
    csp: pageRules.every(rule => csp.split(/; ?/).includes(rule)) && !csp.includes('unsafe'),
    nosniff: headers['x-content-type-options'] === 'nosniff',
    frames: headers['x-frame-options'] !== undefined,
    opener: headers['cross-origin-opener-policy'] === 'same-origin',
    resource: headers['cross-origin-resource-policy'] === 'same-origin',
    referrer: headers['referrer-policy'] === 'no-referrer',
    requestId: /^[0-9a-f-]{36}$/.test(headers['x-request-id'] ?? ''),
    noCors: !Object.keys(headers).some(name => name.startsWith('access-control-')),
    noVersion: headers['server'] === undefined && headers['x-powered-by'] === undefined,
    problem: status < 400 || headers['content-type'] === 'application/problem+json; charset=utf-8',
    noCookie: status < 400 || headers['set-cookie'] === undefined,
  }
  return Object.entries(needed)
    .filter(([, isThere]) => !isThere)
    .map(([name]) => name)
}

describe('every answer', () => {
  const kinds: Readonly<Record<string, () => NonNullable<Parameters<typeof attacked.server.send>[1]>>> = {
    'to an administrator': () => ({}),
    'to a stranger': () => ({ as: null }),
    'to who may not': () => ({ as: attacked.victim }),
    'to another origin': () => ({ headers: { origin: 'http://evil.example' } }),
    'to what is no JSON': () => ({ method: 'POST', json: '{', headers: { 'content-type': 'text/plain' } }),
  }

  it.each(Object.keys(kinds))('%s is protected', async kind => {
    const { server, things } = attacked
    const paths = allRoutes(server.app).flatMap(route =>
      // Streams do not end, and tell the same before they begin.
      route.method === 'GET' && !route.path.endsWith('/events') ? [addressOf(route, things)] : [],
    )

    const bare: string[] = []
    for (const path of [...paths, '/', '/users', '/assets/x.js', '/nothing', '/%00']) {
      const answer = await ask(path, kinds[kind]?.())
      if (missing(answer).length > 0) bare.push(`${path} (${answer.status}): ${missing(answer).join(', ')}`)
    }

    expect(bare).toEqual([])
  })

  it.each([
    ['400', '/api/users/x', {}],
    ['401', '/api/users', { as: null }],
    ['404', '/api/users/4000', {}],
    ['409', '/api/users', { json: { name: 'admin', role: 'viewer' } }],
    ['412', '/api/users/1', { method: 'DELETE', headers: { 'if-match': '"9"' } }],
    ['413', '/api/users', { json: { name: 'x'.repeat(300_000), role: 'viewer' } }],
    ['415', '/api/users', { json: '{}', headers: { 'content-type': 'text/plain' } }],
    ['428', '/api/users/1', { method: 'DELETE' }],
  ] as const)('of status %s is protected, and is a problem', async (status, path, init) => {
    const answer = await ask(path, init)

    expect([String(answer.status), missing(answer)]).toEqual([status, []])
    expect(JSON.parse(answer.text)).toMatchObject({ status: Number(status), requestId: answer.headers['x-request-id'] })
  })

  it('of a failure of the server tells nothing of it', async () => {
    const { database } = attacked.server.services
    const before = attacked.server.failures.length
    await database.write(async transaction => {
      await transaction.schema.alterTable('audit_entry').renameTo('audit_gone').execute()
    })

    const answer = await ask('/api/audit')
    await database.write(async transaction => {
      await transaction.schema.alterTable('audit_gone').renameTo('audit_entry').execute()
    })

    expect([answer.status, missing(answer)]).toEqual([expect.any(Number), []])
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(answer.text).not.toMatch(/audit_|select|sqlite|\.ts|node_modules/i)
    expect(attacked.server.failures.length).toBeGreaterThanOrEqual(before)
  })
})

describe('a method that nobody declared', () => {
  it.each(['TRACE', 'PROPFIND', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'LOCK', 'SEARCH', 'PURGE', 'QUERY'])(
    '%s gets nothing at /, and what was sent does not come back',
    async method => {
      const { port, admin } = attacked.server
      const lines = [
        `${method} / HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        `Authorization: Bearer ${admin.token}`,
        'X-Echo: echo-canary',
        'Connection: close',
      ]

      const answer = await rawRequest(port, `${lines.join('\r\n')}\r\n\r\n`)

      expect([400, 404, 405]).toContain(statusOf(answer))
      expect(answer).not.toMatch(/echo-canary|Bearer st_/)
    },
  )

  it.each(['CONNECT example.org:80', 'CONNECT 127.0.0.1:22', 'BREW /'])('%s opens nothing', async first => {
    const answer = await rawRequest(attacked.server.port, `${first} HTTP/1.1\r\nHost: example.org\r\n\r\n`)

    expect([0, 400, 421]).toContain(statusOf(answer))
  })

  it('does not become another protocol', async () => {
    const { port } = attacked.server
    const headers = ['Connection: Upgrade, close', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']

    const answer = await rawRequest(
      port,
      `${['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`, ...headers].join('\r\n')}\r\n\r\n`,
    )

    expect(statusOf(answer)).not.toBe(101)
  })
})

describe('to strangers there is nothing at', () => {
  const files = [
    '/.git/config',
    '/.git/HEAD',
    '/.env',
    '/.npmrc',
    '/package.json',
    '/pnpm-lock.yaml',
    '/node_modules/fastify/package.json',
    '/src/main.ts',
    '/server.ts',
    '/assets/console.js.map',
    '/assets/',
    '/index.html',
    '/demo.db',
    '/credential.key',
    '/audit.key',
    '/backup.zip',
    '/docs',
    '/documentation/json',
    '/swagger',
    '/openapi.json',
    '/debug/pprof',
    '/server-status',
    '/actuator/env',
    '/.well-known/security.txt',
    '/favicon.ico',
    '/robots.txt',
  ]
  it.each(files)('%s', async path => {
    expect((await ask(path, { as: null })).status).toBe(404)
    expect((await ask(path)).status).toBe(404)
  })

  it.each(['/metrics', '/health', '/api/openapi.json', '/api/doctor', '/api/cloud/metrics/health'])(
    '%s that tells of the inside',
    async path => {
      const { status, text } = await ask(path, { as: null })

      expect([401, 404]).toContain(status)
      expect(text).not.toMatch(/st_\w+|sqlite|postgres|version/i)
    },
  )

  it('any route but those that are for everybody', async () => {
    const routes = allRoutes(attacked.server.app)
    const open: string[] = []
    for (const route of routes) {
      const { path, ...request } = attacked.requestTo(route)
      const { status } = await ask(path, { as: null, ...request })
      if (status !== 401) open.push(`${route.method} ${route.path}`)
    }

    const forEverybody = routes.filter(({ isOpen }) => isOpen).map(({ method, path }) => `${method} ${path}`)
    expect(open.filter(route => !forEverybody.includes(route))).toEqual([])
    // Whoever opens another one to strangers is to say so here.
    expect(forEverybody.filter(route => !known.has(route))).toEqual([])
  })
})

const known = new Set([
  'POST /api/first-run',
  'POST /api/session',
  'POST /api/password-reset',
  'POST /api/webhooks/replicate',
  'GET /health/live',
  'GET /health/ready',
  'GET /api/cloud/metrics/health/live',
  'GET /api/cloud/metrics/health/ready',
  'GET /api/cloud/metrics/live',
  'GET /api/cloud/metrics/ready',
])

it('the pages name no version and load nothing from elsewhere', async () => {
  const pages = await Promise.all([ask('/'), ask('/', { as: null })])
  const files = pages[0]?.text.match(/\/assets\/[^"]+/g) ?? []
  pages.push(...(await Promise.all(files.map(async file => ask(file)))))

  const text = pages.map(page => page.text.replaceAll(attacked.server.url, '')).join('\n')
  expect(files).toHaveLength(4)
  // What is asked for from elsewhere has an address; the names of SVG and MathML only look like one.
  const addresses = text.match(/https?:\/\/[^\s"'`]*/gi) ?? []
  expect(addresses.filter(address => !address.startsWith('http://www.w3.org/'))).toEqual([])
  expect(text.match(/sourceMappingURL|fastify|\d+\.\d+\.\d+/gi)).toBeNull()
  expect(text).not.toContain('kept-secret-value')
})

it('others are served all the while', () => {
  expect(attacked.othersAnswered()).toEqual([200])
})
