// Get-or-load of one library in a process of its own; prints its figures as JSON.
import { setTimeout as delay } from 'node:timers/promises'
import { evaluate } from './evaluate.mjs'
import { importLibraries } from './import-libraries.mjs'
import { loaders, plainLoader } from './loaders.mjs'
import { median } from './median.mjs'
import { makeWorkload } from './workload.mjs'

const warmUps = 2
const repetitions = 9
const hits = 100_000
const callersOfOneKey = 10_000

const job = JSON.parse(process.argv[2])
const workload = makeWorkload(job.entries, hits)
const idOfKey = new Map(workload.keys.map((key, id) => [key, id]))
const loader = loaders[job.loader]
const libraries = await importLibraries(loader.libraries, job)

process.stdout.write(JSON.stringify({ ...(await measureHits()), calls: await countCalls() }))

/** Cost of a hit: medians over the repetitions. */
async function measureHits() {
  const own = await makeSubject(loader)
  const floor = await makeSubject(plainLoader)
  const all = []
  for (let repetition = 0; repetition < warmUps + repetitions; repetition++) {
    const mine = await repeat(own)
    const map = await repeat(floor)
    if (mine.checksum !== map.checksum) throw new Error(`${job.loader} did not give the values that were loaded`)
    all.push({ ns: mine.ns, floorNs: map.ns, x: mine.ns / map.ns })
  }
  const counted = all.slice(warmUps)
  return Object.fromEntries(['ns', 'floorNs', 'x'].map(figure => [figure, median(counted.map(one => one[figure]))]))
}

async function makeSubject({ create, load: source }) {
  let calls = 0
  const load = async key => {
    calls++
    return workload.values[idOfKey.get(key)]
  }
  const cache = create(libraries, { ...workload, entries: job.entries, load })
  const run = compile(source, 'for (const index of order) { const key = keys[index]; READ }')
  const fill = compile(source, 'for (const key of keys) { READ }')
  await fill(cache, workload, load)
  const callsToFill = calls
  return { run: () => run(cache, workload, load), loadsAgain: () => calls > callsToFill }
}

async function repeat(subject) {
  globalThis.gc()
  await delay(2)
  const before = process.cpuUsage()
  const checksum = await subject.run()
  const used = process.cpuUsage(before)
  if (subject.loadsAgain()) throw new Error(`${job.loader} loaded again what it has`)
  return { ns: ((used.user + used.system) * 1000) / hits, checksum }
}

/** Calls of the loading function for many callers that miss the same key at once. */
async function countCalls() {
  let calls = 0
  const load = async () => {
    calls++
    await delay(20)
    return workload.values[0]
  }
  const cache = loader.create(libraries, { ...workload, entries: job.entries, load })
  const ask = evaluate(`(cache, load, key) => ${loader.load}`)
  await Promise.all(Array.from({ length: callersOfOneKey }, () => ask(cache, load, workload.keys[0])))
  return calls
}

/** A loop of its own for each contender, as in the comparison of the synchronous operations. */
function compile(source, loop) {
  return evaluate(`async (cache, { keys, order }, load) => {
    let sum = 0
    ${loop.replace('READ', `sum = (sum + (await ${source}).id) | 0`)}
    return sum
  }`)
}
