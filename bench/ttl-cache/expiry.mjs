// Lets a full cache expire at once, in a process that only turns its event loop, and tells the longest time between
// two turns until the cache has let go of everything.
//   npm ci --prefix bench && pnpm build
//   node bench/ttl-cache/expiry.mjs [--rounds 5] [--contenders st,lru-cache] [--ours path/to/index.js] [--core 1]
//
// One process per round, size and contender. Every entry is set with the time left to one moment a second later. In
// each turn a key is asked for that is not there. What a library does by hand only is called every 100 ms. The longest
// turn is told by the clock and in CPU time of the process, which others on the machine do not lengthen. The first row
// is the same process without a cache: what the machine and the collector take anyway.
import { checkNames } from './check-names.mjs'
import { expiringCaches } from './expiring-caches.mjs'
import { median } from './median.mjs'
import { readOptions } from './options.mjs'
import { describeMachine, measureInRounds } from './processes.mjs'
import { formatTable } from './table.mjs'

const sizes = [100_000, 1_000_000]

const { core, rounds, ours, contenders } = readOptions({ rounds: 5, contenders: Object.keys(expiringCaches) })
checkNames(contenders, expiringCaches)
const rows = contenders.map(name => [name])
for (const entries of sizes) {
  const jobs = contenders.map(contender => ({ contender, entries, ours }))
  const results = await measureInRounds('expiry.child.mjs', jobs, { rounds, core })
  for (const [index, ofRounds] of results.entries()) rows[index].push(...formatCells(ofRounds))
}
console.log(`${describeMachine(core)} ${rounds} rounds.\n`)
console.log(formatTable([''].concat(sizes.flatMap(size => [`${size}: longest ms`, 'of CPU', 'reclaimed'])), rows))
console.log('\nGoal: st at most 16 ms for 1000000, better 10, all reclaimed.')

function formatCells(ofRounds) {
  const left = Math.max(...ofRounds.map(round => round.left))
  const middle = figure => median(ofRounds.map(round => round[figure]))
  return [
    middle('wallMs').toFixed(1),
    middle('cpuMs').toFixed(1),
    left === 0 ? `in ${middle('reclaimedAfterMs').toFixed(0)} ms` : `${left} left`,
  ]
}
