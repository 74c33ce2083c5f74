import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { LoadEvent } from '@st/ttl-cache'
import type { CacheFigures, ServerCache } from './server-cache.ts'

/** For how many seconds back one can look, and every how many seconds there is a point then. */
const steps = { 300: 5, 3600: 60, 86_400: 900 } as const

/** One of 300, 3600 and 86,400 seconds. */
export type HistoryWindow = keyof typeof steps

/** What happened in a cache from the point before to this one. */
export interface HistoryPoint {
  /** ISO 8601, UTC: its end. */
  readonly at: string
  readonly hits: number
  readonly misses: number
  /** Absent when nothing was asked. */
  readonly hitRatio?: number
  readonly evictions: number
  /** Entries held at its end. */
  readonly size: number
}

/** How long the latest loads of a cache took. */
export interface LoadTimes {
  /** How many there were since the server started. */
  readonly loads: number
  /** How many of these failed. */
  readonly failures: number
  /** Of the latest 200; absent when there was none. */
  readonly p50Ms?: number
  readonly p95Ms?: number
}

/** What the history is made of. */
export interface CacheHistoryContext {
  readonly caches: readonly ServerCache[]
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

interface Sample {
  readonly atMs: number
  readonly figures: ReadonlyMap<string, CacheFigures>
}

const latestLoads = 200
const sampleMs = 5000

/** How full the caches were and how often they answered, for a day back, in a few hundred samples. */
export class CacheHistory {
  readonly #caches: readonly ServerCache[]
  readonly #now: () => Date
  readonly #samples: Readonly<Record<HistoryWindow, Sample[]>> = { 300: [], 3600: [], 86_400: [] }
  readonly #loads = new Map<string, { count: number; failures: number; readonly latest: number[] }>()
  #timer: NodeJS.Timeout | undefined

  constructor({ caches, now = () => new Date() }: CacheHistoryContext) {
    this.#caches = caches
    this.#now = now
  }

  /** Begins to take samples. */
  start(): void {
    subscribe('st:cache.load', this.#onLoad)
    this.sample()
    this.#timer = setInterval(() => this.sample(), sampleMs)
    this.#timer.unref()
  }

  /** Ends that. */
  stop(): void {
    unsubscribe('st:cache.load', this.#onLoad)
    clearInterval(this.#timer)
  }

  /** Takes one, for every window that it is time for. */
  sample(): void {
    const atMs = this.#now().getTime()
    const figures = new Map(this.#caches.flatMap(cache => entryOf(cache.name, cache.figures())))
    for (const window of windows) {
      const samples = this.#samples[window]
      const last = samples.at(-1)?.atMs ?? -Infinity
      if (atMs - last < steps[window] * 1000) continue
      samples.push({ atMs, figures })
      const isOld = (sample: Sample | undefined): boolean => sample !== undefined && atMs - sample.atMs > window * 1000
      while (isOld(samples[0])) samples.shift()
    }
  }

  /** What happened in a cache, oldest first. */
  points(name: string, window: HistoryWindow): readonly HistoryPoint[] {
    const samples = this.#samples[window]
    return samples.slice(1).flatMap((sample, index) => pointOf(name, samples[index], sample) ?? [])
  }

  /** How long loading took. */
  loadTimes(name: string): LoadTimes {
    const { count, failures, latest } = this.#loads.get(name) ?? { count: 0, failures: 0, latest: [] }
    const sorted = latest.toSorted((left, right) => left - right)
    const [p50Ms, p95Ms] = [sorted[Math.floor(sorted.length * 0.5)], sorted[Math.floor(sorted.length * 0.95)]]
    const told = { loads: count, failures }
    return p50Ms === undefined || p95Ms === undefined ? told : { ...told, p50Ms, p95Ms }
  }

  // Subscribers get `unknown`; the channel of the cache says what it publishes.
  readonly #onLoad = (message: unknown): void => {
    const load = message as LoadEvent
    const name = this.#caches.find(cache => cache.isOwn(load))?.name
    if (name === undefined) return
    const known = this.#loads.get(name) ?? { count: 0, failures: 0, latest: [] }
    known.count += 1
    if (load.outcome === 'failed') known.failures += 1
    known.latest.push(load.durationMs)
    if (known.latest.length > latestLoads) known.latest.shift()
    this.#loads.set(name, known)
  }
}

const windows = [300, 3600, 86_400] as const satisfies readonly HistoryWindow[]

function entryOf(name: string, figures: CacheFigures | undefined): readonly [string, CacheFigures][] {
  return figures === undefined ? [] : [[name, figures]]
}

function pointOf(name: string, from: Sample | undefined, to: Sample): HistoryPoint | undefined {
  const [before, after] = [from?.figures.get(name), to.figures.get(name)]
  if (before === undefined || after === undefined) return undefined
  // A cache that was started anew counts from zero.
  const grown = (counter: 'hits' | 'misses' | 'evictions'): number =>
    after[counter] < before[counter] ? after[counter] : after[counter] - before[counter]
  const [hits, misses] = [grown('hits'), grown('misses')]
  const point = { at: new Date(to.atMs).toISOString(), hits, misses, evictions: grown('evictions'), size: after.size }
  return hits + misses === 0 ? point : { ...point, hitRatio: hits / (hits + misses) }
}
