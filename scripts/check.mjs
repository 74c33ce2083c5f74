// `npm test` after the installation: every check of the repository, then `N passed, N failed`.
// A check counts as one; a test counts as one. All of them run, so that one failure does not hide another.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { closingLine } from '../internal/test-setup/src/closing-line-reporter.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @type {readonly (readonly [title: string, command: string, ...args: string[]])[]} */
const checks = [
  ['files are formatted', 'oxfmt', '--check'],
  ['code follows the lint rules', 'oxlint', '--type-aware', '--deny-warnings'],
  ['workspace versions agree', 'sherif'],
  ['types hold', 'tsc', '-b'],
  ['types of configuration files hold', 'tsc', '-p', 'tsconfig.tools.json'],
  ['nothing is unused', 'knip'],
  ['packages build', 'turbo', 'run', 'build', '--output-logs=errors-only'],
  ['interfaces are documented and as reported', 'turbo', 'run', 'api', '--output-logs=errors-only'],
  ['manifests and types resolve', 'turbo', 'run', 'package-lint', '--output-logs=errors-only'],
  ['packages stay within their size', 'turbo', 'run', 'size', '--output-logs=errors-only'],
  ['each packed package works alone', 'turbo', 'run', 'pack-check', '--output-logs=errors-only'],
  ['real peers are there', 'node', 'internal/test-peers/src/install.ts'],
]

const counts = { passed: 0, failed: 0, skipped: 0 }
for (const [title, command, ...args] of checks) {
  const startedAt = performance.now()
  const { code } = await run(command, args)
  counts[code === 0 ? 'passed' : 'failed'] += 1
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${code === 0 ? '✓' : '✗'} ${title} (${seconds} s)${code === 0 ? '' : `: ${command} ${args.join(' ')}`}`)
}
const tests = await run('vitest', ['run'])
for (const key of Object.keys(counts)) counts[key] += tests.counts?.[key] ?? 0
if (tests.code !== 0 && !tests.counts?.failed) counts.failed += 1
console.log(closingLine(counts))
process.exitCode = counts.failed === 0 ? 0 : 1

function run(command, args) {
  return new Promise(resolve => {
    // Vitest's reporter sends its counts over the channel; other commands do not know of it.
    const stdio = command === 'vitest' ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit'
    const child = spawn(command, args, { cwd: root, stdio })
    let received
    child.on('message', message => (received = message))
    child.on('error', error => console.error(`Cannot run ${command}: ${error.code}.`))
    child.on('close', code => resolve({ code: code ?? 1, counts: received }))
  })
}
