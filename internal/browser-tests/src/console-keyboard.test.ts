import { describeWithPeer, requirePeer } from '@st/test-peers'
import { describe, expect, it } from 'vitest'
import type { TestBrowser } from './browser.ts'
import { dialogues, settled, views } from './console-views.ts'
import type { ConsoleWorld } from './console-world.ts'
import { reachFaults } from './keyboard-reach.ts'
import { startBeforeEach } from './start-before-each.ts'

describeWithPeer(describe, await requirePeer('chromium'))('by Tab alone', chromium => {
  let browser: TestBrowser
  let world: ConsoleWorld

  startBeforeEach(chromium, started => ({ browser, world } = started))

  it.each([1280, 360])('all that can be used is reached in the order of reading, and seen, at %i px', async width => {
    const page = await browser.open(world.url, { width })
    const faults: string[] = []
    for (const view of views) {
      await page.goto(world.url + view)
      await settled(page)
      faults.push(...(await reachFaults(page)).map(fault => `${view}: ${fault}`))
    }

    expect(faults).toEqual([])
  })

  it('a dialogue keeps the focus, ends with Escape and gives it back', async () => {
    const page = await browser.open(world.url)
    const faults: string[] = []
    for (const [view, opens] of dialogues) {
      await page.goto(world.url + view)
      await settled(page)
      await page.keyboard.press('Tab')
      await opens(page)
      await page.locator('dialog[open]').waitFor()
      faults.push(...(await reachFaults(page)).map(fault => `${view}: ${fault}`))
      await page.keyboard.press('Escape')
      await page.locator('dialog[open]').waitFor({ state: 'detached' })
      const isBack = await page.evaluate(() => document.activeElement !== document.body)
      if (!isBack) faults.push(`${view}: the focus is nowhere after the dialogue`)
    }

    expect(faults).toEqual([])
  })
})
