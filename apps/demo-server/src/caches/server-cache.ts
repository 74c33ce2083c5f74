import type { LoadEvent, TTLCache } from '@st/ttl-cache'

/** Which entries of a cache are meant. */
export type CacheSelection =
  | { readonly key: string }
  /** Every key that begins so, taken literally. */
  | { readonly prefix: string }
  | { readonly all: true }

/** Counters since the cache was made, and how full it is. */
export interface CacheFigures {
  /** Entries held. */
  readonly size: number
  /** Most entries it holds; absent where its owner does not tell. */
  readonly maxSize?: number
  readonly hits: number
  readonly misses: number
  /** `hits / (hits + misses)`; 0 when nothing was asked yet. */
  readonly hitRatio: number
  /** Entries that left because the cache was full. */
  readonly evictions: number
  /** Entries that left because their time was up; absent where its owner does not tell. */
  readonly expirations?: number
}

/** One cache of this process, as it is shown and cleared. */
export interface ServerCache {
  readonly name: string
  /** `undefined` where its owner tells none. */
  figures(): CacheFigures | undefined
  /** How many entries are meant. */
  count(selection: CacheSelection): number
  /** Forgets them, also what is being loaded for them; returns how many were held. */
  invalidate(selection: CacheSelection): number
  /** Whether a load was one of this cache. */
  isOwn(load: LoadEvent): boolean
}

/** Whether a selection means a key. */
export function selects(selection: CacheSelection, key: string): boolean {
  if ('key' in selection) return key === selection.key
  return 'prefix' in selection ? key.startsWith(selection.prefix) : true
}

/**
 * A cache that is to be had as such.
 *
 * @param current - Gives it anew each time: the shared ones can be started anew.
 * @param keyPrefix - What all its keys begin with, by which its loads are told from those of other caches without a name.
 */
export function sharedCache(name: string, current: () => TTLCache<unknown>, keyPrefix: string): ServerCache {
  return {
    name,
    figures: () => {
      const { size, maxSize, hits, misses, hitRatio, evictions, expirations } = current().stats()
      return { size, maxSize, hits, misses, hitRatio, evictions, expirations }
    },
    count: selection => {
      if ('key' in selection) return current().has(selection.key) ? 1 : 0
      return [...current()].filter(([key]) => selects(selection, key)).length
    },
    invalidate: selection => {
      if ('key' in selection) return current().delete(selection.key) ? 1 : 0
      return 'prefix' in selection ? current().invalidatePrefix(selection.prefix) : current().clear()
    },
    isOwn: ({ cache, key }) => cache === undefined && key.startsWith(keyPrefix),
  }
}
