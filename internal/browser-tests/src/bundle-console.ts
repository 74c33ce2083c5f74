import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Makes sure that the page of the console is bundled as its sources are now. */
export function bundleConsole(): void {
  const manifest = createRequire(import.meta.url).resolve('@st/console/package.json')
  execFileSync(process.execPath, [join(dirname(manifest), 'bundle-when-newer.mjs')])
}
