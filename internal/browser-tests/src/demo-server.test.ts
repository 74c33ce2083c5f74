import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from '@st/demo-server/testing'
import { describeWithPeer, requirePeer } from '@st/test-peers'
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { startBrowser } from './browser.ts'
import { makeAdministrator } from './demo-world.ts'
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

describeWithPeer(describe, await requirePeer('chromium'))('`npm start`', chromium => {
  it('serves the console, which follows the file, says what is wrong with it, and stops on SIGTERM sent to npm', async () => {
    await using browser = await startBrowser(chromium().path)
    const env = launcherEnvironment({ HF_TOKEN: `${canary}-env`, REPLICATE_API_TOKEN: 'same' })
    await using server = await startServer({ command: npmStart, env })

    const page = await browser.open(`${server.url}/secrets`)
    const [, token = ''] = /First run: .*\s+(\S+)\n/.exec(server.output()) ?? []
    await makeAdministrator(page, token)
    const before = await rows(page)
    await writeFile(file, 'LATER: x\n')
    // The server is told of it by the system, in its own time.
    const shown = async (): Promise<readonly (string | undefined)[]> => {
      await page.reload()
      return (await rows(page)).map(([key]) => key)
    }
    const after = ['CLOUD_WEBHOOK_SECRET', 'HF_TOKEN', 'LATER', 'REPLICATE_API_TOKEN']
    await expect.poll(shown, { timeout: 10_000 }).toEqual(after)
    await writeFile(file, `HF_TOKEN: "${canary}\n  broken`)
    await page.goto(`${server.url}/secrets/MINE`)
    const told = await page.locator('.chain li').filter({ hasText: 'secrets.yaml' }).textContent()
    const content = await page.content()
    const ended = await server.stop('SIGTERM')

    expect(before).toEqual([
      ['CLOUD_WEBHOOK_SECRET', 'nobody has it', '–'],
      ['HF_TOKEN', 'env', '!file, another value'],
      ['MINE', 'file', '–'],
      ['REPLICATE_API_TOKEN', 'env', 'file, same value'],
    ])
    expect(told).toMatch(/line 2/)
    expect(content + server.output()).not.toContain(canary)
    expect(browser.complaints).toEqual([])
    expect(ended).toBe(0)
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })
})

it('`npm start` stops on Ctrl-C, which reaches every process of the terminal', async () => {
  await using server = await startServer({ command: npmStart, env: launcherEnvironment({}), isGroup: true })

  const ended = await server.stop('SIGINT')

  expect(ended).toBe(0)
  await expect(fetch(server.url)).rejects.toThrow('fetch failed')
})

/** The first three columns of the table of keys, as text. */
async function rows(page: Page): Promise<string[][]> {
  await page.locator('tbody tr').first().waitFor()
  const lines = await page.locator('tbody tr').all()
  return Promise.all(
    lines.map(async line => {
      const cells = await line.locator('th, td').allTextContents()
      return cells.slice(0, 3).map(cell => cell.trim())
    }),
  )
}
