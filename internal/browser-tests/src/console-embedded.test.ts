import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createConsole, type MountedConsole } from '@st/console'
import { type SecretProvider, SecretsManager } from '@st/secrets-core'
import { describeWithPeer, requirePeer } from '@st/test-peers'
import { TTLCache } from '@st/ttl-cache'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { bundleConsole } from './bundle-console.ts'

const canary = 'canary-2c7d'
/** Names that are made to be taken for something else. */
const names = ['</script><img src=x onerror=alert(1)>', '\'"><svg/onload=alert(1)>', 'a/b:c?d#e%', '../../x', '‮abc', '']

describeWithPeer(describe, await requirePeer('chromium'))('the console in another application', chromium => {
  let browser: TestBrowser
  let mounted: MountedConsole
  let server: Server
  let url: string
  let cache: TTLCache<string>
  const sent: string[] = []

  beforeAll(async () => {
    bundleConsole()
    browser = await startBrowser(chromium().path)
  })

  afterAll(async () => browser[Symbol.asyncDispose]())

  beforeEach(async () => {
    sent.length = 0
    const file = Object.fromEntries(names.filter(Boolean).map(name => [name, `${canary}-odd`]))
    const manager = new SecretsManager({
      providers: [
        holding('env', { HF_TOKEN: `${canary}-env` }),
        holding('file', { HF_TOKEN: `${canary}-file`, ...file }),
      ],
    })
    cache = new TTLCache<string>({ maxSize: 100 })
    for (const key of ['gpu:a', 'gpu:b', 'cpu']) cache.set(key, `${canary}-cached`)
    mounted = createConsole({ manager, caches: { prices: cache }, basePath: '/inside/console', title: 'Embedded' })
    server = createServer((request, response) => void mounted(request, response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    // It listens on a port.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/inside/console/`
  })

  afterEach(async () => {
    await browser.closeWindows()
    mounted.close()
    server.closeAllConnections()
    server.close()
  })

  const open = async (view: string): Promise<Page> => {
    const page = await browser.open(url)
    page.on('response', response => {
      const keep = async (): Promise<unknown> => sent.push(await response.text())
      // Of what was not loaded to its end there is no text.
      keep().catch(() => undefined)
    })
    await page.goto(url + view)
    await page.locator('main h1').waitFor()
    return page
  }

  it('shows the views that it is given, under its path, and no value anywhere', async () => {
    const page = await open('')
    const views = await page.getByRole('navigation', { name: 'Views' }).getByRole('link').allTextContents()
    await page.getByRole('link', { name: 'Secrets', exact: true }).first().click()
    await page.getByRole('link', { name: 'HF_TOKEN' }).click()
    await page.getByText('file holds another value, which is not used.').waitFor()
    const steps = await page.locator('.chain li b').allTextContents()
    await page.reload()
    await page.getByText('has another value').waitFor()

    expect(views).toEqual(['Overview', 'Secrets', 'Providers', 'Caches'])
    expect(steps).toEqual(['env', 'file'])
    expect(page.url()).toBe(`${url}secrets/HF_TOKEN`)
    expect((await page.content()) + sent.join('')).not.toContain(canary)
    expect(sent.length).toBeGreaterThan(5)
    expect(browser.complaints).toEqual([])
  })

  it('shows names as text, whatever they hold, and leads to each', async () => {
    const page = await open('secrets')
    await page.getByRole('link', { name: 'HF_TOKEN' }).waitFor()
    const shown = await page.locator('tbody th bdi').allTextContents()
    const titles: (string | null)[] = []
    for (const name of shown) {
      await page.locator('tbody th a').filter({ hasText: name }).first().click()
      await page.getByText('How it was asked').waitFor()
      titles.push(await page.locator('h1').textContent())
      await page.goBack()
      await page.getByRole('link', { name: 'HF_TOKEN' }).waitFor()
    }

    expect(shown.toSorted()).toEqual([...names.filter(Boolean), 'HF_TOKEN'].toSorted())
    expect(titles).toEqual(shown)
    expect(browser.complaints).toEqual([])
  })

  it('clears a part of a cache after it was counted, and shows the effect within a second', async () => {
    const page = await open('caches/prices')
    await page.getByRole('button', { name: 'Clear…' }).click()
    await page.getByLabel('What to forget').selectOption('prefix')
    await page.getByLabel('Beginning').fill('gpu:')
    await page.keyboard.press('Enter')
    await page.getByText('Entries that are forgotten: 2').waitFor()
    const before = cache.size
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await page.getByRole('cell', { name: '1 / 100' }).waitFor({ timeout: 1000 })

    expect([before, cache.size]).toEqual([3, 1])
    expect(browser.complaints).toEqual([])
  })
})

function holding(name: string, secrets: Readonly<Record<string, string>>): SecretProvider {
  return {
    name,
    isAvailable: () => true,
    getSecret: async key => secrets[key],
    listKeys: async function* () {
      yield* Object.keys(secrets)
    },
  }
}
