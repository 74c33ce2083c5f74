import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundlePage } from './__fixtures__/bundled-page.ts'
import { serve, type Served } from './__fixtures__/serve.ts'
import { canary, sealed, shownApplication, type ShownApplication } from './__fixtures__/shown-application.ts'
import { type ConsoleOptions, createConsole, type MountedConsole } from './create-console.ts'

let application: ShownApplication
let mounted: MountedConsole
let served: Served
let failures: unknown[]
let now: number

async function mount(options: Partial<ConsoleOptions> = {}): Promise<void> {
  const { manager, cache } = application
  mounted = createConsole({
    manager,
    caches: { prices: cache },
    basePath: '/console',
    keys: ['WANTED'],
    now: () => now,
    onFailure: error => failures.push(error),
    ...options,
  })
  served = await serve((request, response) => void mounted(request, response))
}

beforeAll(bundlePage)

beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z')
  failures = []
  application = shownApplication()
  await mount()
})

afterEach(async () => {
  mounted.close()
  await served[Symbol.asyncDispose]()
  await application.manager.close()
})

const changing = { method: 'POST', headers: { 'content-type': 'application/json' } } as const

describe('the read API', () => {
  it('lists every key with who holds it, and how long it is kept', async () => {
    const fresh = await served.send('/console/api/secrets')
    const kept = await served.send('/console/api/secrets?fresh=false')

    expect(fresh.json()).toEqual({
      secrets: [
        { key: 'HF_TOKEN', found: true, source: 'env', shadowed: [{ provider: 'file', sameValue: false }] },
        { key: 'SAME', found: true, source: 'env', shadowed: [{ provider: 'file', sameValue: true }] },
        { key: 'WANTED', found: false, source: null, shadowed: [] },
        { key: 'a/b:c %', found: true, source: 'file', shadowed: [] },
      ],
    })
    expect(kept.json()).toMatchObject({
      secrets: [{ key: 'HF_TOKEN', fetchedAt: expect.any(String), cachedUntil: expect.any(String) }, {}, {}, {}],
    })
  })

  it('tells of one key, whatever characters it has, and how it was asked', async () => {
    const path = `/console/api/secrets/${encodeURIComponent('a/b:c %')}`

    const one = await served.send(path)
    const chain = await served.send(`${path}/explain`)
    const missing = await served.send('/console/api/secrets/NOBODY')

    expect(one.json()).toEqual({ key: 'a/b:c %', found: true, source: 'file', shadowed: [] })
    expect(chain.json()).toMatchObject({
      status: 'found',
      source: 'file',
      steps: [
        { provider: 'env', outcome: 'missing' },
        { provider: 'file', outcome: 'hit' },
      ],
    })
    expect([missing.status, missing.json()]).toMatchObject([404, { code: 'ST_SECRETS_MISSING', status: 404 }])
  })

  it('tells apart a key that nobody has from one of which somebody could not be asked', async () => {
    mounted.close()
    await served[Symbol.asyncDispose]()
    application = shownApplication([sealed('vault')])
    await mount()

    const one = await served.send('/console/api/secrets/WANTED')
    const list = await served.send('/console/api/secrets')

    expect([one.status, one.json()]).toMatchObject([503, { code: 'ST_SECRETS_UNRESOLVED' }])
    expect(list.json()).toMatchObject({
      secrets: [{}, {}, { key: 'WANTED', unresolved: [{ provider: 'vault', kind: 'unavailable' }] }, {}],
    })
  })

  it('tells of providers what was seen of them, and what they say of themselves', async () => {
    mounted.close()
    await served[Symbol.asyncDispose]()
    application = shownApplication([sealed('vault')])
    await mount()
    await served.send('/console/api/secrets/WANTED/explain')

    const list = await served.send('/console/api/providers')
    const health = await served.send('/console/api/providers/vault/health')
    const tested = await served.send('/console/api/providers/env/test', { method: 'POST' })
    const unknown = await served.send('/console/api/providers/nobody/health')

    expect(list.json()).toMatchObject({
      providers: [
        {
          name: 'env',
          available: true,
          facts: { filePath: '/etc/env' },
          breaker: 'off',
          lastOkAt: '2026-01-01T00:00:00.000Z',
          latencyMs: { p50: expect.any(Number), p95: expect.any(Number) },
        },
        { name: 'file' },
        { name: 'vault', lastFailure: { kind: 'unavailable', at: '2026-01-01T00:00:00.000Z' } },
      ],
    })
    expect(health.json()).toMatchObject({
      status: 'failed',
      sealed: true,
      findings: [{ id: 'vault.sealed', fix: 'Unseal it.' }],
    })
    expect(tested.json()).toMatchObject({ provider: 'env', status: 'ready', latencyMs: 2 })
    expect(unknown.status).toBe(404)
  })

  it('tells of caches, counts what would be cleared, and clears it', async () => {
    const invalidate = async (body: object): Promise<unknown> =>
      (await served.send('/console/api/caches/prices/invalidate', { ...changing, body: JSON.stringify(body) })).json()

    const counted = await invalidate({ prefix: 'gpu:', dryRun: true })
    const before = await served.send('/console/api/caches')
    const cleared = [
      await invalidate({ prefix: 'gpu:' }),
      await invalidate({ key: 'cpu' }),
      await invalidate({ all: true }),
    ]
    const after = await served.send('/console/api/caches')

    expect(counted).toEqual({ count: 2, dryRun: true })
    expect(before.json()).toMatchObject({ caches: [{ name: 'prices', figures: { size: 3, maxSize: 100 } }] })
    expect(cleared).toEqual([2, 1, 0].map(count => ({ count, dryRun: false })))
    expect(after.json()).toMatchObject({ caches: [{ figures: { size: 0 } }] })
  })

  it('tells how long loads take', async () => {
    await application.cache.getOrSetAsync('loaded', async () => 'x')
    await application.cache.getOrSetAsync('failed', async () => Promise.reject(new Error('no'))).catch(() => undefined)

    const { caches } = (await served.send('/console/api/caches')).json() as { caches: { loads: object }[] }

    expect(caches[0]?.loads).toMatchObject({ loads: 2, failures: 1, p50Ms: expect.any(Number) })
  })

  it('names its parts', async () => {
    expect((await served.send('/console/api/console')).json()).toMatchObject({
      base: '/console/',
      parts: ['secrets', 'providers', 'caches'],
      isReadOnly: false,
      needsSignIn: false,
    })
  })
})

