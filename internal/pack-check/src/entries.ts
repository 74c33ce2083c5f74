import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'

/** What a consumer can import of a package: `@st/secrets-core`, `@st/secrets-core/provider`. */
export function entriesOf({ root }: Pick<ConsumerProject, 'root'>, name: string): readonly string[] {
  // Every `exports` of the workspace is a map of subpaths; repo-check holds it to that.
  const { exports } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>
  }
  return Object.keys(exports)
    .filter(subpath => !subpath.endsWith('.json'))
    .map(subpath => name + subpath.slice(1))
}
