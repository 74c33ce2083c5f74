import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { bundleConsole } from './bundle-console.ts'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'

/** What a test of the console works with. */
export interface Started {
  /** One for all tests of a file, without windows of the test before. */
  readonly browser: TestBrowser
  /** A new one for each test. */
  readonly world: ConsoleWorld
}

/** Gives each test of a file a console of its own, in one browser, and ends both. */
export function startBeforeEach(chromium: () => { readonly path: string }, give: (started: Started) => void): void {
  let browser: TestBrowser
  let world: ConsoleWorld

  beforeAll(async () => {
    bundleConsole()
    browser = await startBrowser(chromium().path)
  })

  afterAll(async () => browser[Symbol.asyncDispose]())

  beforeEach(async () => {
    world = await startConsoleWorld()
    give({ browser, world })
  })

  afterEach(async () => {
    await browser.closeWindows()
    await world[Symbol.asyncDispose]()
  })
}
