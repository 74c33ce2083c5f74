import { TTLCache } from '@st/ttl-cache'

/** Options of {@link ReadThrough}. */
export interface ReadThroughOptions<V> {
  /** Entries kept at most. */
  readonly maxSize: number
  /** Seconds for which a value is kept; ≤ 0 = handed out and not kept. */
  readonly ttl: (value: V) => number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/**
 * A cache in front of a source. Reads of one key share one load; `fresh` reads share one that began no earlier than the
 * first of them; what is loading when a key is forgotten is handed out and not kept.
 */
export class ReadThrough<V> {
  readonly #cache: TTLCache<V>
  readonly #fresh = new Map<string, Promise<V>>()
  readonly #ttl: (value: V) => number

  constructor(options: ReadThroughOptions<V>) {
    this.#cache = new TTLCache<V>({ maxSize: options.maxSize, now: options.now })
    this.#ttl = options.ttl
  }

  /** The kept value, if there is one. */
  get(key: string): V | undefined {
    return this.#cache.get(key)
  }

  /** The kept value, else the one that `load` gives. */
  read(key: string, load: () => Promise<V>): Promise<V> {
    return this.#cache.getOrSetAsync(key, load, { ttl: this.#ttl })
  }

  /** The value that `load` gives, past the kept one. */
  readFresh(key: string, load: () => Promise<V>): Promise<V> {
    const underWay = this.#fresh.get(key)
    if (underWay !== undefined) return underWay
    this.#cache.delete(key)
    const started = this.read(key, load)
    this.#fresh.set(key, started)
    void this.#endFresh(key, started)
    return started
  }

  /** Keeps a value that was read without this cache. */
  keep(key: string, value: V): void {
    this.#cache.set(key, value, this.#ttl(value))
  }

  /** Drops one key, or all; returns how many were kept. */
  forget(key?: string): number {
    if (key === undefined) {
      this.#fresh.clear()
      return this.#cache.clear()
    }
    this.#fresh.delete(key)
    return this.#cache.delete(key) ? 1 : 0
  }

  async #endFresh(key: string, started: Promise<V>): Promise<void> {
    // The failure is for those who wait for `started`.
    await Promise.allSettled([started])
    if (this.#fresh.get(key) === started) this.#fresh.delete(key)
  }
}
