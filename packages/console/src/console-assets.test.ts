import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundlePage } from './__fixtures__/bundled-page.ts'
import { serve } from './__fixtures__/serve.ts'
import { assetFiles } from './asset-files.ts'
import { consoleAssets, type ConsoleAssetsOptions, type ConsoleVisitor } from './console-assets.ts'

beforeAll(bundlePage)

async function mount(options?: ConsoleAssetsOptions, visitor?: ConsoleVisitor): ReturnType<typeof serve> {
  const handler = consoleAssets(options)
  return serve((request, response) => void handler(request, response, visitor))
}

describe('the page', () => {
  it('is served at every path of the base but those of the API, and says what it is given', async () => {
    await using served = await mount(
      {
        basePath: '/at/',
        title: '</script><b>&"',
        parts: ['secrets'],
        schemas: { price: { properties: { name: { type: 'string', maxLength: 9 } } } },
      },
      { isSignedIn: false, isFirstRun: true },
    )

    const paths = ['/at/', '/at/secrets/a%2Fb', '/at?x=1', '/at/api/secrets', '/else']
    const answers = await Promise.all(paths.map(async path => served.send(path)))

    const [html = '', below] = answers.map(({ body }) => body.toString())
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 308, 404, 404])
    expect(below).toBe(html)
    expect(answers[2]?.headers['location']).toBe('/at/')
    expect(html).toContain('<title>&#60;/script&#62;&#60;b&#62;&#38;&#34;</title>')
    expect(html.match(/<\/script>/g)).toHaveLength(2)
    expect(JSON.parse(/id="settings">(.*?)<\/script>/.exec(html)?.[1] ?? '')).toEqual({
      base: '/at/',
      title: '</script><b>&"',
      parts: ['secrets'],
      isReadOnly: false,
      needsSignIn: true,
      isFirstRun: true,
      rules: { price: { name: { type: 'text', maxLength: 9 } } },
      isSignedIn: false,
    })
  })

  it('is kept by nobody, framed by nobody and loads nothing from elsewhere', async () => {
    await using served = await mount()

    const { headers } = await served.send('/')

    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
  })

  it('can be read only', async () => {
    await using served = await mount()

    const [post, head] = [await served.send('/', { method: 'POST' }), await served.send('/', { method: 'HEAD' })]

    expect([post.status, head.status, head.body.length]).toEqual([405, 200, 0])
  })
})

describe('its files', () => {
  it('are for ever, in the smallest form that is understood', async () => {
    await using served = await mount()
    const { script, files } = assetFiles()
    const get = async (headers: Readonly<Record<string, string>>): ReturnType<typeof served.send> =>
      served.send(`/assets/${script}`, { headers })

    const brotli = await get({ 'accept-encoding': 'gzip, deflate, br' })
    const gzip = await get({ 'accept-encoding': 'gzip;q=1.0, br;q=0' })
    const plain = await get({})
    const known = await get({ 'if-none-match': String(plain.headers['etag']) })

    expect([brotli, gzip, plain].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', undefined])
    expect(plain.body).toEqual(files.get(script)?.content)
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body)
    expect(gunzipSync(gzip.body)).toEqual(plain.body)
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    })
    expect([known.status, known.body.length]).toEqual([304, 0])
  })

  it('are the only ones', async () => {
    await using served = await mount()
    const paths = [
      '',
      'x.js',
      '../package.json',
      '..%2f..%2fpackage.json',
      '%2e%2e/index.js',
      '/etc/passwd',
      '__proto__',
    ]

    const answers = await Promise.all(paths.map(async path => served.send(`/assets/${path}`)))

    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404))
  })
})
