// Times the removal of all keys of one prefix: 100 keys among 100,000 and among 1,000,000.
//   npm ci --prefix bench && pnpm build
//   node bench/ttl-cache/prefix.mjs [--rounds 5] [--contenders st,lru-cache] [--ours path/to/index.js] [--core 1]
//
// One process per round, size and contender. Each call removes another prefix, and its keys are put back before the
// next; the figure is the median of the calls but the first, which is told apart, for it may build an index. Peers
// look through all their keys.
import { checkNames } from './check-names.mjs'
import { contenders, kinds } from './contenders.mjs'
import { median } from './median.mjs'
import { readOptions } from './options.mjs'
import { describeMachine, measureInRounds } from './processes.mjs'
import { formatTable } from './table.mjs'

const sizes = [100_000, 1_000_000]
const goals = { 100_000: 60, 1_000_000: 150 }

const { core, rounds, ours, contenders: names } = readOptions({ rounds: 5, contenders: kinds })
checkNames(names, contenders)
console.log(`${describeMachine(core)} ${rounds} rounds.\n`)
const rows = names.map(name => [name])
for (const entries of sizes) {
  const jobs = names.map(contender => ({ contender, entries, ours }))
  const results = await measureInRounds('prefix.child.mjs', jobs, { rounds, core })
  for (const [index, ofRounds] of results.entries()) {
    const call = median(ofRounds.map(round => round.callUs)).toFixed(0)
    const first = median(ofRounds.map(round => round.firstMs)).toFixed(1)
    rows[index].push(call, first)
  }
}
console.log(formatTable([''].concat(sizes.flatMap(entries => [`µs among ${entries}`, 'first call, ms'])), rows))
console.log(`\nGoals: st at most ${sizes.map(entries => `${goals[entries]} µs among ${entries}`).join(', ')}.`)