describe('what is refused', () => {
  it.each([
    ['no such path', '/console/api/nothing', {}, 404, 'NO_SUCH_PAGE'],
    ['more than a path', '/console/api/caches/prices/history/more', {}, 404, 'NO_SUCH_PAGE'],
    ['no such cache', '/console/api/caches/nobody/history', {}, 404, 'CACHE_NOT_FOUND'],
    ['another window', '/console/api/caches/prices/history?window=5', {}, 400, 'INVALID_REQUEST'],
    ['a key without end', `/console/api/secrets/${'K'.repeat(257)}`, {}, 400, 'INVALID_REQUEST'],
    ['a path that is no text', '/console/api/secrets/%ff', {}, 400, 'INVALID_REQUEST'],
    ['another method', '/console/api/secrets', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
    ['no JSON', '/console/api/caches/prices/invalidate', { method: 'POST', body: '{}' }, 400, 'NOT_JSON'],
    ['broken JSON', '/console/api/caches/prices/invalidate', { ...changing, body: '{' }, 400, 'INVALID_REQUEST'],
    ['nothing named', '/console/api/caches/prices/invalidate', { ...changing, body: '{}' }, 400, 'INVALID_SELECTION'],
    [
      'two at once',
      '/console/api/caches/prices/invalidate',
      { ...changing, body: '{"key":"a","all":true}' },
      400,
      'INVALID_SELECTION',
    ],
    [
      'a body without end',
      '/console/api/caches/prices/invalidate',
      { ...changing, body: `{"key":"${'x'.repeat(70_000)}"}` },
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'another origin',
      '/console/api/caches/prices/invalidate',
      { method: 'POST', headers: { ...changing.headers, origin: 'http://evil.example' }, body: '{"all":true}' },
      403,
      'FOREIGN_SITE',
    ],
    [
      'another site',
      '/console/api/providers/env/test',
      { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } },
      403,
      'FOREIGN_SITE',
    ],
  ] as const)('%s', async (...[, path, options, status, code]) => {
    const { headers, json, status: answered } = await served.send(path, options)

    expect([answered, json()]).toMatchObject([status, { status, code }])
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(application.cache.size).toBe(3)
    expect(failures).toEqual([])
  })

  it('changes nothing when it is read-only', async () => {
    mounted.close()
    await served[Symbol.asyncDispose]()
    await mount({ readOnly: true })

    const clear = await served.send('/console/api/caches/prices/invalidate', { ...changing, body: '{"all":true}' })
    const test = await served.send('/console/api/providers/env/test', { method: 'POST' })

    expect([clear, test].map(({ json }) => json())).toMatchObject([{ code: 'READ_ONLY' }, { code: 'READ_ONLY' }])
    expect(application.cache.size).toBe(3)
  })

  it('a failure that was not expected is told to the application alone', async () => {
    const { manager } = application
    manager.list = async () => Promise.reject(new Error(`${canary} in a message`))

    const answer = await served.send('/console/api/secrets')

    expect([answer.status, answer.json()]).toMatchObject([500, { code: 'INTERNAL' }])
    expect(answer.body.toString()).not.toContain(canary)
    expect(failures).toHaveLength(1)
  })
})

it('no answer holds a value', async () => {
  const paths = [
    '',
    'secrets/HF_TOKEN',
    'api/console',
    'api/secrets',
    'api/secrets?fresh=false',
    'api/secrets/HF_TOKEN',
    'api/secrets/HF_TOKEN/explain',
    'api/providers',
    'api/providers/env/health',
    'api/caches',
    'api/caches/prices/history',
  ]

  const answers = await Promise.all(paths.map(async path => served.send(`/console/${path}`)))

  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200))
  expect(answers.filter(({ body }) => body.includes(canary))).toEqual([])
})

it('takes the address that Express keeps, and a body that it has read', async () => {
  const express = await serve((request, response) => {
    const url = request.url ?? ''
    Object.assign(request, { originalUrl: url, url: url.replace('/console', ''), body: { all: true } })
    void mounted(request, response)
  })

  const list = await express.send('/console/api/caches')
  const cleared = await express.send('/console/api/caches/prices/invalidate', changing)
  await express[Symbol.asyncDispose]()

  expect(list.status).toBe(200)
  expect(cleared.json()).toEqual({ count: 3, dryRun: false })
})

it('refuses a base path that is no path', () => {
  const { manager } = application

  expect(() => createConsole({ manager, basePath: 'console' })).toThrow(
    new TypeError('basePath must begin with a slash.'),
  )
})
