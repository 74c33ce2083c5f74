// Counts what becomes of many reads at once of a secret that nobody has read yet, and how long they take.
//   npm ci --prefix bench && pnpm build
//   node bench/secrets-core/cold.mjs [--rounds 7] [--callers 10000] [--readers 'st get,powertools get'] [--core 1]
//
// One process per round and reader, pinned to a core: its first reads ever. The source answers in the next turn of the event
// loop, so that the milliseconds are the reader's own. They run from the first call until the last caller has its value; CPU
// time of the whole process, collector included, says more on a busy machine.
import { checkNames } from '../ttl-cache/check-names.mjs'
import { median } from '../ttl-cache/median.mjs'
import { readOptions } from '../ttl-cache/options.mjs'
import { describeMachine, measureInRounds } from '../ttl-cache/processes.mjs'
import { formatTable } from '../ttl-cache/table.mjs'
import { readers } from './readers.mjs'

const preset = ['st get', 'st require', 'powertools get']
const { core, rounds, callers, readers: names } = readOptions({ rounds: 7, callers: 10_000, readers: preset })
checkNames(names, readers)
const jobs = names.map(reader => ({ reader, callers }))
const results = await measureInRounds(import.meta.resolve('./cold.child.mjs'), jobs, { rounds, core })

const rows = names.map((name, index) => {
  const [calls, ms, cpuMs] = ['calls', 'ms', 'cpuMs'].map(figure => results[index].map(round => round[figure]))
  return [name, Math.max(...calls), median(ms).toFixed(1), Math.max(...ms).toFixed(1), median(cpuMs).toFixed(1)]
})
console.log(`${describeMachine(core)} ${callers} callers, ${rounds} rounds.\n`)
console.log(formatTable(['', 'calls of the source', 'ms', 'longest ms', 'CPU ms'], rows))
console.log('\nGoals: st 1 call, at most 100 ms.')
