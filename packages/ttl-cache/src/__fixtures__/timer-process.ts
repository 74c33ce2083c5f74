import { TTLCache } from '../ttl-cache.ts'

/** Leaves a cache with a timer behind, and one that is in the middle of a sweep; neither may keep the process alive. */
let nowMs = 0
const caches = [true, false].map(
  cleanupTimer => new TTLCache<number>({ maxSize: Infinity, cleanupTimer, cleanupInterval: 1, now: () => nowMs }),
)
for (const cache of caches) for (let index = 0; index < 300_000; index += 1) cache.set(`key ${index}`, index, 1)
nowMs = 1000
for (const cache of caches) cache.get('none')
process.stdout.write(JSON.stringify(caches.map(({ size }) => size > 0)))
