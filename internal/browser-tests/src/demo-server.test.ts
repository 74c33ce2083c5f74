import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverCommand, startServer } from '@st/demo-server/testing'
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
    await using server = await startServer(['--port', '0'], npmStart, env)

    const page = await browser.open(server.url)
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

  it.each([360, 768, 1280])('fits a window of %i pixels, light and dark', async width => {
    await writeFile(file, `${'A_LONG_KEY_NAME_'.repeat(8)}: x\nB: x\n`)
    await using server = await startServer(['--port', '0'], serverCommand)

    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.open(server.url, { width, colorScheme })
      const { overflow, contrast } = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - window.innerWidth,
        contrast: [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor],
      }))
      expect(overflow).toBeLessThanOrEqual(0)
      expect(contrast).toEqual(
        colorScheme === 'light' ? ['rgb(28, 32, 36)', 'rgb(255, 255, 255)'] : ['rgb(232, 234, 237)', 'rgb(22, 25, 28)'],
      )
    }
    expect(browser.complaints).toEqual([])
  })

  it('says what is wrong with the file and what to do, without a piece of it', async () => {
    await writeFile(file, `HF_TOKEN: "${canary}\n  broken`)
    await using server = await startServer(['--port', '0'], serverCommand)

    const page = await browser.open(server.url)
    const alert = await page.getByRole('alert').textContent()
    const content = await page.content()

    expect(alert).toContain('secrets.yaml')
    expect(await rows(page)).toContainEqual(['HF_TOKEN', 'not known: file could not be asked', '–'])
    expect(content).not.toContain(canary)
  })
})

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
