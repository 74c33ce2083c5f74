// Memory of one contender in a process of its own; prints bytes per entry as JSON.
import { setTimeout as delay } from 'node:timers/promises'
import { contenders } from './contenders.mjs'
import { importLibraries } from './import-libraries.mjs'
import { compileLoop } from './compile.mjs'
import { evaluate } from './evaluate.mjs'
import { makeWorkload } from './workload.mjs'
import { works } from './works.mjs'

const job = JSON.parse(process.argv[2])
const contender = contenders[job.contender]
const [library] = await importLibraries(contender.library ? [contender.library] : [], job)
const workload = makeWorkload(job.entries, 1)
const fill = compileLoop(contender, works.insert.operation)

// A first cache, so that compiled code and whatever the library makes once is there before.
const rehearsal = await weigh(() => {})
const plain = await weigh(() => {})
const withPrefixes = contender.usePrefixes
  ? await weigh(cache => contender.usePrefixes(cache, workload.values[0]))
  : null
process.stdout.write(JSON.stringify({ rehearsal, plain, withPrefixes }))

async function weigh(prepare) {
  const before = await used()
  const cache = contender.create(library, job.entries)
  prepare(cache)
  fill(cache, workload, job.entries)
  const after = await used()
  // Beside keeping the cache from the collector, this fails if it does not hold what was put in.
  if (!evaluate(`(cache, key) => ${contender.get}`)(cache, workload.keys[0])) throw new Error('lost an entry')
  return (after - before) / job.entries
}

/** Bytes of the heap and of what hangs on it outside, array buffers included. */
async function used() {
  for (let time = 0; time < 3; time++) {
    globalThis.gc()
    await delay(5)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
