// Works of one contender in a process of its own; prints their figures as JSON, `null` for a work that it does not do.
import { setTimeout as delay } from 'node:timers/promises'
import { compileDigest, compileLoop, compileRehearsal } from './compile.mjs'
import { contenders, plainMap } from './contenders.mjs'
import { importLibraries } from './import-libraries.mjs'
import { median } from './median.mjs'
import { works } from './works.mjs'
import { makeWorkload } from './workload.mjs'

const warmUps = 2
const mostRepetitions = 9
const fewestRepetitions = 1
const enoughMs = 2500
const fewestAccesses = 500_000
const fewestChanges = 100_000

const job = JSON.parse(process.argv[2])
const contender = contenders[job.contender]
const [library] = await importLibraries(contender.library ? [contender.library] : [], job)

const figures = []
for (const name of job.works) figures.push(takesPart(name) ? await measure(name) : null)
process.stdout.write(JSON.stringify(figures))

function takesPart(name) {
  if (works[name].evicts && contender.eviction === 'none') return false
  if (works[name].usesPrefixes && !contender.usePrefixes) return false
  return !contender.leftOut?.includes(name)
}

/** Medians over the repetitions. */
async function measure(name) {
  const task = makeTask(name)
  const own = makeSubject(contender, task, task.work.operation)
  const floor = makeSubject(plainMap, task, task.work.floor ?? task.work.operation)
  const repetitions = []
  const startedAt = performance.now()
  const isEnough = () => repetitions.length >= warmUps + fewestRepetitions && performance.now() - startedAt > enoughMs
  while (repetitions.length < warmUps + mostRepetitions && !isEnough()) {
    repetitions.push(await repeatBoth(task, { own, floor }, repetitions.length < warmUps))
  }
  const counted = repetitions.slice(warmUps)
  return Object.fromEntries(['ns', 'mapNs', 'x'].map(figure => [figure, median(counted.map(one => one[figure]))]))
}

function makeTask(name) {
  const work = works[name]
  const isAccess = work.before === 'kept' && !work.evicts
  const operations = isAccess ? Math.max(job.entries, fewestAccesses) : job.entries
  const workload = makeWorkload(job.entries, operations)
  const swapped = { ...workload, keys: workload.others, others: workload.keys }
  return { name, work, operations, workload, swapped, passes: isAccess ? 1 : Math.ceil(fewestChanges / job.entries) }
}

/** A kind of cache with loops of its own. Its retired caches stay: V8 drops the code it compiled for a collected one. */
function makeSubject(snippets, { work, workload }, operation) {
  const rehearse = compileRehearsal(snippets)
  const fill = compileLoop(snippets, works.insert.operation)
  const create = () => {
    const cache = snippets.create(library, job.entries)
    if (work.usesPrefixes) snippets.usePrefixes?.(cache, workload.values[0])
    return cache
  }
  const fillUp = cache => {
    fill(cache, workload, job.entries)
    return cache
  }
  const first = create()
  if (job.rehearsed) rehearse(first, workload)
  const kept = work.before === 'kept' ? fillUp(first) : undefined
  return {
    prepare: () => kept ?? (work.before === 'full' ? fillUp(create()) : create()),
    run: compileLoop(snippets, operation),
    digest: compileDigest(snippets),
    clear: kept ? () => {} : (snippets.clear ?? (cache => cache.clear())),
    retired: [first],
    passesDone: 0,
  }
}

async function repeatBoth(task, { own, floor }, withDigest) {
  const mine = await repeat(task, own, withDigest)
  const map = await repeat(task, floor, withDigest)
  const isComparable = !task.work.evicts || contender.eviction === 'lru'
  if (isComparable && mine.checksum !== map.checksum) {
    throw new Error(`${job.contender} did not do the same as a Map in ${task.name}`)
  }
  return { ns: mine.ns, mapNs: map.ns, x: mine.ns / map.ns }
}

/** One repetition. The collector and timers that are due run before it; inside is only what the work itself causes. */
async function repeat({ work, workload, swapped, operations, passes }, subject, withDigest) {
  const caches = Array.from({ length: passes }, subject.prepare)
  globalThis.gc()
  await delay(2)
  let checksum = 0
  const before = process.cpuUsage()
  for (const cache of caches) {
    const isSwapped = work.evicts && subject.passesDone++ % 2 === 1
    checksum = (checksum + subject.run(cache, isSwapped ? swapped : workload, operations)) | 0
  }
  const used = process.cpuUsage(before)
  for (const cache of withDigest ? caches : []) {
    checksum = (Math.imul(checksum, 31) + subject.digest(cache, workload)) | 0
  }
  for (const cache of caches) subject.clear(cache)
  subject.retired.push(...caches)
  return { ns: ((used.user + used.system) * 1000) / (passes * operations), checksum }
}
