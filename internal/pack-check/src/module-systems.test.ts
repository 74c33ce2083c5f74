import { describe, expect, test } from 'vitest'
import { moduleSystems } from './module-systems.ts'
import type { Files } from './plant-project.ts'
import { packageJson, plantProject } from './plant-project.ts'

const built = { types: './dist/index.d.ts', default: './dist/index.js' }

describe('moduleSystems', () => {
  test('finds nothing in a sound package', async () => {
    const faults = await moduleSystems(plantProject())

    expect(faults).toEqual([])
  })

  const planted: readonly (readonly [what: string, says: string, changes: Files])[] = [
    ['a declared name that is not there', 'the types declare', { 'dist/index.js': 'export const triple = 3\n' }],
    ['a name that is not declared', 'the types declare', { 'dist/index.js': 'export const double = 2, triple = 3\n' }],
    ['a module that fails to load', 'node names.mjs: ends with 1', { 'dist/index.js': 'throw new Error("no")\n' }],
    ['a top-level await', 'node names.cjs: ends with 1', { 'dist/index.js': 'export const double = await 2\n' }],
    [
      'no way in for require',
      'node names.cjs: ends with 1',
      { 'package.json': packageJson({ exports: { '.': { types: './dist/index.d.ts', import: './dist/index.js' } } }) },
    ],
    [
      'a source condition that leads nowhere',
      'node --conditions=@st/source names.mjs: ends with 1',
      { 'package.json': packageJson({ exports: { '.': { '@st/source': './src/index.ts', ...built } } }) },
    ],
    ['declarations that are missing', 'TypeScript: consumer.mts:1 TS7016', { 'dist/index.d.ts': undefined }],
    [
      'declarations that do not compile',
      'TypeScript: node_modules/@st/sample/dist/index.d.ts:1 TS2304',
      { 'dist/index.d.ts': 'export declare const double: Missing\n' },
    ],
    [
      'declarations that need @types/node',
      'TypeScript without @types/node: node_modules/@st/sample/dist/index.d.ts:1',
      { 'dist/index.d.ts': 'export declare const double: Buffer\n' },
    ],
    ['an entry of types only', '@st/sample declares no value', { 'dist/index.d.ts': 'export interface Options {}\n' }],
  ]

  test.each(planted)('reports %s', async (_what, says, changes) => {
    const faults = await moduleSystems(plantProject(changes))

    expect(faults).toContainEqual(expect.stringContaining(says))
  })
})
