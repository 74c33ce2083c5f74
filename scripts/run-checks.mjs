import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closingLine } from '../internal/test-setup/src/closing-line-reporter.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** For every task: one package's failure does not hide another's. */
export const turboOptions = ['--output-logs=errors-only', '--continue=dependencies-successful']

/** @typedef {readonly [title: string, command: string, ...args: string[]]} Check */

/**
 * Runs every check, then the tests, and ends with `N passed, N failed`. A check counts as one; a test counts as one.
 * All of them run, so that one failure does not hide another.
 *
 * @param {object} options
 * @param {readonly (readonly Check[])[]} options.lanes Run side by side; the checks of one lane run one after another.
 * @param {() => { node: string, groups: readonly string[], passed?: ReturnType<typeof import('./passed-tests.mjs').passedTests> }} options.tests
 *   Called after the checks. Node to run them on, folders of workspaces, whose tests have passed since they last changed.
 * @param {Readonly<Record<string, string>>} [options.env] Variables beside those of this process.
 */
export async function runChecks({ lanes, tests, env = {} }) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const runLane = async lane => {
    for (const check of lane) counts[await runCheck(check, env)] += 1
  }
  await Promise.all(lanes.map(runLane))
  add(counts, await runTests(tests(), env))
  console.log(closingLine(counts))
  process.exitCode = counts.failed === 0 ? 0 : 1
}

async function runCheck([title, command, ...args], env) {
  const startedAt = performance.now()
  const { code, output } = await run(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (code === 0) console.log(`✓ ${title} (${seconds} s)`)
  else console.log(`${output}✗ ${title} (${seconds} s): ${command} ${args.join(' ')}`)
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
  const { code, told } = await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...projects], {
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
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

function run(command, args, { env, stdio }) {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio })
    let told
    let output = ''
    child.stdout?.on('data', chunk => (output += chunk))
    child.stderr?.on('data', chunk => (output += chunk))
    child.on('message', message => (told = message))
    child.on('error', error => console.error(`Cannot run ${command}: ${error.code}.`))
    child.on('close', code => resolve({ code: code ?? 1, told, output }))
  })
}
