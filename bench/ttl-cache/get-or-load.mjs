// Compares what a hit of `getOrSetAsync` costs, and how often a value is loaded that 10,000 callers ask for at once.
//   npm ci --prefix bench && pnpm build
//   node bench/ttl-cache/get-or-load.mjs [--rounds 7] [--entries 1000] [--loaders st,bentocache] [--ours path/to/index.js]
//     [--core 1]
//
// One process per round and library; x = CPU time per hit / that of an async function around `Map.get` in the same
// process. Everything else is as in compare.mjs.
import { checkNames } from './check-names.mjs'
import { loaders } from './loaders.mjs'
import { median } from './median.mjs'
import { readOptions } from './options.mjs'
import { describeMachine, measureInRounds } from './processes.mjs'
import { formatTable } from './table.mjs'

const {
  core,
  rounds,
  entries,
  ours,
  loaders: names,
} = readOptions({
  rounds: 7,
  entries: 1000,
  loaders: Object.keys(loaders),
})
checkNames(names, loaders)
const jobs = names.map(loader => ({ loader, entries, ours }))
const results = await measureInRounds('get-or-load.child.mjs', jobs, { rounds, core })

const floorNs = median(results.flat().map(result => result.floorNs))
const rows = results.map((ofRounds, index) => [
  names[index],
  median(ofRounds.map(round => round.ns)).toFixed(0),
  `${median(ofRounds.map(round => round.x)).toFixed(2)}x`,
  Math.max(...ofRounds.map(round => round.calls)),
])
console.log(`${describeMachine(core)} ${entries} entries, ${rounds} rounds.\n`)
console.log(
  formatTable(
    ['', 'ns per hit', 'x', 'loads for 10,000 concurrent misses'],
    [['async function around Map.get', floorNs.toFixed(0), '1x', '–'], ...rows],
  ),
)
console.log('\nGoals: st at most 1.4x, 1 load.')
