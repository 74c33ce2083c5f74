// Reads of kept secrets by one reader in a process of its own; prints the figures as JSON.
import { setTimeout as delay } from 'node:timers/promises'
import { evaluate } from '../ttl-cache/evaluate.mjs'
import { median } from '../ttl-cache/median.mjs'
import { makeWorkload } from '../ttl-cache/workload.mjs'
import { builds } from './builds.mjs'
import { importLibraries } from './import-libraries.mjs'
import { floors, readers } from './readers.mjs'

const warmUps = 2
const repetitions = 9
const reads = 100_000

const { reader: name, entries } = JSON.parse(process.argv[2])
const workload = makeWorkload(entries, reads)
const secrets = Object.fromEntries(workload.keys.map((key, index) => [key, `secret-${'x'.repeat(index % 32)}`]))
const own = await makeSubject(readers[name])
const floor = await makeSubject(floors[readers[name].floor])

const all = []
for (let repetition = 0; repetition < warmUps + repetitions; repetition++) {
  const mine = await repeat(own)
  const bare = await repeat(floor)
  if (mine.checksum !== bare.checksum) throw new Error(`${name} did not give the values that are stored`)
  all.push({ ns: mine.ns, floorNs: bare.ns, x: mine.ns / bare.ns })
}
const counted = all.slice(warmUps)
const figures = ['ns', 'floorNs', 'x'].map(figure => [figure, median(counted.map(one => one[figure]))])
process.stdout.write(JSON.stringify(Object.fromEntries(figures)))

async function makeSubject({ libraries, create, prepare, read }) {
  let calls = 0
  const onCall = () => void calls++
  const reader = create(await importLibraries(libraries, builds), { secrets, onCall })
  await compile(prepare ?? read, 'for (const key of keys) { READ }')(reader, workload)
  const callsBefore = calls
  const run = compile(read, 'for (const index of order) { const key = keys[index]; READ }')
  return { run: () => run(reader, workload), callsAgain: () => calls > callsBefore }
}

async function repeat(subject) {
  globalThis.gc()
  await delay(2)
  const before = process.cpuUsage()
  const checksum = await subject.run()
  const used = process.cpuUsage(before)
  if (subject.callsAgain()) throw new Error(`${name} asked its source for what it keeps`)
  return { ns: ((used.user + used.system) * 1000) / reads, checksum }
}

/** A loop of its own for each subject; one that waits for nothing is no asynchronous function. */
function compile(read, loop) {
  const kind = read.startsWith('await ') ? 'async ' : ''
  return evaluate(`${kind}(reader, { keys, order }) => {
    let sum = 0
    ${loop.replace('READ', `sum = (sum + (${read}).length) | 0`)}
    return sum
  }`)
}
