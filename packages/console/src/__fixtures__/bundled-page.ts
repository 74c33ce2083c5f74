import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Makes sure that the page is bundled as its sources are now. */
export function bundlePage(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../bundle-when-newer.mjs', import.meta.url))])
}
