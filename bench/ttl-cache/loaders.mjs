// Who takes part in the comparison of get-or-load: a value from the cache, or from a function that is called once.
const ttl = 300
const ttlMs = ttl * 1000

/**
 * @typedef {object} Setting
 * @property {string[]} keys
 * @property {object[]} values
 * @property {number} entries How many there are.
 * @property {(key: string) => Promise<object>} load What a cache calls for a key that it does not hold.
 *
 * @typedef {object} Loader
 * @property {string[]} [libraries] What to import. `ours` is the file that is being measured.
 * @property {(libraries: any[], setting: Setting) => any} create
 * @property {string} load Source of an expression over `cache`, `key` and `load`: a promise of the value.
 */

/** @type {Loader} The floor that every loader is divided by. */
export const plainLoader = {
  create: (_, { keys, values }) => {
    const map = new Map(keys.map((key, index) => [key, values[index]]))
    return async key => map.get(key)
  },
  load: 'cache(key)',
}

/** @type {Record<string, Loader>} */
export const loaders = {
  st: {
    libraries: ['ours'],
    create: ([{ TTLCache }], { entries }) => new TTLCache({ maxSize: entries, defaultTtl: ttl }),
    load: 'cache.getOrSetAsync(key, () => load(key))',
  },
  'lru-cache fetch': {
    libraries: ['lru-cache'],
    create: ([{ LRUCache }], { entries, load }) => new LRUCache({ max: entries, ttl: ttlMs, fetchMethod: load }),
    load: 'cache.fetch(key)',
  },
  'layered-loader': {
    libraries: ['layered-loader/core'],
    create: ([{ Loader }], { entries, load }) =>
      new Loader({
        inMemoryCache: { cacheType: 'lru-map', ttlInMsecs: ttlMs, maxItems: entries },
        dataSourceGetOneFn: load,
      }),
    load: 'cache.get(key)',
  },
  'p-memoize (no TTL)': {
    libraries: ['p-memoize'],
    create: ([{ default: pMemoize }], { load }) => pMemoize(load),
    load: 'cache(key)',
  },
  'keyv by hand': {
    libraries: ['keyv'],
    create: ([{ Keyv }]) => {
      const keyv = new Keyv({ ttl: ttlMs, serialization: false })
      return async (key, load) => {
        const found = await keyv.get(key)
        if (found !== undefined) return found
        const value = await load(key)
        await keyv.set(key, value)
        return value
      }
    },
    load: 'cache(key, load)',
  },
  'async-cache-dedupe': {
    libraries: ['async-cache-dedupe'],
    create: ([{ createCache }], { entries, load }) =>
      createCache({ ttl, storage: { type: 'memory', options: { size: entries } } }).define('load', load),
    load: 'cache.load(key)',
  },
  cachified: {
    libraries: ['@epic-web/cachified', 'lru-cache'],
    create: ([{ cachified }, { LRUCache }], { entries }) => {
      const cache = new LRUCache({ max: entries })
      return (key, load) => cachified({ key, cache, ttl: ttlMs, getFreshValue: () => load(key) })
    },
    load: 'cache(key, load)',
  },
  bentocache: {
    libraries: ['bentocache', 'bentocache/drivers/memory'],
    create: ([{ BentoCache, bentostore }, { memoryDriver }], { entries }) => {
      const layer = memoryDriver({ maxItems: entries, serialize: false })
      return new BentoCache({ default: 'memory', ttl: ttlMs, stores: { memory: bentostore().useL1Layer(layer) } })
    },
    load: 'cache.getOrSet({ key, factory: () => load(key) })',
  },
  'cache-manager wrap': {
    libraries: ['cache-manager'],
    create: ([{ createCache }]) => createCache({ ttl: ttlMs }),
    load: 'cache.wrap(key, () => load(key))',
  },
  'cacheable getOrSet': {
    libraries: ['cacheable'],
    create: ([{ Cacheable }]) => new Cacheable({ ttl: ttlMs }),
    load: 'cache.getOrSet(key, () => load(key))',
  },
}
