import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'node_modules/.cache/st-passed-tests')

/** Looks at the whole repository, so that no hash of its own folder says whether it has changed. */
const alwaysRun = ['internal/repo-check']

/**
 * Remembers whose tests passed, so that `npm test` runs those of workspaces that have changed since, or that depend on
 * one that has. The hash is turbo's: of the sources, of the dependencies' sources, of the lockfile, of variables that
 * tests read; and of the real peers that are there, because without them tests are skipped.
 *
 * @param {string} node Node that runs the tests.
 */
export function passedTests(node) {
  const { tasks } = JSON.parse(output('turbo', 'run', 'test', '--dry=json'))
  const machine = [output(node, '--version'), output(node, 'internal/test-peers/src/install.ts')]
  const files = new Map()
  for (const { directory, hash } of tasks) {
    const key = createHash('sha256')
      .update(JSON.stringify([hash, ...machine]))
      .digest('hex')
    if (!alwaysRun.includes(directory)) files.set(directory, join(folder, `${key}.json`))
  }
  return {
    /** What was counted when these passed, by workspace folder. */
    unchanged: new Map([...files].filter(([, file]) => existsSync(file)).map(([name, file]) => [name, read(file)])),
    /** Keeps the counts of a run in which all of a workspace's tests passed. */
    keep(counts) {
      mkdirSync(folder, { recursive: true })
      for (const [name, count] of Object.entries(counts)) {
        const file = files.get(name)
        if (file !== undefined && count.failed === 0) writeFileSync(file, JSON.stringify(count))
      }
    },
  }
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function output(command, ...args) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`)
  return stdout
}
