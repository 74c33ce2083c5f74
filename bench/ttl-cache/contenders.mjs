// Who takes part in the synchronous comparison, each as its documentation recommends for speed.
import { MapWithTtl, MapWithTtlAndLru } from './hand-written-caches.mjs'

const ttl = 300
const ttlMs = ttl * 1000

/**
 * @typedef {object} Contender
 * @property {string} [library] What to import. `ours` is the file that is being measured.
 * @property {(library: any, capacity: number) => any} create An empty cache.
 * @property {string} get Source of an expression over `cache` and `key`.
 * @property {string} set Source of a statement over `cache`, `key` and `value`.
 * @property {string} remove Source of a statement over `cache` and `key`.
 * @property {string} [scan] Source of an iterable of all keys, for who cannot remove by prefix.
 * @property {string} [settle] Source of what the library would do right after the call: part of the measured work.
 * @property {(cache: any) => void} [clear] Removes everything, if not by `cache.clear()`.
 * @property {(cache: any, value: object) => void} [usePrefixes] Brings the cache into the state after a prefix was used.
 * @property {string[]} [leftOut] Works of which one repetition takes minutes.
 * @property {'lru' | 'other' | 'none'} eviction What leaves when the cache is full.
 */

const likeMap = {
  get: 'cache.get(key)',
  set: 'cache.set(key, value)',
  remove: 'cache.delete(key)',
  scan: 'cache.keys()',
}

const ours = {
  ...likeMap,
  library: 'ours',
  scan: undefined,
  eviction: 'lru',
  usePrefixes(cache, value) {
    cache.set('provider:used:config0', value)
    cache.invalidatePrefix('provider:used:')
  },
}

/** @type {Contender} The floor that every contender is divided by. */
export const plainMap = { ...likeMap, create: () => new Map(), eviction: 'none' }

/** @type {Record<string, Contender>} */
export const contenders = {
  Map: plainMap,
  st: { ...ours, create: ({ TTLCache }, maxSize) => new TTLCache({ maxSize, defaultTtl: ttl }) },
  'st-precise': {
    ...ours,
    create: ({ TTLCache }, maxSize) => new TTLCache({ maxSize, defaultTtl: ttl, preciseClock: true }),
  },
  'st-now': {
    ...ours,
    create: ({ TTLCache }, maxSize) => new TTLCache({ maxSize, defaultTtl: ttl, now: () => performance.now() }),
  },
  'lru-cache': {
    ...likeMap,
    library: 'lru-cache',
    create: ({ LRUCache }, max) => new LRUCache({ max, ttl: ttlMs }),
    eviction: 'lru',
  },
  'map-ttl': { ...likeMap, create: () => new MapWithTtl(ttlMs), eviction: 'none' },
  'map-ttl-lru': { ...likeMap, create: () => new MapWithTtlAndLru(ttlMs), eviction: 'none' },
  isaacs: {
    ...likeMap,
    library: '@isaacs/ttlcache',
    create: ({ TTLCache }, max) => new TTLCache({ max, ttl: ttlMs }),
    leftOut: ['evict'],
    eviction: 'other',
  },
  'quick-lru': {
    ...likeMap,
    library: 'quick-lru',
    create: ({ default: QuickLRU }, maxSize) => new QuickLRU({ maxSize, maxAge: ttlMs }),
    eviction: 'other',
  },
  'node-cache': {
    ...likeMap,
    library: 'node-cache',
    create: ({ default: NodeCache }) => new NodeCache({ stdTTL: ttl, checkperiod: 0, useClones: false }),
    remove: 'cache.del(key)',
    clear: cache => cache.flushAll(),
    eviction: 'none',
  },
  'toad-cache': {
    ...likeMap,
    library: 'toad-cache',
    create: ({ LruMap }, max) => new LruMap(max, ttlMs),
    eviction: 'lru',
  },
  'tiny-lru': {
    ...likeMap,
    library: 'tiny-lru',
    create: ({ lru }, max) => lru(max, ttlMs, true),
    eviction: 'lru',
  },
  'lru.min (no TTL)': {
    ...likeMap,
    library: 'lru.min',
    create: ({ createLRU }, max) => createLRU({ max }),
    scan: '[...cache.keys()]',
    eviction: 'lru',
  },
  'mnemonist (no TTL)': {
    ...likeMap,
    library: 'mnemonist',
    create: ({ LRUMapWithDelete }, capacity) => new LRUMapWithDelete(capacity),
    eviction: 'lru',
  },
  cacheable: {
    ...likeMap,
    library: '@cacheable/memory',
    create: ({ CacheableMemory }, lruSize) => new CacheableMemory({ ttl: ttlMs, lruSize, useClone: false }),
    scan: 'cache.keys',
    eviction: 'lru',
  },
  transitory: {
    ...likeMap,
    library: 'transitory',
    create: ({ newCache }, maxSize) => newCache().maxSize(maxSize).expireAfterWrite(ttlMs).build(),
    get: 'cache.getIfPresent(key)',
    settle: 'cache.cleanUp()',
    eviction: 'other',
  },
}

/** One of each kind: without the variants of ours that differ in the clock only. */
export const kinds = Object.keys(contenders).filter(name => !name.startsWith('st-'))
