// `npm test` after the installation: every check of the repository and every test.
import { spawnSync } from 'node:child_process'
import { passedTests } from './passed-tests.mjs'
import { runChecks, turboOptions } from './run-checks.mjs'

// Before the checks, because what is found decides whose tests can be left out.
const peers = spawnSync(process.execPath, ['internal/test-peers/src/install.ts'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})

const checks = [
  ['real peers are there, or their absence is told', process.execPath, '-e', `process.exit(${peers.status})`],
  ['files are formatted', 'oxfmt', '--check'],
  ['code follows the lint rules', 'oxlint', '--type-aware', '--deny-warnings'],
  ['workspace versions agree', 'sherif'],
  ['types hold', 'tsc', '-b'],
  ['types of configuration files hold', 'tsc', '-p', 'tsconfig.tools.json'],
  ['nothing is unused', 'knip'],
  ['packages build', 'turbo', 'run', 'build', ...turboOptions],
  ['interfaces are documented and as reported', 'turbo', 'run', 'api', ...turboOptions],
  ['manifests and types resolve', 'turbo', 'run', 'package-lint', ...turboOptions],
  ['packages stay within their size', 'turbo', 'run', 'size', ...turboOptions],
  ['each packed package works alone', 'turbo', 'run', 'pack-check', ...turboOptions],
]

const passed = passedTests({ node: process.execPath, peers: String(peers.stdout) })
await runChecks({ checks, tests: { node: process.execPath, groups: ['packages', 'apps', 'internal'], passed } })
