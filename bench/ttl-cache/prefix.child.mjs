// Removal by prefix of one contender in a process of its own; prints the times as JSON.
import { contenders } from './contenders.mjs'
import { evaluate } from './evaluate.mjs'
import { importLibraries } from './import-libraries.mjs'
import { median } from './median.mjs'
import { makeWorkload, prefixOf } from './workload.mjs'

const mostCalls = 300
const fewestCalls = 7
const enoughMs = 4000
const keysPerPrefix = 100

const job = JSON.parse(process.argv[2])
const contender = contenders[job.contender]
const [library] = await importLibraries(contender.library ? [contender.library] : [], job)
const { keys, values, shuffled } = makeWorkload(job.entries, 1)
const cache = contender.create(library, job.entries)
const set = evaluate(`(cache, key, value) => { ${contender.set} }`)
const has = evaluate(`(cache, key) => Boolean(${contender.get})`)
const scan = `for (const key of ${contender.scan}) if (key.startsWith(prefix)) ${contender.remove}`
const removePrefix = evaluate(`(cache, prefix) => { ${contender.scan ? scan : 'cache.invalidatePrefix(prefix)'} }`)

for (const [index, key] of keys.entries()) set(cache, key, values[index])
globalThis.gc()
const [firstMs, ...nextMs] = measure()
process.stdout.write(JSON.stringify({ firstMs, callUs: median(nextMs) * 1000 }))

/** Milliseconds of each call, the prefixes in no order. */
function measure() {
  const groups = shuffled.filter(index => index < job.entries / keysPerPrefix).slice(0, mostCalls)
  const startedAt = performance.now()
  const times = []
  for (const group of groups) {
    if (times.length >= fewestCalls && performance.now() - startedAt > enoughMs) break
    const before = performance.now()
    removePrefix(cache, prefixOf(group))
    times.push(performance.now() - before)
    putBack(group * keysPerPrefix)
  }
  return times
}

function putBack(first) {
  for (let index = first; index < first + keysPerPrefix; index++) {
    if (has(cache, keys[index])) throw new Error(`${job.contender} did not remove ${keys[index]}`)
    set(cache, keys[index], values[index])
  }
}
