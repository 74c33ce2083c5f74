import type { TTLCache } from '@st/ttl-cache'
import { Refused } from './answers.ts'
import type { CachePoint, CacheView, Cleared } from './api-shapes.ts'
import { CacheHistory, type HistoryWindow } from './cache-history.ts'
import { LoadTimes } from './load-times.ts'

interface Watched {
  readonly cache: TTLCache<unknown>
  readonly history: CacheHistory
  readonly loads: LoadTimes
}

/** What the console tells about caches, and how it clears them. */
export class CacheAnswers {
  readonly #watched: ReadonlyMap<string, Watched>

  /** Begins to watch them. */
  constructor(caches: Readonly<Record<string, TTLCache<unknown>>>, now: () => number) {
    const watch = (cache: TTLCache<unknown>): Watched => {
      const history = new CacheHistory(cache, now)
      history.start()
      return { cache, history, loads: new LoadTimes(cache) }
    }
    this.#watched = new Map(Object.entries(caches).map(([name, cache]) => [name, watch(cache)]))
  }

  /** Ends that. */
  stop(): void {
    for (const { history, loads } of this.#watched.values()) {
      history.stop()
      loads.stop()
    }
  }

  /** Every cache, and how often it answers. */
  list(): readonly CacheView[] {
    return [...this.#watched].map(([name, { cache, loads }]) => {
      const { size, maxSize, hits, misses, hitRatio, evictions, expirations } = cache.stats()
      const figures = { size, maxSize, hits, misses, hitRatio, evictions, expirations }
      return { name, figures, loads: loads.figures() }
    })
  }

  /** What happened in one. @throws Refused 400, 404 */
  points(name: string, window: string | null): readonly CachePoint[] {
    const known = (['300', '3600', '86400'] as const).find(seconds => seconds === (window ?? '300'))
    if (known === undefined) throw new Refused(400, 'INVALID_REQUEST', 'The window is 300, 3600 or 86400 seconds.')
    // One of the three.
    return this.#named(name).history.points(Number(known) as HistoryWindow)
  }

  /** Clears one or a part of it, or counts. @throws Refused 400, 404 */
  clear(name: string, wanted: unknown): Cleared {
    const { cache } = this.#named(name)
    const { selection, dryRun } = readClear(wanted)
    return { count: dryRun ? countOf(cache, selection) : clearOf(cache, selection), dryRun }
  }

  #named(name: string): Watched {
    const found = this.#watched.get(name)
    if (found !== undefined) return found
    throw new Refused(404, 'CACHE_NOT_FOUND', 'There is no such cache.')
  }
}

type Selection = { readonly key: string } | { readonly prefix: string } | { readonly all: true }

function readClear(wanted: unknown): { readonly selection: Selection; readonly dryRun: boolean } {
  const members = typeof wanted === 'object' && wanted !== null ? Object.entries(wanted) : []
  const { dryRun = false, ...rest }: Readonly<Record<string, unknown>> = Object.fromEntries(members)
  const selection = selectionOf(Object.entries(rest))
  if (selection !== undefined && typeof dryRun === 'boolean') return { selection, dryRun }
  throw new Refused(400, 'INVALID_SELECTION', 'Name one of key, prefix and all, and dryRun to count only.')
}

function selectionOf([first, ...more]: readonly (readonly [string, unknown])[]): Selection | undefined {
  if (first === undefined || more.length > 0) return undefined
  const [name, value] = first
  if (name === 'all' && value === true) return { all: true }
  if (typeof value !== 'string' || value === '' || value.length > 1000) return undefined
  if (name === 'key') return { key: value }
  return name === 'prefix' ? { prefix: value } : undefined
}

function countOf(cache: TTLCache<unknown>, selection: Selection): number {
  if ('key' in selection) return cache.has(selection.key) ? 1 : 0
  if ('all' in selection) return cache.size
  return [...cache].filter(([key]) => key.startsWith(selection.prefix)).length
}

function clearOf(cache: TTLCache<unknown>, selection: Selection): number {
  if ('key' in selection) return cache.delete(selection.key) ? 1 : 0
  return 'prefix' in selection ? cache.invalidatePrefix(selection.prefix) : cache.clear()
}
