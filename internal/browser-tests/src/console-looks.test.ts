import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { describeWithPeer, requirePeer } from '@st/test-peers'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestBrowser, WindowOptions } from './browser.ts'
import { dialogues, settled, views } from './console-views.ts'
import type { ConsoleWorld } from './console-world.ts'
import { startBeforeEach } from './start-before-each.ts'

/** Where `ST_SCREENSHOTS=1` puts a picture of every view in every window; ignored by git. */
const pictures = fileURLToPath(new URL('../temp/console/', import.meta.url))
const takesPictures = process.env['ST_SCREENSHOTS'] === '1'

const all: readonly Required<WindowOptions>[] = ([360, 768, 1280] as const).flatMap(width =>
  (['light', 'dark'] as const).flatMap(colorScheme =>
    (['en', 'zh'] as const).map(language => ({ width, colorScheme, language, isTouched: width === 360 })),
  ),
)
/** Each width, colour and language is there. */
const some = [all[1], all[2], all[4], all[11]].filter(window => window !== undefined)
const isWhole = takesPictures || process.env['ST_LONG_TESTS'] === '1'
const windows = isWhole ? all : some
/** Every view is drawn anew and looked at, on machines that have other work too. */
const timeout = isWhole ? 240_000 : 60_000

/** Everything in every window takes minutes: without that time each is looked at in one of them. */
function shareOf<T>(things: readonly T[], window: WindowOptions): readonly T[] {
  return isWhole ? things : things.filter((_, index) => windows[index % windows.length] === window)
}

describeWithPeer(describe, await requirePeer('chromium'))('how the console looks', chromium => {
  let browser: TestBrowser
  let world: ConsoleWorld

  startBeforeEach(chromium, started => ({ browser, world } = started))

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true })
  })

  it.each(windows)(
    'views at $width px, $colorScheme, $language are whole and accessible',
    { timeout },
    async window => {
      const page = await browser.open(world.url, window)
      await settled(page)

      const faults: string[] = []
      for (const view of shareOf(views, window)) {
        await page.goto(world.url + view)
        await settled(page)
        faults.push(...(await faultsOf(page, window)).map(fault => `${view}: ${fault}`))
        await picture(page, window, view)
        faults.push(...(await tooWide(page, window)).map(fault => `${view}: ${fault}`))
      }

      expect(faults).toEqual([])
      expect(browser.complaints).toEqual([])
      expect(world.sent.join('')).not.toContain('canary')
    },
  )

  it.each(windows)('signing in and dialogues at $width px, $colorScheme, $language are so too', async window => {
    world.user = undefined
    const page = await browser.open(world.url, window)
    await page.locator('form').waitFor()
    const faults = [...(await faultsOf(page, window))]
    await picture(page, window, 'sign-in')
    await page.locator('input[name=name]').fill('admin')
    await page.locator('input[name=password]').fill('right')
    await page.keyboard.press('Enter')
    await page.locator('header.top').waitFor()

    for (const [view, opens] of shareOf(dialogues, window)) {
      await page.goto(world.url + view)
      await settled(page)
      await opens(page)
      await page.locator('dialog[open]').waitFor()
      faults.push(...(await faultsOf(page, window)).map(fault => `${view}: ${fault}`))
      await picture(page, window, `${view}-dialogue`)
    }

    expect(faults).toEqual([])
    expect(browser.complaints).toEqual([])
  })
})

/** What is wrong with what is shown. */
async function faultsOf(page: Page, { isTouched = false }: WindowOptions): Promise<readonly string[]> {
  // There are no frames, for which each look would open a window more.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`))
  return [...found, ...(await page.evaluate(layoutFaults, isTouched))]
}

/** The widths at which the same view stands out at the side. */
async function tooWide(page: Page, { width: own = 0 }: WindowOptions): Promise<readonly string[]> {
  const found: string[] = []
  for (const width of [360, 768, 1280, own]) {
    await page.setViewportSize({ width, height: 800 })
    const excess = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (excess > 0) found.push(`${excess} px too wide at ${width} px`)
  }
  return found
}

/** Runs in the page: what stands out at the side, and what is too small for a finger. */
function layoutFaults(isTouched: boolean): readonly string[] {
  const nameOf = (element: Element): string => `${element.tagName} "${element.textContent?.slice(0, 30)}"`
  const excess = document.documentElement.scrollWidth - document.documentElement.clientWidth
  const wide = excess > 0 ? [`${excess} px too wide`] : []
  if (!isTouched) return wide
  const scope = document.querySelector('dialog[open]') ?? document.body
  const small = [...scope.querySelectorAll('button, a, input, select, textarea, summary')].filter(element => {
    const { width, height } = (element.closest('label') ?? element).getBoundingClientRect()
    const isShown = element.checkVisibility() && width > 1 && !element.matches('.skip, [type=hidden]')
    return isShown && (width < 43.5 || height < 43.5)
  })
  return [...wide, ...small.map(element => `${nameOf(element)} is too small for a finger`)]
}

async function picture(page: Page, window: WindowOptions, view: string): Promise<void> {
  if (!takesPictures) return
  const name = [view.replaceAll(/\W+/g, '-') || 'overview', window.width, window.colorScheme, window.language].join('.')
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}
