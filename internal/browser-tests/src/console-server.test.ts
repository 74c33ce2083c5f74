import { describeWithPeer, requirePeer } from '@st/test-peers'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { administrator, type DemoWorld, makeAdministrator, signIn, startDemoWorld } from './demo-world.ts'

/** Every view by its path, with what is there once the server has answered. */
const views: readonly (readonly [string, string])[] = [
  ['', 'What to do'],
  ['secrets', 'HF_TOKEN'],
  ['secrets/HF_TOKEN', 'How it was asked'],
  ['credentials', 'There is no credential.'],
  ['providers', 'vault'],
  ['caches', 'Hit ratio'],
  ['caches/secrets', 'Hit ratio'],
  ['configuration', 'replicate'],
  ['configuration/replicate', 'Webhooks'],
  ['prices', 'What would it cost?'],
  ['audit', 'auth.login.success'],
  ['audit/1', 'Hash of the entry before'],
  ['keys', 'Fingerprint'],
  ['users', 'ada'],
  ['users/1', 'Permissions'],
  ['account', 'API tokens'],
]

describeWithPeer(describe, await requirePeer('chromium'))('the console of the demo server', chromium => {
  let browser: TestBrowser
  let world: DemoWorld

  beforeAll(async () => {
    browser = await startBrowser(chromium().path)
    world = await startDemoWorld()
    const page = await browser.open(world.server.url)
    await makeAdministrator(page, world.token)
    await browser.closeWindows()
  })

  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  afterEach(async () => browser.closeWindows())

  const open = async (path = ''): Promise<Page> => {
    const page = await browser.open(`${world.server.url}/${path}`)
    await signIn(page)
    return page
  }

  it('opens at each of its addresses, tells what the server knows, and no value', async () => {
    const page = await open('secrets?q=hf')
    const first = page.url()
    const texts: string[] = []
    for (const [path, text] of views) {
      await page.goto(`${world.server.url}/${path}`)
      await page.locator('main').getByText(text).filter({ visible: true }).first().waitFor()
      await page.locator('body:not(:has(.loading))').waitFor()
      texts.push(await page.content())
    }

    expect(first).toBe(`${world.server.url}/secrets?q=hf`)
    expect(texts.filter(text => text.includes('state failed'))).toEqual([])
    expect(texts.join('')).not.toContain(world.canary)
    expect(browser.complaints).toEqual([])
  })

  it('makes a user who can sign in, tells of it in the audit log, and finds that log unbroken', async () => {
    const page = await open('users')
    await page.getByRole('button', { name: 'Make a user' }).press('Enter')
    await page.keyboard.type('grace')
    await page.getByLabel('Password').fill('another password')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'grace' }).waitFor()
    const visitor = await browser.open(world.server.url)
    await signIn(visitor, { name: 'grace', password: 'another password' })
    const offered = await visitor.getByRole('navigation', { name: 'Views' }).getByRole('link').allTextContents()
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.getByRole('heading', { name: 'Audit log' }).waitFor()
    await page.getByRole('searchbox').fill('user')
    await page.waitForURL('**/audit?text=user')
    await page.locator('tbody').getByText('user.created').first().waitFor()
    await page.getByRole('button', { name: 'Verify the whole log' }).press('Enter')
    await page.getByText('none is missing').waitFor()

    expect(offered).not.toContain('Users')
    expect(browser.complaints).toEqual([])
  })

  it('sets a secret of any name and any text, reveals it for a while, and deletes it', async () => {
    const key = '../team:a/b <i>\u202Ex'
    const value = `${world.canary} ‏שלום‎ e\u0301\n`.repeat(900)
    const page = await open('secrets')
    await page.clock.install()
    await page.getByRole('button', { name: 'Set a secret' }).click()
    await page.getByRole('textbox', { name: 'Key' }).fill(key)
    await page.getByRole('textbox', { name: 'Value' }).fill(value)
    await page.getByRole('button', { name: 'Store' }).click()
    await page.locator('tbody').getByRole('link', { name: key }).click()
    await page.getByText('file answers').waitFor()
    const before = await page.content()
    await page.getByRole('button', { name: 'Reveal' }).click()
    await page.getByLabel('Reason').fill('On call')
    await page.keyboard.press('Enter')
    const shown = await page.locator('output.value').textContent()
    await page.clock.runFor(30_000)
    await page.locator('.masked').waitFor()
    const after = await page.content()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('nobody has it').waitFor()
    await page.goto(`${world.server.url}/audit?type=secret.revealed`)
    await page.locator('tbody th a').first().click()
    await page.getByText('On call').waitFor()

    expect(shown).toBe(value)
    expect(before + after).not.toContain(world.canary)
    expect(await page.locator('main').textContent()).toContain(key)
    expect(browser.complaints).toEqual([])
  })

  it('adds a credential, replaces it, and takes back the first version, by keyboard alone', async () => {
    const page = await open('credentials')
    await page.getByRole('button', { name: 'Add a credential' }).press('Enter')
    for (const text of ['replicate', 'a/b:c', `${world.canary}-first`]) {
      await page.keyboard.press('Control+a')
      await page.keyboard.type(text)
      await page.keyboard.press('Tab')
    }
    await page.getByRole('button', { name: 'Store' }).press('Enter')
    await page.locator('tbody').getByRole('link', { name: 'a/b:c' }).press('Enter')
    await page.getByRole('button', { name: 'Replace' }).press('Enter')
    await page.keyboard.type(`${world.canary}-second`)
    await page.getByRole('button', { name: 'Store' }).press('Enter')
    await page.getByRole('button', { name: 'Use version 1 again' }).press('Enter')
    await page.getByText('Version 1 is used again').first().waitFor()
    const before = await page.content()
    await page.getByRole('button', { name: 'Reveal' }).press('Enter')
    await page.keyboard.press('Enter')
    const shown = await page.locator('output.value').textContent()

    expect(page.url()).toContain('/credentials/replicate/a%2Fb%3Ac')
    expect(shown).toBe(`${world.canary}-first`)
    expect(before).not.toContain(world.canary)
    expect(browser.complaints).toEqual([])
  })

  it('changes the key of the credentials while it is watched', async () => {
    const page = await open('keys')
    const before = await page.locator('dd .code').first().textContent()
    await page.getByRole('button', { name: 'Change the key…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Change the key…' }).click()
    await page.getByText('done and verified').waitFor()
    await expect.poll(async () => page.locator('dd .code').first().textContent()).not.toBe(before)

    expect(browser.complaints).toEqual([])
  })

  it('a session that is ended in the middle of a form, and a server that restarts, lose nothing typed', async () => {
    const page = await open('configuration/replicate')
    await page.getByLabel('US dollars').fill('12.5')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByLabel(`Password of ${administrator.name}`).fill(administrator.password)
    await page.keyboard.press('Enter')
    await page.getByText('Saved.').waitFor()
    await page.getByLabel('US dollars').fill('77')
    const complaints = browser.complaints.length
    await world.server.stop('SIGKILL')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.offline').waitFor()
    await world.restart()
    await page.locator('.offline').waitFor({ state: 'detached' })
    const kept = await page.getByLabel('US dollars').inputValue()
    // What was saved first may be told still.
    const stored = page.waitForResponse(response => response.request().method() === 'PUT')
    await page.getByRole('button', { name: 'Save' }).click()
    await stored
    await page.reload()

    expect(kept).toBe('77')
    expect(await page.getByLabel('US dollars').inputValue()).toBe('77')
    // Of requests that were refused, and of those that no server answered.
    expect(browser.complaints.slice(0, complaints)).toEqual([expect.stringContaining('401')])
    expect(browser.complaints.filter(text => !/401|failed|ERR_/.test(text))).toEqual([])
  })

  it('two windows that change the same prices lose nothing unseen', async () => {
    const [mine, theirs] = [await open('prices'), await open('prices')]
    const change = async (page: Page, price: string): Promise<void> => {
      await page.locator('tbody input').first().fill(price)
      await page.keyboard.press('Tab')
      await page.getByRole('button', { name: 'Review the changes…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    }
    await theirs.locator('tbody input').first().waitFor()
    await mine.locator('tbody input').first().waitFor()
    await change(theirs, '0.002')
    await theirs.getByText('Saved.').waitFor()
    await change(mine, '0.003')
    await mine.getByRole('heading', { name: 'Somebody else has changed this' }).waitFor()
    const shown = await mine.getByRole('dialog').locator('tbody tr').allTextContents()
    await mine.getByRole('button', { name: 'Take theirs' }).click()
    await mine.getByRole('dialog').waitFor({ state: 'detached' })

    expect(shown).toHaveLength(1)
    expect(shown[0]).toMatch(/0\.003.*0\.002/)
    await expect.poll(async () => mine.locator('tbody input').first().inputValue()).toBe('0.002')
  })
})
