// Compares what a secret costs that is kept: `await get()` with awaiting a resolved promise around `Map.get`, `getSync` with
// the bare cache, and both with the library of AWS Lambda Powertools.
//   npm ci --prefix bench && pnpm build
//   node bench/secrets-core/kept.mjs [--rounds 7] [--entries 100] [--readers 'st get,powertools get'] [--core 1]
//
// One process per round and reader, pinned to a core; x = CPU time per read / that of the floor in the same process, median
// over the rounds of the median over the repetitions. The rest is as in bench/ttl-cache/compare.mjs.
import { checkNames } from '../ttl-cache/check-names.mjs'
import { median } from '../ttl-cache/median.mjs'
import { readOptions } from '../ttl-cache/options.mjs'
import { describeMachine, measureInRounds } from '../ttl-cache/processes.mjs'
import { formatTable } from '../ttl-cache/table.mjs'
import { readers } from './readers.mjs'

const {
  core,
  rounds,
  entries,
  readers: names,
} = readOptions({ rounds: 7, entries: 100, readers: Object.keys(readers) })
checkNames(names, readers)
const jobs = names.map(reader => ({ reader, entries }))
const results = await measureInRounds(import.meta.resolve('./kept.child.mjs'), jobs, { rounds, core })
const figures = Object.fromEntries(names.map((name, index) => [name, summarize(results[index])]))

console.log(`${describeMachine(core)} ${entries} secrets, ${rounds} rounds.\n`)
console.log(formatTable(['', 'ns per read', 'floor', 'floor ns', 'x', 'x of the rounds'], names.map(formatReader)))
const goals = [
  ['st get', 'x', '≤ 1.5', figures['st get']?.x, figure => figure <= 1.5],
  ['st getSync', 'x', '≤ 1.5', figures['st getSync']?.x, figure => figure <= 1.5],
  ['st get', 'times faster than powertools', '≥ 5', timesFaster(), figure => figure >= 5],
]
const rows = goals
  .filter(([, , , figure]) => figure !== undefined)
  .map(([name, what, goal, figure, isMet]) => [name, what, goal, figure.toFixed(2), isMet(figure) ? 'met' : 'missed'])
if (rows.length > 0) console.log(`\n${formatTable(['', 'figure', 'goal', 'is', ''], rows)}`)

function summarize(ofRounds) {
  const [ns, floorNs, x] = ['ns', 'floorNs', 'x'].map(figure => median(ofRounds.map(round => round[figure])))
  return { ns, floorNs, x, xOfRounds: ofRounds.map(round => round.x) }
}

/** By x, so that what slows the machine slows both. */
function timesFaster() {
  const [ours, theirs] = [figures['st get'], figures['powertools get']]
  return ours && theirs && theirs.x / ours.x
}

function formatReader(name) {
  const { ns, floorNs, x, xOfRounds } = figures[name]
  const range = [Math.min(...xOfRounds), Math.max(...xOfRounds)].map(value => value.toFixed(2)).join('–')
  return [name, ns.toFixed(0), readers[name].floor, floorNs.toFixed(0), x.toFixed(2), range]
}
