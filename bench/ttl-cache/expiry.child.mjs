// One library whose entries all expire at one moment, in a process of its own; prints what its turns showed as JSON.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expiringCaches } from './expiring-caches.mjs'
import { importLibraries } from './import-libraries.mjs'
import { makeWorkload } from './workload.mjs'

const microsecondsToFillPerEntry = 8
const quietMs = 1000
const shortestWatchMs = 2000
const longestWatchMs = 8000
const purgeEveryMs = 100

const job = JSON.parse(process.argv[2])
const { library: name, create, set, get, size, purge } = expiringCaches[job.contender]
const [library] = await importLibraries(name ? [name] : [], job)
const { keys, values } = makeWorkload(job.entries, 1)
const cache = create(library, job.entries)
const expiresAt = fill()
globalThis.gc()
process.stdout.write(JSON.stringify(await watch()))
process.exit()

/** Sets every entry with what is left to one moment, and returns that moment. */
function fill() {
  const moment = performance.now() + (job.entries * microsecondsToFillPerEntry) / 1000 + quietMs
  for (const [index, key] of keys.entries()) {
    set(cache, { key, value: values[index], leftMs: Math.ceil(moment - performance.now()) })
  }
  if (performance.now() > moment) throw new Error(`${job.contender} took too long to fill`)
  return moment + 1
}

/** Turns the event loop, and measures each turn from the moment of expiry on. */
async function watch() {
  const longest = { wallMs: 0, cpuMs: 0 }
  let purgesAt = expiresAt + purgeEveryMs
  let reclaimedAfterMs = null
  let before = readClocks()
  const isOver = () => {
    const sinceMs = before.wallMs - expiresAt
    if (sinceMs > 0 && size(cache) === 0) reclaimedAfterMs ??= sinceMs
    return sinceMs > longestWatchMs || (sinceMs > shortestWatchMs && reclaimedAfterMs !== null)
  }
  while (!isOver()) {
    await nextTurn()
    get(cache, 'a key that is not there')
    if (purge && before.wallMs > purgesAt) {
      purge(cache)
      purgesAt += purgeEveryMs
    }
    const after = readClocks()
    if (after.wallMs > expiresAt) keepLongest(longest, before, after)
    before = after
  }
  return { ...longest, reclaimedAfterMs, left: size(cache) }
}

function readClocks() {
  const { user, system } = process.cpuUsage()
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 }
}

function keepLongest(longest, before, after) {
  for (const clock of Object.keys(longest)) longest[clock] = Math.max(longest[clock], after[clock] - before[clock])
}
