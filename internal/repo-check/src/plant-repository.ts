import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { readRepository } from './repository.ts'
import type { Repository } from './repository.ts'

/** Files by path from the root; `undefined` leaves one out. */
export type Files = Readonly<Record<string, string | undefined>>

/** A small repository in which every check finds all well, with `changes` planted, in the test's own home folder. */
export function plantRepository(changes: Files = {}): Repository {
  const root = join(homedir(), 'planted')
  for (const [file, text] of Object.entries({ ...soundRepository(), ...changes })) {
    if (text === undefined) continue
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return readRepository(root)
}

/** A package.json like those of the repository; `fields` replace or, as `undefined`, remove. */
export function packageJson(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const built = { types: './dist/index.d.ts', default: './dist/index.js' }
  return JSON.stringify({
    name: `@st/${name}`,
    version: '0.0.0',
    description: 'Does one thing.',
    license: 'MIT',
    files: ['dist'],
    type: 'module',
    sideEffects: false,
    main: './dist/index.js',
    types: './dist/index.d.ts',
    exports: { '.': { '@st/source': './src/index.ts', ...built }, './package.json': './package.json' },
    publishConfig: { exports: { '.': built, './package.json': './package.json' }, access: 'public' },
    scripts: {
      build: 'tsup',
      api: 'api-extractor run',
      'package-lint':
        'publint --strict && pnpm pack --out temp/package.tgz && attw temp/package.tgz --profile esm-only',
      size: 'cd ../.. && size-limit --config "$OLDPWD/.size-limit.json"',
      'pack-check': 'node ../../internal/pack-check/src/main.ts',
    },
    engines: { node: '>=22.18' },
    ...fields,
  })
}

/** A README.md with the headings of the repository's. */
export function readme(name: string, rest = '## Errors\n\nNone.\n'): string {
  return `# @st/${name}\n\nDoes one thing.\n\n## Install\n\n\`\`\`sh\nnpm install @st/${name}\n\`\`\`\n\n## Use\n\nLike this.\n\n${rest}`
}

/** A tsconfig.json with these references. */
export function tsconfig(...references: readonly string[]): string {
  return JSON.stringify({ references: references.map(path => ({ path })) })
}

/** A package.json like that of the command line; `fields` replace or, as `undefined`, remove. */
export function programJson(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  // It is what the function above has made.
  const { api: _api, ...scripts } = (JSON.parse(packageJson(name)) as { scripts: Record<string, string> }).scripts
  return packageJson(name, {
    bin: { [name]: './dist/bin.js' },
    main: undefined,
    types: undefined,
    exports: { './package.json': './package.json' },
    publishConfig: { access: 'public' },
    scripts: { ...scripts, 'package-lint': 'publint --strict' },
    ...fields,
  })
}

function soundRepository(): Files {
  return {
    '.changeset/config.json': '{}',
    '.changeset/first.md': "---\n'@st/ttl-cache': minor\n---\n\nThe cache.\n",
    '.github/workflows/ci.yml': `permissions: {}\njobs:\n  test:\n    steps:\n      - uses: a/b@${'0'.repeat(40)} # v1.0.0\n`,
    '.github/workflows/release.yml': 'permissions: {}\n',
    'CONTRIBUTING.md': '',
    LICENSE: '',
    'README.md': '',
    'SECURITY.md': '',
    'knip.json': '{}',
    'pnpm-lock.yaml': '',
    'pnpm-workspace.yaml': 'packages: [packages/*, internal/*]\n',
    'tsconfig.json': tsconfig(
      'internal/fakes',
      'packages/provider-aws',
      'packages/secrets-cli',
      'packages/secrets-core',
      'packages/ttl-cache',
    ),
    'docs/decisions/0001-why.md':
      '# 0001 Why\n\nAccepted, 2026-11-22.\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n',
    'internal/fakes/package.json': '{ "name": "@st/fakes", "private": true }',
    'internal/fakes/tsconfig.json': tsconfig(),
    ...soundPackage('ttl-cache', { 'src/index.ts': "export { join } from 'node:path'\n" }),
    ...soundPackage('secrets-core', {
      'package.json': packageJson('secrets-core', {
        dependencies: { '@st/ttl-cache': 'workspace:^' },
        peerDependencies: { '@st/provider-aws': 'workspace:^' },
        peerDependenciesMeta: { '@st/provider-aws': { optional: true } },
      }),
      'tsconfig.json': tsconfig('../ttl-cache'),
    }),
    ...soundProgram('secrets-cli'),
    ...soundPackage('provider-aws', {
      'package.json': packageJson('provider-aws', {
        dependencies: { '@aws-sdk/client-secrets-manager': '1.0.0', '@st/secrets-core': 'workspace:^' },
        devDependencies: { '@st/fakes': 'workspace:*' },
      }),
      'tsconfig.json': tsconfig('../secrets-core', '../../internal/fakes'),
      'src/index.ts': "export { load } from './load.ts'\n",
      'src/load.ts':
        "import type { Client } from '@aws-sdk/client-secrets-manager'\n\nexport const load = (): Promise<Client> => import('@aws-sdk/client-secrets-manager')\n",
      'src/load.test.ts': "import '@st/fakes'\n",
    }),
  }
}

function soundProgram(name: string): Files {
  return soundPackage(name, {
    'package.json': programJson(name),
    'tsup.config.ts': "export default { entry: { bin: 'src/bin.ts' } }\n",
    'src/bin.ts': "import '@stricli/core'\n",
    'src/index.ts': undefined,
    'api-extractor.json': undefined,
    'api-report.api.md': undefined,
  })
}

function soundPackage(name: string, files: Files): Files {
  const usual: Files = {
    'package.json': packageJson(name),
    'README.md': readme(name),
    'tsconfig.json': tsconfig(),
    'tsup.config.ts': "export default { entry: { index: 'src/index.ts' } }\n",
    'src/index.ts': '',
    '.size-limit.json': '[]',
    'api-extractor.json': '{}',
    'api-report.api.md': '',
  }
  return Object.fromEntries(
    Object.entries({ ...usual, ...files }).map(([file, text]) => [`packages/${name}/${file}`, text]),
  )
}
