import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'
import { entriesOf } from './entries.ts'
import { runCommand } from './run-command.ts'

/** Third-party code that may load with ours. Client libraries may not: they load when the first secret is asked for. */
const loadedAtOnce = ['yaml']

/** Imports everything that was installed of this workspace and looks at which packages' files were read for it. */
export async function loadedPackages({ root, node, subject, siblings }: ConsumerProject): Promise<readonly string[]> {
  const own = [subject, ...siblings]
  const entries = own.flatMap(name => entriesOf({ root }, name))
  writeFileSync(join(root, 'loaded.mjs'), recordingModule(entries))
  const { code, stdout, output } = await runCommand(node, ['loaded.mjs'], { cwd: root, env: {} })
  if (code !== 0) return [`node loaded.mjs: ends with ${code}\n${output}`]
  const loaded = stdout.trim().split('\n')
  return [
    ...loaded
      .filter(name => ![...own, ...loadedAtOnce].includes(name))
      .map(name => `importing ${own.join(' and ')} loads ${name} at once`),
    // A program has nothing to import.
    ...own
      .filter(name => !loaded.includes(name) && entriesOf({ root }, name).length > 0)
      .map(name => `the import of ${name} was not recorded`),
  ]
}

function recordingModule(entries: readonly string[]): string {
  return `import { registerHooks } from 'node:module'
const packages = new Set()
registerHooks({
  load(url, context, next) {
    const name = url.split('/node_modules/').at(-1).match(/^(?:@[^/]+[/])?[^/]+/)?.[0]
    if (url.includes('/node_modules/')) packages.add(name)
    return next(url, context)
  },
})
for (const entry of ${JSON.stringify(entries)}) await import(entry)
console.log([...packages].join('\\n'))
`
}
