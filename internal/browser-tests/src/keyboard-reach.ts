import type { Page } from 'playwright-core'

/** What a pass through a page by Tab shows to be wrong, in words. */
export async function reachFaults(page: Page): Promise<readonly string[]> {
  const wanted = await page.evaluate(markWhatIsUsed)
  const reached: string[] = []
  const faults: string[] = []
  for (let tabs = 0; tabs < 2 * wanted.length + 5; tabs += 1) {
    await page.keyboard.press('Tab')
    const { name, isSeen } = await page.evaluate(lookAtFocus)
    if (name === undefined || reached.includes(name)) continue
    reached.push(name)
    if (!isSeen) faults.push(`${name} does not show that it has the focus`)
  }
  const missed = wanted.filter(name => !reached.includes(name))
  // A question begins at its first field.
  const start = reached.indexOf(wanted.find(name => reached.includes(name)) ?? '')
  const rounded = [...reached.slice(start), ...reached.slice(0, start)]
  const isInOrder = wanted.filter(name => reached.includes(name)).every((name, index) => rounded[index] === name)
  return [
    ...faults,
    ...missed.map(name => `${name} is not reached by Tab`),
    ...(isInOrder ? [] : [`the order is ${reached.join(', ')}`]),
  ]
}

/** Runs in the page: gives everything that can be used a number, and tells what there is, in the order of reading. */
function markWhatIsUsed(): readonly string[] {
  const scope = document.querySelector('dialog[open]') ?? document.body
  const used = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex^="-"])'
  return (
    [...scope.querySelectorAll<HTMLElement>(used)]
      // What reads on does so by itself when it comes into sight, and is gone then.
      .filter(element => !element.matches('.more, :disabled') && element.checkVisibility())
      .map((element, index) => {
        const text = element.ariaLabel ?? element.textContent?.trim() ?? ''
        element.dataset['reach'] = `${index} ${element.tagName.toLowerCase()} "${text.slice(0, 30)}"`
        return element.dataset['reach']
      })
  )
}

/** Runs in the page: what has the focus, and whether that can be seen. */
function lookAtFocus(): { readonly name: string | undefined; readonly isSeen: boolean } {
  const element = document.activeElement
  if (!(element instanceof HTMLElement)) return { name: undefined, isSeen: true }
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  const { top, bottom, width, height } = element.getBoundingClientRect()
  const isInSight = bottom > 0 && top < innerHeight && width > 0 && height > 0
  return {
    name: element.dataset['reach'],
    isSeen: isInSight && outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1,
  }
}
