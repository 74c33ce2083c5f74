import { type Browser, chromium, type Page } from 'playwright-core'

/** A browser for one test file; what a page logs or fails to load is kept. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens an address in a window of its own, with cookies of its own. */
  open(url: string, options?: WindowOptions): Promise<Page>
  /** What pages logged as errors, could not load, or threw. */
  readonly complaints: string[]
  /** Closes all windows and forgets what was complained of. */
  closeWindows(): Promise<void>
}

/** What a window is like. */
export interface WindowOptions {
  /** Default 1280. */
  readonly width?: number
  /** Default `light`. */
  readonly colorScheme?: 'light' | 'dark'
  /** Default `en`. */
  readonly language?: 'en' | 'zh'
  /** Whether it is touched with a finger. Default: no. */
  readonly isTouched?: boolean
}

/** Starts the Chromium at this path. */
export async function startBrowser(executablePath: string): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath,
    // Debian's Chromium run by root has no sandbox; the rest keeps it from looking for hosts of its maker.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const complaints: string[] = []
  return {
    complaints,
    closeWindows: async () => {
      await Promise.all(browser.contexts().map(async context => context.close()))
      complaints.length = 0
    },
    open: async (url, { width = 1280, colorScheme = 'light', language = 'en', isTouched = false } = {}) => {
      const viewport = { width, height: 800 }
      const locale = language === 'zh' ? 'zh-CN' : 'en-US'
      const context = await browser.newContext({ viewport, colorScheme, locale, hasTouch: isTouched })
      // Less than a test may take, so that the step that hangs is named.
      context.setDefaultTimeout(20_000)
      const page = await context.newPage()
      page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', error => complaints.push(error.message))
      page.on('requestfailed', request => {
        // A page that is left gives up what it has asked for.
        if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()} failed`)
      })
      page.on('request', request => {
        if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:'))
          complaints.push(request.url())
      })
      await page.goto(url)
      return page
    },
    [Symbol.asyncDispose]: async () => browser.close(),
  }
}
