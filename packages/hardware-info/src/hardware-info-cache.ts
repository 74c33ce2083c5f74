import { TTLCache } from '@st/ttl-cache'
import { copyPriceTable } from './copy-price-table.ts'
import type { HardwareInfoStore } from './hardware-info-store.ts'
import type { HardwareInfo } from './hardware-price.ts'
import { DEFAULT_HARDWARE_INFO } from './price-tables.ts'

/** Options of {@link HardwareInfoCache}. Durations are seconds. */
export interface HardwareInfoCacheOptions {
  /** How long a table is used before its store is asked again. Default 300; `Infinity` = until `clear`. */
  readonly ttl?: number | undefined
  /** Monotonic clock in milliseconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined
}

/** What a store gave, or what stands in for it. */
interface Answer {
  readonly table: HardwareInfo
  readonly isFallback: boolean
}

/** One store and what is known of it. */
interface Source {
  readonly answers: TTLCache<Answer>
  lastKnownGood: HardwareInfo | undefined
}

const defaultTtl = 300

/** Longest time, in seconds, for which a store that failed is left alone. */
const longestPause = 30

const secondsPerHour = 3600
const onlyKey = 'table'

/**
 * The table of GPU prices: set by hand, read from a store, or the default.
 *
 * Each source is cached apart, so asking without a store does not hide what a store has. All tables are frozen.
 */
export class HardwareInfoCache {
  readonly #ttl: number
  readonly #now: (() => number) | undefined
  readonly #manual: TTLCache<HardwareInfo>
  #sources = new WeakMap<HardwareInfoStore, Source>()
  #lastRead: HardwareInfo | undefined

  /**
   * Makes a cache that knows the defaults only.
   *
   * @throws RangeError when `ttl` is not above 0.
   */
  constructor({ ttl = defaultTtl, now }: HardwareInfoCacheOptions = {}) {
    if (!(ttl > 0)) throw new RangeError('ttl must be a number of seconds above 0, or Infinity')
    this.#ttl = ttl
    this.#now = now
    this.#manual = new TTLCache({ defaultTtl: ttl, now })
  }

  /**
   * The table without asking a store.
   *
   * The one that was set, for its lifetime; else the one that a store gave last, however long ago, since nothing
   * newer is known here; else {@link DEFAULT_HARDWARE_INFO}.
   */
  get(): HardwareInfo {
    return this.#manual.get(onlyKey) ?? this.#lastRead ?? DEFAULT_HARDWARE_INFO
  }

  /**
   * The table, from the store where its last answer is too old.
   *
   * One that was set wins for its lifetime. Any number of callers ask the store once. Its table replaces the default
   * one. When the store throws, or has an empty table or something else than a table of prices, its last good table
   * stands in, else {@link DEFAULT_HARDWARE_INFO}, and the store is asked again after at most 30 seconds.
   *
   * @param store - `undefined` = as {@link HardwareInfoCache.get}.
   * @returns A promise that never rejects.
   */
  async getAsync(store?: HardwareInfoStore): Promise<HardwareInfo> {
    const manual = this.#manual.get(onlyKey)
    if (manual !== undefined) return manual
    if (!store) return this.get()
    const source = this.#sourceOf(store)
    const { table } = await source.answers.getOrSetAsync(onlyKey, () => this.#read(store, source), {
      ttl: ({ isFallback }) => (isFallback ? Math.min(this.#ttl, longestPause) : this.#ttl),
    })
    return table
  }

  /**
   * Sets the table by hand for one lifetime. A copy is kept: its records have `name` and `cost_per_second` only.
   *
   * @throws TypeError that names the entry, when a record has no name or its price is not a finite number of 0 or
   *   more, or when the table is empty. What was set before stays.
   */
  set(info: HardwareInfo): void {
    this.#manual.set(onlyKey, copyPriceTable(info))
  }

  /** Forgets what was set and what stores gave, also what is being read. The next call asks the store. */
  clear(): void {
    this.#manual.clear()
    this.#sources = new WeakMap()
    this.#lastRead = undefined
  }

  /**
   * US dollars for an hour on `gpu-l40s`, the default hardware: its price in the table of
   * {@link HardwareInfoCache.get} times 3600, or its default price when the table does not have it.
   */
  defaultCostPerHour(): number {
    const price = this.get()['gpu-l40s'] ?? DEFAULT_HARDWARE_INFO['gpu-l40s']
    return price.cost_per_second * secondsPerHour
  }

  #sourceOf(store: HardwareInfoStore): Source {
    const known = this.#sources.get(store)
    if (known !== undefined) return known
    const source: Source = { answers: new TTLCache({ now: this.#now }), lastKnownGood: undefined }
    this.#sources.set(store, source)
    return source
  }

  async #read(store: HardwareInfoStore, source: Source): Promise<Answer> {
    const table = await readTable(store)
    if (table === undefined) return { table: source.lastKnownGood ?? DEFAULT_HARDWARE_INFO, isFallback: true }
    source.lastKnownGood = table
    // A read that began before `clear` must not bring back what was forgotten.
    if (this.#sources.get(store) === source) this.#lastRead = table
    return { table, isFallback: false }
  }
}

/** `undefined` when the store has no usable answer (R83); why is its owner's to log. */
async function readTable(store: HardwareInfoStore): Promise<HardwareInfo | undefined> {
  try {
    const stored = await store.readHardwareInfo()
    return stored === undefined || stored === null ? DEFAULT_HARDWARE_INFO : copyPriceTable(stored)
  } catch {
    return undefined
  }
}
