import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'

/** Text by path inside the installed package; `undefined` leaves a file out. */
export type Files = Readonly<Record<string, string | undefined>>

/** The package.json of a sound package, with `fields` in place of its own. */
export function packageJson(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    name: '@st/sample',
    version: '0.0.0',
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    ...fields,
  })
}

/** A consumer project in the test's own home folder, with a sound package installed and `changes` planted in it. */
export function plantProject(changes: Files = {}): ConsumerProject {
  const root = join(homedir(), 'consumer')
  const files: Files = {
    'package.json': packageJson(),
    LICENSE: 'MIT',
    'README.md': "# Sample\n\n```ts\nimport { double } from '@st/sample'\n\ndouble(2)\n```\n",
    'dist/index.js': 'export const double = value => value * 2\n',
    'dist/index.d.ts':
      'export declare const double: (value: number) => number\nexport interface Options { on: boolean }\n',
    ...changes,
  }
  for (const [file, text] of Object.entries(files)) {
    if (text !== undefined) plantFile(join(root, 'node_modules/@st/sample', file), text)
  }
  plantFile(join(root, 'package.json'), '{ "type": "module" }')
  return { root, subject: '@st/sample', siblings: [], node: process.execPath }
}

/** Writes a file and the folders above it. */
export function plantFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
