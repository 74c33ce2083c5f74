import type { LoadEvent, TTLCache } from '@st/ttl-cache'
import type { CacheView } from './api-shapes.ts'

const latestLoads = 200

/** How long the loads of a cache take. */
export class LoadTimes {
  readonly #latest: number[] = []
  readonly #stop: () => void
  #count = 0
  #failures = 0

  /** Begins to listen. */
  constructor(cache: TTLCache<unknown>) {
    this.#stop = cache.on('load', load => this.#note(load))
  }

  /** Ends that. */
  stop(): void {
    this.#stop()
  }

  /** Of the latest 200 loads. */
  figures(): CacheView['loads'] {
    const told = { loads: this.#count, failures: this.#failures }
    const sorted = this.#latest.toSorted((left, right) => left - right)
    const [p50Ms, p95Ms] = [sorted[Math.floor(sorted.length * 0.5)], sorted[Math.floor(sorted.length * 0.95)]]
    return p50Ms === undefined || p95Ms === undefined ? told : { ...told, p50Ms, p95Ms }
  }

  #note({ durationMs, outcome }: LoadEvent): void {
    this.#count += 1
    if (outcome === 'failed') this.#failures += 1
    this.#latest.push(durationMs)
    if (this.#latest.length > latestLoads) this.#latest.shift()
  }
}
