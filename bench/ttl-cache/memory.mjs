// Weighs an entry: bytes beyond the key and the value.
//   npm ci --prefix bench && pnpm build
//   node bench/ttl-cache/memory.mjs [--rounds 3] [--entries 100000] [--contenders st,lru-cache]
//     [--ours path/to/index.js] [--core 1]
//
// One process per round and contender. Keys and values are there before; the figure is what the collected heap and the
// memory outside it grow by when a cache of that capacity is made and filled, divided by the entries.
import { checkNames } from './check-names.mjs'
import { contenders, kinds } from './contenders.mjs'
import { median } from './median.mjs'
import { readOptions } from './options.mjs'
import { describeMachine, measureInRounds } from './processes.mjs'
import { formatTable } from './table.mjs'

const {
  core,
  rounds,
  entries,
  ours,
  contenders: names,
} = readOptions({
  rounds: 3,
  entries: 100_000,
  contenders: kinds,
})
checkNames(names, contenders)
const jobs = names.map(contender => ({ contender, entries, ours }))
const results = await measureInRounds('memory.child.mjs', jobs, { rounds, core })

const show = numbers => (numbers.includes(null) ? '–' : median(numbers).toFixed(1))
const rows = results.map((ofRounds, index) => [
  names[index],
  show(ofRounds.map(round => round.plain)),
  show(ofRounds.map(round => round.withPrefixes)),
])
console.log(`${describeMachine(core)} ${entries} entries, ${rounds} rounds.\n`)
console.log(formatTable(['', 'bytes per entry', 'with prefixes in use'], rows))
console.log('\nGoals: st at most 66 bytes, 76 with prefixes in use.')
