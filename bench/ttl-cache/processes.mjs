// Starts each measurement in a process of its own, on the repository's Node and on one core.
import { execFile, spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const pinnedNode = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const node = process.version.startsWith('v24.') ? process.execPath : pinnedNode
const canPin = spawnSync('taskset', ['--version']).status === 0

/** What a child script of this folder prints for a job. */
export async function measure(script, job, core) {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const command = [node, '--expose-gc', file, JSON.stringify(job)]
  if (canPin) command.unshift('taskset', '--cpu-list', String(core))
  const { stdout } = await promisify(execFile)(command[0], command.slice(1), { maxBuffer: 2 ** 24 })
  return JSON.parse(stdout)
}

/**
 * Measures every job once a round. The order moves on by one each round, so that no job is always first.
 *
 * @returns For each job what its rounds gave.
 */
export async function measureInRounds(script, jobs, { rounds, core }) {
  const results = jobs.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < jobs.length; step++) {
      const index = (step + round) % jobs.length
      progress(`round ${round + 1} of ${rounds}: ${Object.values(jobs[index]).slice(0, 2).join(' ')}`)
      results[index].push(await measure(script, jobs[index], core))
    }
  }
  progress('')
  return results
}

/** What the figures were measured on, to print above them. */
export function describeMachine(core) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  const pinned = canPin ? `, pinned to core ${core}` : ', not pinned'
  return `Node ${version}, ${cpus()[0].model.trim()}${pinned}.`
}

export function lastCore() {
  return cpus().length - 1
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
}
