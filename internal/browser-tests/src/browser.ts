import { type Browser, chromium, type Page } from 'playwright-core'

/** A browser for one test file; what a page logs or fails to load is kept. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens an address in a window of this width. */
  open(url: string, options?: { readonly width?: number; readonly colorScheme?: 'light' | 'dark' }): Promise<Page>
  /** What pages logged as errors, could not load, or threw. */
  readonly complaints: string[]
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
    open: async (url, { width = 1280, colorScheme = 'light' } = {}) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
      page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', error => complaints.push(error.message))
      page.on('requestfailed', request => complaints.push(`${request.url()} failed`))
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
