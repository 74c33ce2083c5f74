import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { changesets } from './changesets.ts'
import { decisionRecords } from './decision-records.ts'
import { dependencyDirection } from './dependency-direction.ts'
import { exportsMap } from './exports-map.ts'
import { machineTraces } from './machine-traces.ts'
import { manifestFields } from './manifest-fields.ts'
import { packageJson, plantRepository, programJson, readme, tsconfig } from './plant-repository.ts'
import type { Files } from './plant-repository.ts'
import { projectReferences } from './project-references.ts'
import { readmeHeadings } from './readme-headings.ts'
import { readRepository } from './repository.ts'
import type { Check } from './repository.ts'
import { requiredFiles } from './required-files.ts'
import { sourceImports } from './source-imports.ts'
import { workflowPins } from './workflow-pins.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const checks = {
  changesets,
  decisionRecords,
  dependencyDirection,
  exportsMap,
  machineTraces,
  manifestFields,
  projectReferences,
  readmeHeadings,
  requiredFiles,
  sourceImports,
  workflowPins,
} satisfies Readonly<Record<string, Check>>

/** Put together, so that this file passes the check that it tests. */
function machinePath(top: string): string {
  return ['', top, 'somebody'].join('/')
}

/** Faults for every check, each with a part of what the check must say about it. */
const planted: Record<keyof typeof checks, readonly (readonly [says: string, changes: Files])[]> = {
  changesets: [
    ['config.json is missing', { '.changeset/config.json': undefined }],
    ['live in the root', { 'packages/ttl-cache/.changeset/config.json': '{}' }],
    ['@st/other is not a package', { '.changeset/x.md': "---\n'@st/other': minor\n---\n\nNew.\n" }],
    ['huge is no bump', { '.changeset/x.md': "---\n'@st/ttl-cache': huge\n---\n\nNew.\n" }],
    ['does not say what changed', { '.changeset/x.md': "---\n'@st/ttl-cache': minor\n---\n" }],
    ['names no package', { '.changeset/x.md': 'New.\n' }],
  ],
  decisionRecords: [
    ['is empty', { 'docs/decisions/0001-why.md': undefined }],
    ['the same number', { 'docs/decisions/0001-how.md': '' }],
    ['is not named', { 'docs/decisions/Notes.md': '' }],
    [
      'no status and date',
      { 'docs/decisions/0002-x.md': '# 0002 X\n\n## Context\n\n## Decision\n\n## Consequences\n' },
    ],
    ['in this order', { 'docs/decisions/0002-x.md': '# 0002 X\n\n## Decision\n\n## Context\n\n## Consequences\n' }],
  ],
  dependencyDirection: [
    ['no row', { 'packages/new/package.json': packageJson('new') }],
    [
      'must not depend on @st/secrets-core',
      {
        'packages/ttl-cache/package.json': packageJson('ttl-cache', {
          dependencies: { '@st/secrets-core': 'workspace:^' },
        }),
      },
    ],
    [
      'must not depend on lru-cache',
      { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { dependencies: { 'lru-cache': '11.0.0' } }) },
    ],
    [
      'must not depend on @st/fakes',
      {
        'packages/ttl-cache/package.json': packageJson('ttl-cache', {
          optionalDependencies: { '@st/fakes': 'workspace:^' },
        }),
      },
    ],
    [
      'is not workspace:^',
      {
        'packages/secrets-core/package.json': packageJson('secrets-core', {
          dependencies: { '@st/ttl-cache': 'workspace:*' },
        }),
      },
    ],
    [
      'internal/chain-tests',
      {
        'packages/secrets-core/package.json': packageJson('secrets-core', {
          devDependencies: { '@st/provider-aws': 'workspace:*' },
        }),
      },
    ],
    [
      'is not an optional',
      {
        'packages/secrets-core/package.json': packageJson('secrets-core', {
          peerDependencies: { '@st/provider-aws': 'workspace:^' },
        }),
      },
    ],
    [
      'must not have the peer',
      {
        'packages/ttl-cache/package.json': packageJson('ttl-cache', {
          peerDependencies: { '@st/secrets-core': 'workspace:^' },
        }),
      },
    ],
  ],
  exportsMap: [
    [
      '"exports" is not',
      {
        'packages/ttl-cache/tsup.config.ts':
          "export default { entry: { index: 'src/index.ts', extra: 'src/extra.ts' } }",
      },
    ],
    ['no tsup.config.ts', { 'packages/ttl-cache/tsup.config.ts': undefined }],
    [
      '"exports" is not',
      {
        'packages/ttl-cache/package.json': packageJson('ttl-cache', {
          exports: {
            '.': { types: './dist/index.d.ts', default: './dist/index.js', '@st/source': './src/index.ts' },
            './package.json': './package.json',
          },
        }),
      },
    ],
    [
      '"publishConfig.exports" is not',
      { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { publishConfig: { access: 'public' } }) },
    ],
    [
      '"bin" is not ["./dist/bin.js"]',
      { 'packages/secrets-cli/package.json': programJson('secrets-cli', { bin: { 'st-secrets': './dist/main.js' } }) },
    ],
    [
      'more than its package.json',
      { 'packages/secrets-cli/package.json': programJson('secrets-cli', { exports: { './bin': './dist/bin.js' } }) },
    ],
    ['is for what is imported', { 'packages/secrets-cli/package.json': programJson('secrets-cli', { main: 'x' }) }],
    ['"main" is not', { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { main: undefined }) }],
    ['"types" is not', { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { types: './dist/main.d.ts' }) }],
  ],
  machineTraces: [
    [`README.md:2 holds ${machinePath('home')}`, { 'README.md': `Run\n\`${machinePath('home')}\`\n` }],
    [machinePath('tmp'), { 'packages/ttl-cache/src/x.ts': `const file = '${machinePath('tmp')}'\n` }],
  ],
  manifestFields: [
    ['"name" is not "@st/ttl-cache"', { 'packages/ttl-cache/package.json': packageJson('cache') }],
    [
      '"sideEffects" is not false',
      { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { sideEffects: undefined }) },
    ],
    ['"private" is not', { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { private: true }) }],
    [
      '"scripts" is not',
      { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { scripts: { build: 'tsup' } }) },
    ],
    ['"version" is not', { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { version: undefined }) }],
    ['"description" is not', { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { description: '' }) }],
    ['"publishConfig.access"', { 'packages/ttl-cache/package.json': packageJson('ttl-cache', { publishConfig: {} }) }],
  ],
  projectReferences: [
    ['no reference to ../ttl-cache', { 'packages/secrets-core/tsconfig.json': tsconfig() }],
    ['refers to ../secrets-core', { 'packages/ttl-cache/tsconfig.json': tsconfig('../secrets-core') }],
    ['tsconfig.json has no reference to packages/ttl-cache', { 'tsconfig.json': tsconfig() }],
    ['internal/fakes/tsconfig.json is missing', { 'internal/fakes/tsconfig.json': undefined }],
  ],
  readmeHeadings: [
    ['is missing', { 'packages/ttl-cache/README.md': undefined }],
    ['does not open with', { 'packages/ttl-cache/README.md': readme('other') }],
    [
      'does not say "npm install',
      { 'packages/ttl-cache/README.md': readme('ttl-cache').replace('npm install', 'yarn add') },
    ],
    ['has no "## Use"', { 'packages/ttl-cache/README.md': readme('ttl-cache').replace('## Use', '### Use') }],
    ['is not a heading in use', { 'packages/ttl-cache/README.md': readme('ttl-cache', '## Roadmap\n') }],
    ['not in the order', { 'packages/ttl-cache/README.md': readme('ttl-cache', '## Errors\n\n## Options\n') }],
    ['occurs twice', { 'packages/ttl-cache/README.md': readme('ttl-cache', '## Errors\n\n## Errors\n') }],
    ['longer than 120', { 'packages/ttl-cache/README.md': readme('ttl-cache', 'More.\n'.repeat(120)) }],
  ],
  requiredFiles: [
    ['LICENSE is missing', { LICENSE: undefined }],
    ['packages/secrets-cli/src/bin.ts is missing', { 'packages/secrets-cli/src/bin.ts': undefined }],
    ['packages/ttl-cache/api-report.api.md is missing', { 'packages/ttl-cache/api-report.api.md': undefined }],
  ],
  sourceImports: [
    [
      'must not import @st/secrets-core',
      { 'packages/provider-aws/src/x.ts': "import { a } from '@st/secrets-core'\n" },
    ],
    ['must not import vitest', { 'packages/ttl-cache/src/x.ts': "export { test } from 'vitest'\n" }],
    ['must not import @st/fakes', { 'packages/provider-aws/src/x.ts': "export type A = import('@st/fakes').A\n" }],
    ['must not import path', { 'packages/ttl-cache/src/x.ts': "const path = require('path')\n" }],
    ['leaves the package', { 'packages/ttl-cache/src/x.ts': "import '../../secrets-core/src/index.ts'\n" }],
    [
      'loaded by import() only',
      { 'packages/provider-aws/src/x.ts': "import { type Client } from '@aws-sdk/client-secrets-manager'\n" },
    ],
    ['holds no source', { 'packages/ttl-cache/src/index.ts': undefined }],
  ],
  workflowPins: [
    ['is not pinned', { '.github/workflows/ci.yml': 'permissions: {}\njobs: { a: { steps: [{ uses: a/b@v4 }] } }\n' }],
    ['permissions: {}', { '.github/workflows/ci.yml': 'permissions: { contents: read }\njobs: {}\n' }],
    ['is empty', { '.github/workflows/ci.yml': undefined, '.github/workflows/release.yml': undefined }],
  ],
}

describe('this repository', () => {
  test('has its nine packages and its applications where the checks look', () => {
    const { packages, members } = readRepository(root)

    expect(packages.length).toBeGreaterThanOrEqual(9)
    expect(members.some(({ folder }) => folder === 'apps/demo-server')).toBe(true)
  })

  test.each(Object.entries(checks))('passes the check %s', async (_name, check) => {
    const faults = await check(readRepository(root))

    expect(faults).toEqual([])
  })
})

describe.each(Object.entries(checks))('the check %s', (name, check) => {
  test('finds nothing in a sound repository', async () => {
    const faults = await check(plantRepository())

    expect(faults).toEqual([])
  })

  // Object.entries loses that the names are the table's own.
  test.each(planted[name as keyof typeof checks])('reports "%s"', async (says, changes) => {
    const faults = await check(plantRepository(changes))

    expect(faults.filter(fault => fault.includes(says))).not.toEqual([])
  })
})
