// Times a Node that imports something and ends, beside one that imports nothing.
//   npm ci --prefix bench && pnpm build
//   node bench/secrets-core/import-time.mjs [--rounds 30] [--core 1]
//
// Each round starts a process for every import, pinned to a core, and waits until it has ended; who begins moves on each
// round. A figure is the median over the rounds of the time from start to end, less that of the Node that imports nothing.
// CPU time counts all threads of the process, up to when the import is done; it says more on a busy machine.
import { spawnSync } from 'node:child_process'
import { median } from '../ttl-cache/median.mjs'
import { readOptions } from '../ttl-cache/options.mjs'
import { describeMachine } from '../ttl-cache/processes.mjs'
import { formatTable } from '../ttl-cache/table.mjs'
import { buildOf } from './builds.mjs'

if (!process.versions.node.startsWith('24.')) throw new Error('run with Node 24, for instance node_modules/.bin/node')
const goalMs = 10
const peer = '@aws-lambda-powertools/parameters/secrets'
const { core, rounds } = readOptions({ rounds: 30 })
const imports = {
  nothing: '',
  '@st/ttl-cache': buildOf('ttl-cache'),
  '@st/secrets-core/provider': buildOf('secrets-core', 'provider.js'),
  '@st/secrets-core': buildOf('secrets-core'),
  [peer]: import.meta.resolve(peer),
}
const pinned = spawnSync('taskset', ['--version']).status === 0 ? ['taskset', '--cpu-list', String(core)] : []

const names = Object.keys(imports)
const times = Object.fromEntries(names.map(name => [name, []]))
for (let round = 0; round < rounds; round++) {
  for (let step = 0; step < names.length; step++) {
    const name = names[(step + round) % names.length]
    times[name].push(time(imports[name]))
  }
}

const figures = Object.fromEntries(
  names.map(name => [name, { ms: medianOf(name, 'ms'), cpuMs: medianOf(name, 'cpuMs') }]),
)
const { nothing } = figures
const rows = names.map(name => {
  const { ms, cpuMs } = figures[name]
  const [inAll, over, cpuInAll, cpuOver] = [ms, ms - nothing.ms, cpuMs, cpuMs - nothing.cpuMs].map(tenths)
  return [name, inAll, over, cpuInAll, cpuOver]
})
const overMs = figures['@st/secrets-core'].ms - nothing.ms
console.log(`${describeMachine(core)} ${rounds} rounds.\n`)
console.log(formatTable(['import of', 'ms', 'over nothing', 'CPU ms', 'over nothing'], rows))
console.log(`\nGoal: @st/secrets-core at most ${goalMs} ms over nothing: ${overMs <= goalMs ? 'met' : 'missed'}.`)

function tenths(value) {
  return value.toFixed(1)
}

function medianOf(name, figure) {
  return median(times[name].map(one => one[figure]))
}

/** Milliseconds from start to end, and of CPU time until the import is done. */
function time(url) {
  const code = `${url && `import ${JSON.stringify(url)};`} process.stdout.write(JSON.stringify(process.cpuUsage()))`
  const [command, ...args] = [...pinned, process.execPath, '--input-type=module', '--eval', code]
  const startedAt = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args)
  const ms = performance.now() - startedAt
  if (status !== 0) throw new Error(String(stderr))
  const { user, system } = JSON.parse(String(stdout))
  return { ms, cpuMs: (user + system) / 1000 }
}
