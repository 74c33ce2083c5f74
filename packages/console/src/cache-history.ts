import type { TTLCache } from '@st/ttl-cache'
import type { CachePoint } from './api-shapes.ts'

/** For how many seconds back one can look, and every how many seconds there is a point then. */
const steps = { 300: 5, 3600: 60, 86_400: 900 } as const

/** One of 300, 3600 and 86,400 seconds. */
export type HistoryWindow = keyof typeof steps

const windows = [300, 3600, 86_400] as const satisfies readonly HistoryWindow[]
const sampleMs = 5000

interface Sample {
  readonly atMs: number
  readonly hits: number
  readonly misses: number
  readonly evictions: number
  readonly size: number
}

/** How full a cache was and how often it answered, for a day back, in a few hundred samples. */
export class CacheHistory {
  readonly #cache: TTLCache<unknown>
  readonly #now: () => number
  readonly #samples: Readonly<Record<HistoryWindow, Sample[]>> = { 300: [], 3600: [], 86_400: [] }
  #timer: NodeJS.Timeout | undefined

  constructor(cache: TTLCache<unknown>, now: () => number) {
    this.#cache = cache
    this.#now = now
  }

  /** Begins to take samples; keeps no process alive. */
  start(): void {
    this.sample()
    this.#timer = setInterval(() => this.sample(), sampleMs)
    this.#timer.unref()
  }

  /** Ends that. */
  stop(): void {
    clearInterval(this.#timer)
  }

  /** Takes one, for every window that it is time for. */
  sample(): void {
    const atMs = this.#now()
    const { hits, misses, evictions, size } = this.#cache.stats()
    for (const window of windows) {
      const samples = this.#samples[window]
      const last = samples.at(-1)?.atMs ?? -Infinity
      if (atMs - last < steps[window] * 1000) continue
      samples.push({ atMs, hits, misses, evictions, size })
      while (atMs - (samples[0]?.atMs ?? atMs) > window * 1000) samples.shift()
    }
  }

  /** What happened, oldest first. */
  points(window: HistoryWindow): readonly CachePoint[] {
    const samples = this.#samples[window]
    return samples.slice(1).map((sample, index) => pointOf(samples[index] ?? sample, sample))
  }
}

function pointOf(from: Sample, to: Sample): CachePoint {
  const [hits, misses] = [to.hits - from.hits, to.misses - from.misses]
  const evictions = to.evictions - from.evictions
  const point = { at: new Date(to.atMs).toISOString(), hits, misses, evictions, size: to.size }
  return hits + misses === 0 ? point : { ...point, hitRatio: hits / (hits + misses) }
}
