// How each library lets go of what has expired, set to do so soon. Those that wait until an entry is read
// (quick-lru, toad-cache, lru.min) never do here.

/**
 * @typedef {object} ExpiringCache
 * @property {string} [library] What to import. `ours` is the file that is being measured.
 * @property {(library: any, capacity: number) => any} create
 * @property {(cache: any, entry: { key: string, value: object, leftMs: number }) => void} set
 * @property {(cache: any, key: string) => unknown} get
 * @property {(cache: any) => number} size Entries held, expired ones included.
 * @property {(cache: any) => void} [purge] What the program has to call; the others do it by themselves.
 */

const lruCache = {
  library: 'lru-cache',
  set: (cache, { key, value, leftMs }) => cache.set(key, value, { ttl: leftMs }),
  get: (cache, key) => cache.get(key),
  size: cache => cache.size,
}

/** @type {Record<string, ExpiringCache>} */
export const expiringCaches = {
  'no cache': { create: () => new Map(), set: () => {}, get: (cache, key) => cache.get(key), size: () => 0 },
  st: {
    library: 'ours',
    create: ({ TTLCache }, maxSize) => new TTLCache({ maxSize, defaultTtl: 300, cleanupInterval: 0.05 }),
    set: (cache, { key, value, leftMs }) => cache.set(key, value, leftMs / 1000),
    get: (cache, key) => cache.get(key),
    size: cache => cache.size,
  },
  'lru-cache ttlAutopurge': {
    ...lruCache,
    create: ({ LRUCache }, max) => new LRUCache({ max, ttl: 300_000, ttlAutopurge: true }),
  },
  'lru-cache purgeStale': {
    ...lruCache,
    create: ({ LRUCache }, max) => new LRUCache({ max, ttl: 300_000 }),
    purge: cache => cache.purgeStale(),
  },
  isaacs: {
    library: '@isaacs/ttlcache',
    create: ({ TTLCache }, max) => new TTLCache({ max }),
    set: (cache, { key, value, leftMs }) => cache.set(key, value, { ttl: leftMs }),
    get: (cache, key) => cache.get(key),
    size: cache => cache.size,
  },
  'node-cache check': {
    library: 'node-cache',
    create: ({ default: NodeCache }) => new NodeCache({ checkperiod: 1, useClones: false }),
    set: (cache, { key, value, leftMs }) => cache.set(key, value, leftMs / 1000),
    get: (cache, key) => cache.get(key),
    size: cache => cache.getStats().keys,
  },
  'transitory cleanUp': {
    library: 'transitory',
    create: ({ newCache }, maxSize) => {
      const setting = { leftMs: 0 }
      const cache = newCache()
        .maxSize(maxSize)
        .expireAfterWrite(() => setting.leftMs)
        .build()
      return { cache, setting }
    },
    set: ({ cache, setting }, { key, value, leftMs }) => {
      setting.leftMs = leftMs
      cache.set(key, value)
    },
    get: ({ cache }, key) => cache.getIfPresent(key),
    size: ({ cache }) => cache.size,
    purge: ({ cache }) => cache.cleanUp(),
  },
  'tiny-lru cleanup': {
    library: 'tiny-lru',
    create: ({ lru }, max) => lru(max, 300_000),
    set: (cache, { key, value, leftMs }) => {
      cache.ttl = leftMs
      cache.set(key, value)
    },
    get: (cache, key) => cache.get(key),
    size: cache => cache.size,
    purge: cache => cache.cleanup(),
  },
}
