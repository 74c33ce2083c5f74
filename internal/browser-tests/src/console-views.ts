import type { Page } from 'playwright-core'

/** One of each kind, with something to show. */
export const views: readonly string[] = [
  '',
  'secrets',
  'secrets/HF_TOKEN',
  'credentials',
  'credentials/replicate/api_token',
  'providers',
  'caches/secrets',
  'configuration',
  'configuration/replicate',
  'prices',
  'audit',
  'audit/7',
  'keys',
  'users',
  'users/2',
  'account',
  'nowhere',
]

/** Opens a dialogue of each view that has one. */
export const dialogues: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['', async page => page.keyboard.press('Control+k')],
  ['secrets', async page => page.locator('main button.primary').first().click()],
  ['secrets/HF_TOKEN', async page => page.locator('section.reveal button').first().click()],
  ['caches/secrets', async page => page.locator('section.card button.danger').first().click()],
  ['credentials', async page => page.locator('main button.primary').first().click()],
  ['keys', async page => page.locator('main button.primary').first().click()],
  ['users', async page => page.locator('main button.primary').first().click()],
]

/** Waits for a view to be there as a whole. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor()
  await page.locator('body:not(:has(.loading))').waitFor()
}
