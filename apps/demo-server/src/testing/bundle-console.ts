import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What bundles the page of the console when its sources are newer, as `npm start` does before the server is loaded. */
export const bundler: string = join(
  dirname(createRequire(import.meta.url).resolve('@st/console/package.json')),
  'bundle-when-newer.mjs',
)

/** Makes sure that the page is bundled as its sources are now: for tests that ask a server of their own process for it. */
export function bundleConsole(): void {
  execFileSync(process.execPath, [bundler])
}
