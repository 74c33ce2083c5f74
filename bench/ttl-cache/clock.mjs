// Measures what reading the clock costs: by default at most once per turn or 64 reads, with `preciseClock` each time,
// with an injected `now` each time through a function.
//   npm ci --prefix bench && pnpm build
//   node bench/ttl-cache/clock.mjs [--rounds 7] [--entries 100000] [--ours path/to/index.js] [--core 1]
// The method is that of compare.mjs.
import { compare, formatComparison } from './comparison.mjs'
import { readOptions } from './options.mjs'
import { describeMachine } from './processes.mjs'

const options = readOptions({ rounds: 7, entries: 100_000 })
const work = ['get-hit', 'get-miss', 'insert', 'update', 'mixed']
const contenders = ['st', 'st-precise', 'st-now', 'lru-cache']
const figures = await compare({ ...options, work, contenders })

console.log(`${describeMachine(options.core)} ${options.entries} entries, ${options.rounds} rounds.\n`)
console.log(formatComparison(figures, work))
