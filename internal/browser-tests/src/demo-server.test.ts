import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ChildServer, startServer } from '@st/demo-server/testing'
import { describeWithPeer, requirePeer } from '@st/test-peers'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { launcherEnvironment } from './launcher-environment.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const npmStart = ['npm', '--prefix', root, 'start', '--']
const canary = 'canary-1b7d'
let file: string

beforeEach(async () => {
  await mkdir(join(homedir(), '.simpletuner'))
  file = join(homedir(), '.simpletuner/secrets.yaml')
  await writeFile(file, `HF_TOKEN: ${canary}-file\nREPLICATE_API_TOKEN: same\nMINE: ${canary}-mine\n`)
})

describeWithPeer(describe, await requirePeer('chromium'))('the page in a browser', chromium => {
  let browser: TestBrowser

  beforeAll(async () => {
    browser = await startBrowser(chromium().path)
  })

  afterAll(async () => browser[Symbol.asyncDispose]())

  it('shows what `npm start` serves, follows the file on reload, and stops on SIGTERM sent to npm', async () => {
    const env = launcherEnvironment({ HF_TOKEN: `${canary}-env`, REPLICATE_API_TOKEN: 'same' })
    await using server = await startServer({ command: npmStart, env })

    const page = await browser.open(server.url)
    await makeAdministrator(page, server)
    const before = await rows(page)
    await writeFile(file, 'LATER: x\n')
    await page.reload()
    const after = await rows(page)
    const content = await page.content()
    const ended = await server.stop('SIGTERM')

    expect(before).toEqual([
      ['CLOUD_WEBHOOK_SECRET', 'nobody has it', '–'],
      ['HF_TOKEN', 'env', 'file, another value'],
      ['MINE', 'file', '–'],
      ['REPLICATE_API_TOKEN', 'env', 'file, same value'],
    ])
    expect(after.map(([key]) => key)).toEqual(['CLOUD_WEBHOOK_SECRET', 'HF_TOKEN', 'LATER', 'REPLICATE_API_TOKEN'])
    expect(content + server.output()).not.toContain(canary)
    expect(browser.complaints).toEqual([])
    expect(ended).toBe(0)
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('fits windows of 360, 768 and 1280 pixels, light and dark', async () => {
    await writeFile(file, `${'A_LONG_KEY_NAME_'.repeat(8)}: x\nB: x\n`)
    await using server = await startServer()

    await makeAdministrator(await browser.open(server.url), server)
    const looks = []
    for (const width of [360, 768, 1280]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.open(server.url, { width, colorScheme })
        looks.push(await page.evaluate(lookOfPage))
        await signIn(page)
        looks.push(await page.evaluate(lookOfPage))
      }
    }

    const light = { overflow: 0, color: 'rgb(28, 32, 36)', background: 'rgb(255, 255, 255)' }
    const dark = { overflow: 0, color: 'rgb(232, 234, 237)', background: 'rgb(22, 25, 28)' }
    expect(looks).toEqual([1, 2, 3].flatMap(() => [light, light, dark, dark]))
    expect(browser.complaints).toEqual([])
  })

  it('says what is wrong with the file and what to do, without a piece of it', async () => {
    await writeFile(file, `HF_TOKEN: "${canary}\n  broken`)
    await using server = await startServer()

    const page = await browser.open(server.url)
    await makeAdministrator(page, server)
    const alert = await page.getByRole('alert', { name: 'Not everybody could be asked' }).textContent()
    const content = await page.content()

    expect(alert).toContain('secrets.yaml')
    expect(await rows(page)).toContainEqual(['HF_TOKEN', 'not known: file could not be asked', '–'])
    expect(content).not.toContain(canary)
  })
})

describeWithPeer(describe, await requirePeer('chromium'))('signing in', chromium => {
  it('says what is wrong, keeps what was typed, and ends with signing out', async () => {
    await using browser = await startBrowser(chromium().path)
    await using server = await startServer()
    const page = await browser.open(server.url)
    await makeAdministrator(page, server)
    await page.getByRole('button', { name: 'Sign out admin' }).click()

    await page.getByLabel('Name').fill('admin')
    await page.getByLabel('Password', { exact: true }).first().fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    const problem = page.getByRole('alert').filter({ hasText: 'wrong' })
    await problem.waitFor()

    expect(await problem.textContent()).toBe('The name or the password is wrong.')
    expect(await page.getByLabel('Name').inputValue()).toBe('admin')
    await signIn(page)
    await server.stop('SIGTERM')
    await page.getByRole('button', { name: 'Sign out admin' }).click()
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor()
  })
})

it('`npm start` stops on Ctrl-C, which reaches every process of the terminal', async () => {
  await using server = await startServer({ command: npmStart, env: launcherEnvironment({}), isGroup: true })

  const ended = await server.stop('SIGINT')

  expect(ended).toBe(0)
  await expect(fetch(server.url)).rejects.toThrow('fetch failed')
})

const administrator = { name: 'admin', password: 'the first password' }

/** Fills in the form of the first run, by keyboard alone. */
async function makeAdministrator(page: Page, server: ChildServer): Promise<void> {
  const [, token = ''] = /First run: .*\s+(\S+)\n/.exec(server.output()) ?? []
  await page.getByLabel('One-time token').focus()
  for (const text of [token, administrator.name, administrator.password]) {
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Sign out admin' }).waitFor()
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Name').fill(administrator.name)
  await page.getByLabel('Password', { exact: true }).first().fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out admin' }).waitFor()
}

/** Runs in the page. */
function lookOfPage(): { readonly overflow: number; readonly color: string; readonly background: string } {
  const { color, backgroundColor: background } = getComputedStyle(document.body)
  return { overflow: document.documentElement.scrollWidth - window.innerWidth, color, background }
}

/** The table of keys as text. */
async function rows(page: Page): Promise<string[][]> {
  const lines = await page.locator('tbody tr').all()
  return Promise.all(
    lines.map(async line => {
      const cells = await line.locator('th, td').allTextContents()
      return cells.map(cell => cell.trim())
    }),
  )
}
