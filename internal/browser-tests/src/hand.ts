import type { Locator, Page } from 'playwright-core'

/** How somebody works with a page. */
export interface Hand {
  /** Presses a button, a link or a check box. */
  press(target: Locator): Promise<void>
  /** Opens a row of a list that is in sight, or near. */
  pressRow(target: Locator): Promise<void>
  /** Writes something in the place of what is in a field. */
  fill(target: Locator, text: string): Promise<void>
  /** Chooses what an option of a list says. */
  choose(target: Locator, option: string): Promise<void>
  /** Goes down by so many pixels, or up. */
  scroll(page: Page, by: number): Promise<void>
}

/** More than any page has to stop at. */
const mostSteps = 400

/** Points at things. */
export const mouse: Hand = {
  press: async target => target.click(),
  pressRow: async target => target.click(),
  fill: async (target, text) => target.fill(text),
  choose: async (target, option) => {
    await target.selectOption({ label: option })
  },
  scroll: async (page, by) => page.mouse.wheel(0, by),
}

/** Goes to each thing by Tab, and from row to row by a key of its own, as those do who cannot point. */
export const keyboard: Hand = {
  press: async target => {
    await stepTo(target, 'Tab')
    const isCheckBox = await target.evaluate(element => element.matches('[type=checkbox]'))
    await target.page().keyboard.press(isCheckBox ? 'Space' : 'Enter')
  },
  pressRow: async target => {
    await stepTo(target, 'j')
    await target.page().keyboard.press('Enter')
  },
  fill: async (target, text) => {
    await stepTo(target, 'Tab')
    const { keyboard: keys } = target.page()
    await keys.press('Control+a')
    await keys.insertText(text)
  },
  choose: async (target, option) => {
    await stepTo(target, 'Tab')
    await target.press('Home')
    while ((await target.locator('option:checked').textContent()) !== option) await target.press('ArrowDown')
  },
  scroll: async (page, by) => {
    // Some 90 % of a window of 800 pixels.
    for (let left = Math.abs(by); left > 0; left -= 720) await page.keyboard.press(by > 0 ? 'PageDown' : 'PageUp')
  },
}

async function stepTo(target: Locator, key: string): Promise<void> {
  await target.waitFor()
  for (let steps = 0; steps < mostSteps; steps += 1) {
    if (await target.evaluate(element => element === document.activeElement)) return
    await target.page().keyboard.press(key)
  }
  throw new Error(`${key} does not lead to ${target.toString()}`)
}
