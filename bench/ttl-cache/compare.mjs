// Compares the synchronous operations of @st/ttl-cache with those of its peers.
//   npm ci --prefix bench && pnpm build
//   node bench/ttl-cache/compare.mjs [--rounds 7] [--entries 100000] [--work get-hit,update]
//     [--contenders st,lru-cache] [--ours path/to/index.js] [--core 1] [--together 1] [--rehearsed 0]
//
// One process per round, work and contender, pinned to a core; who begins moves on each round. The work is repeated for
// some seconds, the first two repetitions are dropped, and each is followed by the same work on a plain Map:
// x = contender / Map. A figure is the median over the rounds of the median over the repetitions; y = x of lru-cache /
// x of the contender. ns is CPU time of the whole process, collector included, per operation. Loops are compiled per
// contender, and their checksums have to agree with the Map's. Before, each operation is done for some keys: V8 must not
// specialise a method for hits or misses only; and caches that were used up stay alive: V8 drops code it compiled for
// an object that is collected, and the next repetition would begin in the interpreter.
//
// Keys are flat one-byte strings, 100 share a prefix, asked for by Zipf 0.99 (inserted in their order, deleted in none);
// every entry has a TTL of 300 s, where the contender has any. `--together 1` does all works of a contender in one
// process: V8 may then undo for one work what it compiled for another. `--rehearsed 0` leaves out the rehearsal. All
// contenders take about an hour, two three minutes.
import { compare, formatComparison } from './comparison.mjs'
import { contenders } from './contenders.mjs'
import { formatTable } from './table.mjs'
import { readOptions } from './options.mjs'
import { describeMachine } from './processes.mjs'
import { works } from './works.mjs'

const goals = [
  ['get-hit', 'y', 1.3],
  ['get-hit', 'x', 2],
  ['get-miss', 'y', 1.3],
  ['mixed', 'y', 1.4],
  ['update', 'y', 2.2],
  ['insert', 'y', 1.25],
  ['evict', 'y', 1.25],
  ['delete', 'y', 0.95],
  ['insert+prefix', 'y', 0.85],
  ['evict+prefix', 'y', 0.85],
  ['delete+prefix', 'y', 0.8],
]

const options = readOptions({
  rounds: 7,
  together: 0,
  rehearsed: 1,
  entries: 100_000,
  work: Object.keys(works),
  contenders: Object.keys(contenders).filter(name => name !== 'Map'),
})
const figures = await compare(options)

console.log(`${describeMachine(options.core)} ${options.entries} entries, ${options.rounds} rounds.\n`)
console.log(formatComparison(figures, options.work))
const rows = goals.filter(([work, ratio]) => figures.st?.[work]?.[ratio] !== undefined).map(formatGoal)
if (rows.length > 0) console.log(`\n${formatTable(['work', 'goal', 'is', '', 'rounds'], rows)}`)

function formatGoal([work, ratio, goal]) {
  const figure = figures.st[work]
  const isMet = ratio === 'y' ? figure.y >= goal : figure.x <= goal
  const range = ratio === 'y' ? [Math.min(...figure.yOfRounds), Math.max(...figure.yOfRounds)] : []
  return [
    work,
    `${ratio} ${ratio === 'y' ? '≥' : '≤'} ${goal}`,
    figure[ratio].toFixed(2),
    isMet ? 'met' : 'missed',
    range.map(value => value.toFixed(2)).join('–'),
  ]
}
