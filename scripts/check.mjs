// `npm test` after the installation: every check of the repository and every test.
import { passedTests } from './passed-tests.mjs'
import { runChecks, turboOptions } from './run-checks.mjs'

const sources = [
  ['files are formatted', 'oxfmt', '--check'],
  ['code follows the lint rules', 'oxlint', '--type-aware', '--deny-warnings'],
  ['workspace versions agree', 'sherif'],
  ['types hold', 'tsc', '-b'],
  ['types of configuration files hold', 'tsc', '-p', 'tsconfig.tools.json'],
  ['nothing is unused', 'knip'],
]
const packages = [
  ['real peers are there, or can be skipped', process.execPath, 'internal/test-peers/src/install.ts'],
  ['packages build', 'turbo', 'run', 'build', ...turboOptions],
  ['interfaces are documented and as reported', 'turbo', 'run', 'api', ...turboOptions],
  ['manifests and types resolve', 'turbo', 'run', 'package-lint', ...turboOptions],
  ['packages stay within their size', 'turbo', 'run', 'size', ...turboOptions],
  ['each packed package works alone', 'turbo', 'run', 'pack-check', ...turboOptions],
]

await runChecks({
  lanes: [packages, sources],
  tests: () => ({
    node: process.execPath,
    groups: ['packages', 'apps', 'internal'],
    passed: passedTests(process.execPath),
  }),
})
