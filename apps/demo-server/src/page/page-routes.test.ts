import { beforeAll, expect, it } from 'vitest'
import { bundleConsole } from '../testing/bundle-console.ts'
import { type RunningServer, runServer } from '../testing/running-server.ts'

beforeAll(bundleConsole)

/** What the page is told about who asks for it. */
async function toldBy(answer: Response): Promise<unknown> {
  const [, text = ''] = /id="settings">(.*)<\/script>/.exec(await answer.text()) ?? []
  return JSON.parse(text)
}

it('the console knows whether somebody is signed in, and whether the first administrator is to be made', async () => {
  await using server = await runServer()
  await using fresh = await runServer({ admin: false })

  const told = [
    await toldBy(await server.send('/')),
    await toldBy(await server.send('/', { as: null })),
    await toldBy(await fresh.send('/', { as: null })),
  ]

  expect(told).toMatchObject([
    { isSignedIn: true, isFirstRun: false, base: '/', needsSignIn: true },
    { isSignedIn: false, isFirstRun: false },
    { isSignedIn: false, isFirstRun: true },
  ])
})

it('the page is the same at every address of the console, and no name of a secret is in it', async () => {
  await using server = await runServer({ env: { HF_TOKEN: 'x' } })
  const paths = ['/', '/secrets', '/secrets/HF_TOKEN', '/secrets/a%2Fb%3Ac', '/audit?type=x', '/users/', '/account']

  const answers = await Promise.all(paths.map(async path => server.send(path)))
  const pages = await Promise.all(answers.map(async answer => answer.text()))

  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200))
  expect(new Set(pages).size).toBe(1)
  expect(pages[0]).not.toContain('HF_TOKEN')
})

it('the fields of the console keep to the schemas of the API', async () => {
  await using server = await runServer()

  const told = await toldBy(await server.send('/'))

  expect(told).toMatchObject({
    rules: {
      config: {
        webhook_url: { type: 'text', maxLength: 2000 },
        webhook_rate_limit_max: { type: 'number', min: 1, max: 10_000 },
        webhook_allowed_ips: { type: 'list' },
        cost_limit_amount: { type: 'number', step: 'any', min: 0 },
        cost_limit_period: { type: 'choice', values: ['daily', 'weekly', 'monthly'] },
        preferences: { type: 'json' },
        ssl_verify: { type: 'flag' },
      },
      price: { name: { type: 'text', maxLength: 200, required: true }, cost_per_second: { type: 'number', min: 0 } },
      ages: { stale_threshold_days: { type: 'number', min: 1, max: 365, required: true } },
      cost: { gpus: { type: 'number', min: 1, max: 100_000 } },
    },
  })
})

it('the page is kept by nobody, its files for ever; both have the headers of every other answer', async () => {
  await using server = await runServer()
  const expected = (await server.send('/api/session')).headers
  const always = ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'referrer-policy']

  const page = await server.send('/', { as: null })
  const files = await filesOf(server, await page.text())

  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('vary')).toBe('Authorization, Cookie')
  expect(files.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual(
    files.map(() => [200, 'public, max-age=31536000, immutable']),
  )
  expect(files.map(({ headers }) => headers.get('content-encoding'))).toEqual(files.map(() => 'br'))
  expect(files).toHaveLength(4)
  for (const { headers } of [page, ...files]) {
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    const values = always.map(name => headers.get(name)?.replaceAll('; ', ';'))
    expect(values).toEqual(always.map(name => expected.get(name)))
  }
})

it('there is nothing at other addresses, nor behind those of files', async () => {
  await using server = await runServer()
  const paths = ['/secret', '/assets', '/assets/', '/assets/console.js', '/assets/..%2findex.js', '/secretsx/a', '/api']

  const answers = await Promise.all(paths.map(async path => server.send(path)))
  const changed = await server.send('/', { method: 'POST', json: {} })

  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404))
  expect(await answers[0]?.json()).toMatchObject({ code: 'NO_SUCH_PAGE' })
  expect(changed.status).toBe(404)
})

async function filesOf(server: RunningServer, page: string): Promise<readonly Response[]> {
  const paths = [...page.matchAll(/="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
  const headers = { 'accept-encoding': 'gzip, br' }
  return Promise.all(paths.map(async path => server.send(path, { as: null, headers })))
}
