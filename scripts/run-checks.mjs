import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closingLine } from '../internal/test-setup/src/closing-line-reporter.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** For every task: one package's failure does not hide another's. */
export const turboOptions = ['--output-logs=errors-only', '--continue=dependencies-successful']

/**
 * Runs every check, then the tests, and ends with `N passed, N failed`. A check counts as one; a test counts as one.
 * All of them run, so that one failure does not hide another.
 *
 * @param {object} options
 * @param {readonly (readonly [title: string, command: string, ...args: string[]])[]} options.checks
 * @param {{ node: string, groups: readonly string[], passed?: ReturnType<typeof import('./passed-tests.mjs').passedTests> }} options.tests
 *   Node to run them on, folders of workspaces, and whose tests have passed since they last changed.
 * @param {Readonly<Record<string, string>>} [options.env] Variables beside those of this process.
 */
export async function runChecks({ checks, tests, env = {} }) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const check of checks) counts[await runCheck(check, env)] += 1
  add(counts, await runTests(tests, env))
  console.log(closingLine(counts))
  process.exitCode = counts.failed === 0 ? 0 : 1
}

async function runCheck([title, command, ...args], env) {
  const startedAt = performance.now()
  const { code } = await run(command, args, { env })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(code === 0 ? `✓ ${title} (${seconds} s)` : `✗ ${title} (${seconds} s): ${command} ${args.join(' ')}`)
  return code === 0 ? 'passed' : 'failed'
}

async function runTests({ node, groups, passed }, env) {
  const folders = groups.flatMap(group => readdirSync(join(root, group)).map(name => `${group}/${name}`))
  const unchanged = folders.filter(name => passed?.unchanged.has(name))
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const name of unchanged) add(counts, passed.unchanged.get(name))
  if (unchanged.length > 0) console.log(`Unchanged since their tests passed: ${unchanged.join(', ')}`)
  const projects = folders.flatMap(name => (unchanged.includes(name) ? [] : ['--project', name]))
  if (projects.length === 0) return counts
  // Vitest's reporter sends its counts over the channel.
  const { code, told } = await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...projects], { env, ipc: true })
  if (told !== undefined) passed?.keep(told.workspaces)
  add(counts, told?.all)
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

function add(counts, { passed, failed, skipped } = { passed: 0, failed: 0, skipped: 0 }) {
  counts.passed += passed
  counts.failed += failed
  counts.skipped += skipped
}

function run(command, args, { env, ipc = false }) {
  return new Promise(resolve => {
    const stdio = ipc ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit'
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio })
    let told
    child.on('message', message => (told = message))
    child.on('error', error => console.error(`Cannot run ${command}: ${error.code}.`))
    child.on('close', code => resolve({ code: code ?? 1, told }))
  })
}
