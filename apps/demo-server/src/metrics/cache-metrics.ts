import { Counter, Gauge, type Metric } from 'prom-client'
import type { CacheFigures } from '../caches/server-cache.ts'
import type { ServerCaches } from '../caches/server-caches.ts'

const counters = [
  ['hits', 'Reads that a cache answered.'],
  ['misses', 'Reads that a cache could not answer.'],
  ['evictions', 'Entries that left because a cache was full.'],
] as const

/** What the caches count themselves (R104). */
export function cacheMetrics(caches: Pick<ServerCaches, 'all'>): readonly Metric[] {
  const figures = (): readonly (readonly [string, CacheFigures])[] =>
    caches.all.flatMap(cache => {
      const told = cache.figures()
      return told === undefined ? [] : [[cache.name, told] as const]
    })
  const entries = new Gauge({
    name: 'st_cache_entries',
    help: 'Entries held.',
    labelNames: ['cache'],
    registers: [],
    collect() {
      for (const [cache, { size }] of figures()) this.set({ cache }, size)
    },
  })
  const counted = counters.map(
    ([figure, help]) =>
      new Counter({
        name: `st_cache_${figure}_total`,
        help,
        labelNames: ['cache'],
        registers: [],
        collect() {
          this.reset()
          for (const [cache, told] of figures()) this.inc({ cache }, told[figure])
        },
      }),
  )
  return [entries, ...counted]
}
