import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { TTLCacheOptions } from './ttl-cache-options.ts'
import { TTLCache } from './ttl-cache.ts'

/** A cache whose clock stands still until it is moved. */
function withClock<V>(options: TTLCacheOptions = {}): { cache: TTLCache<V>; advance: (seconds: number) => void } {
  let nowMs = 0
  const cache = new TTLCache<V>({ ...options, now: () => nowMs })
  const advance = (seconds: number): void => {
    nowMs += seconds * 1000
  }
  return { cache, advance }
}

function keysOf(cache: TTLCache<unknown>): readonly string[] {
  return Array.from(cache, ([key]) => key)
}

afterEach(() => {
  vi.useRealTimers()
})

describe('options', () => {
  it('have the documented defaults', () => {
    const cache = new TTLCache()

    expect(cache.stats()).toEqual({
      size: 0,
      maxSize: 1000,
      expiredCount: 0,
      defaultTtl: 300,
      hits: 0,
      misses: 0,
      hitRatio: 0,
      evictions: 0,
      expirations: 0,
    })
  })

  it.each<TTLCacheOptions>([
    { maxSize: 0 },
    { maxSize: -1 },
    { maxSize: NaN },
    { maxSize: 1.5 },
    { defaultTtl: NaN },
    { cleanupInterval: NaN },
    { cleanupInterval: -1 },
  ])('%o is a RangeError that names the option', options => {
    expect(() => new TTLCache(options)).toThrow(RangeError)
    expect(() => new TTLCache(options)).toThrow(Object.keys(options)[0])
  })

  it.each(['maxSize', 'defaultTtl', 'cleanupInterval'])('a text as %s is a TypeError', name => {
    const options: object = { [name]: '60' }

    expect(() => new TTLCache(options)).toThrow(TypeError)
  })

  it('accept a maxSize of Infinity', () => {
    const cache = new TTLCache<number>({ maxSize: Infinity })

    for (let index = 0; index < 2000; index += 1) cache.set(String(index), index)

    expect(cache.size).toBe(2000)
  })

  it('read the clock of the process by default, which the system time does not move', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    const cache = new TTLCache<number>({ defaultTtl: 10 })
    cache.set('a', 1)

    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(9_999)
    const before = cache.get('a')
    vi.advanceTimersByTime(1)
    const after = cache.get('a')

    expect([before, after]).toEqual([1, undefined])
  })
})

describe('values', () => {
  it('null is a value', () => {
    const cache = new TTLCache<string | null>()

    cache.set('a', null)

    expect(cache.get('a')).toBeNull()
    expect(cache.has('a')).toBe(true)
    expect(cache.getOrSet('a', () => 'computed')).toBeNull()
  })

  it('undefined is not stored and removes the key', () => {
    const cache = new TTLCache<string | undefined>()
    cache.set('a', 'old')

    cache.set('a', undefined)

    expect(cache.has('a')).toBe(false)
    expect(cache.size).toBe(0)
  })

  it('undefined from a factory is handed out and asked for again', () => {
    const cache = new TTLCache<string | undefined>()
    const factory = vi.fn<() => undefined>()

    const results = [cache.getOrSet('a', factory), cache.getOrSet('a', factory)]

    expect(results).toEqual([undefined, undefined])
    expect(factory).toHaveBeenCalledTimes(2)
    expect(cache.size).toBe(0)
  })

  it('a promise is a value for get, set and getOrSet', () => {
    const cache = new TTLCache<Promise<number>>()
    const promise = Promise.resolve(1)

    const made = cache.getOrSet('a', () => promise)

    expect(made).toBe(promise)
    expect(cache.get('a')).toBe(promise)
  })
})

describe('arguments', () => {
  const notText: string = JSON.parse('1')

  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['set', cache => cache.set(notText, 1)],
    ['getOrSet', cache => cache.getOrSet(notText, () => 1)],
    ['invalidatePrefix', cache => cache.invalidatePrefix(notText)],
  ])('%s refuses a key that is not a string', (_, call) => {
    const cache = new TTLCache<number>()

    expect(() => call(cache)).toThrow(TypeError)
    expect(cache.size).toBe(0)
  })

  it('a ttl of NaN is a RangeError and leaves the entry as it was', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    expect(() => cache.set('a', 2, NaN)).toThrow(RangeError)
    expect(() => cache.getOrSet('b', () => 2, NaN)).toThrow(RangeError)

    expect(cache.get('a')).toBe(1)
  })

  it('a text as ttl is a TypeError', () => {
    const cache = new TTLCache<number>()
    const ttl: number = JSON.parse('"60"')

    expect(() => cache.set('a', 2, ttl)).toThrow(TypeError)
  })
})

describe('order of use', () => {
  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['get', cache => cache.get('a')],
    ['set', cache => cache.set('a', 2)],
    ['getOrSet', cache => cache.getOrSet('a', () => 2)],
  ])('%s protects an entry from eviction', (_, use) => {
    const cache = new TTLCache<number>({ maxSize: 3 })
    for (const key of ['a', 'b', 'c']) cache.set(key, 1)

    use(cache)
    cache.set('d', 1)

    expect(keysOf(cache)).toEqual(['c', 'a', 'd'])
  })

  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['has', cache => cache.has('a')],
    ['peek', cache => cache.peek('a')],
    ['iteration', cache => [...cache]],
    ['stats', cache => cache.stats()],
  ])('%s does not, and counts nothing', (_, look) => {
    const cache = new TTLCache<number>({ maxSize: 3 })
    for (const key of ['a', 'b', 'c']) cache.set(key, 1)

    look(cache)
    cache.set('d', 1)

    expect(keysOf(cache)).toEqual(['b', 'c', 'd'])
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0, evictions: 1 })
  })

  it('an expired entry goes before a live one, however recently it was used', () => {
    const { cache, advance } = withClock<number>({ maxSize: 3, cleanupInterval: Infinity })
    cache.set('oldest', 1)
    cache.set('short', 1, 1)
    cache.set('other', 1)
    cache.get('short')
    advance(1)

    cache.set('new', 1)

    expect(keysOf(cache)).toEqual(['oldest', 'other', 'new'])
    expect(cache.stats()).toMatchObject({ evictions: 0, expirations: 1 })
  })

  it('an overwrite with a shorter life is taken for expired at the new time', () => {
    const { cache, advance } = withClock<number>({ maxSize: 2, cleanupInterval: Infinity })
    cache.set('oldest', 1)
    cache.set('a', 1, 100)
    cache.set('a', 2, 1)
    advance(1)

    cache.set('new', 1)

    expect(keysOf(cache)).toEqual(['oldest', 'new'])
  })

  it('an overwrite with a longer life is not taken for expired at the old time', () => {
    const { cache, advance } = withClock<number>({ maxSize: 2, cleanupInterval: 0 })
    cache.set('a', 1, 1)
    cache.set('a', 2, 100)
    advance(1)

    cache.set('new', 1)

    expect([...cache]).toEqual([
      ['a', 2],
      ['new', 1],
    ])
    expect(cache.stats().expirations).toBe(0)
  })
})

describe('has and peek', () => {
  it('do not see an expired entry and leave it for the sweep', () => {
    const { cache, advance } = withClock<number>()
    cache.set('a', 1, 1)
    advance(1)

    expect(cache.has('a')).toBe(false)
    expect(cache.peek('a')).toBeUndefined()
    expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 1, expirations: 0 })
  })

  it('see a live one', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    expect(cache.has('a')).toBe(true)
    expect(cache.peek('a')).toBe(1)
  })
})

describe('sweep', () => {
  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['get', cache => cache.get('b')],
    ['set', cache => cache.set('b', 1)],
    ['getOrSet', cache => cache.getOrSet('b', () => 1)],
    ['getOrSetAsync', cache => cache.getOrSetAsync('b', () => 1)],
  ])('%s removes expired entries once the cleanup interval has passed', async (_, touch) => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 10 })
    cache.set('a', 1, 1)
    advance(9)

    await touch(cache)
    const before = cache.stats().expiredCount
    advance(1)
    await touch(cache)
    const after = cache.stats().expiredCount

    expect([before, after]).toEqual([1, 0])
  })

  it('does not wait for a timer: none keeps the process alive', () => {
    vi.useFakeTimers()

    const cache = new TTLCache<number>()
    cache.set('a', 1)

    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('iteration', () => {
  it('shows live entries only', () => {
    const { cache, advance } = withClock<number>()
    cache.set('short', 1, 1)
    cache.set('long', 2)
    advance(1)

    expect([...cache]).toEqual([['long', 2]])
    expect(cache.size).toBe(2)
  })

  it('leaves out what is removed meanwhile and does not show what is added', () => {
    const cache = new TTLCache<number>()
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, 1)

    const seen: string[] = []
    for (const [key] of cache) {
      seen.push(key)
      cache.delete('b')
      cache.set('c', 2)
      cache.set('e', 1)
    }

    expect(seen).toEqual(['a', 'd'])
  })

  it('shows nothing more after a clear', () => {
    const cache = new TTLCache<number>()
    for (const key of ['a', 'b']) cache.set(key, 1)

    const seen: string[] = []
    for (const [key] of cache) {
      seen.push(key)
      cache.clear()
    }

    expect(seen).toEqual(['a'])
  })
})

describe('getOrSet', () => {
  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['sets the key', cache => cache.set('a:1', 'newer')],
    ['deletes the key', cache => cache.delete('a:1')],
    ['clears the cache', cache => cache.clear()],
    ['invalidates a prefix', cache => cache.invalidatePrefix('a:')],
    ['computes the key itself', cache => cache.getOrSet('a:1', () => 'newer')],
  ])('does not keep the value of a factory that %s', (_, interfere) => {
    const cache = new TTLCache<string>()

    const value = cache.getOrSet('a:1', () => {
      interfere(cache)
      return 'computed'
    })

    expect(value).toBe('computed')
    expect(cache.get('a:1')).not.toBe('computed')
  })

  it('keeps the value of a factory that invalidates something else', () => {
    const cache = new TTLCache<string>()

    cache.getOrSet('a:1', () => {
      cache.invalidatePrefix('b:')
      cache.delete('a:2')
      return 'computed'
    })

    expect(cache.get('a:1')).toBe('computed')
  })

  it('hands out and does not keep with a ttl of zero', () => {
    const cache = new TTLCache<string>()

    const value = cache.getOrSet('a', () => 'computed', 0)

    expect(value).toBe('computed')
    expect(cache.size).toBe(0)
  })
})

describe('stats', () => {
  it('tell the share of hits', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    cache.get('a')
    cache.get('a')
    cache.get('a')
    cache.get('b')

    expect(cache.stats()).toMatchObject({ hits: 3, misses: 1, hitRatio: 0.75 })
  })

  it('go on after clear', () => {
    const cache = new TTLCache<number>()
    cache.getOrSet('a', () => 1)

    cache.clear()

    expect(cache.stats()).toMatchObject({ size: 0, misses: 1 })
  })
})

describe('dispose', () => {
  it('empties the cache for good', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    cache.dispose()
    cache.dispose()
    cache.set('b', 1)
    const values = [cache.getOrSet('c', () => 3), cache.getOrSet('c', () => 4)]

    expect(cache.size).toBe(0)
    expect(values).toEqual([3, 4])
  })

  it('drops a value that is still being loaded', async () => {
    const cache = new TTLCache<number>()
    const load = Promise.withResolvers<number>()
    const waiting = cache.getOrSetAsync('a', () => load.promise)

    cache.dispose()
    load.resolve(1)

    await expect(waiting).resolves.toBe(1)
    expect(cache.size).toBe(0)
  })

  it('is what using calls', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    cache[Symbol.dispose]()
    cache.set('b', 1)

    expect(cache.size).toBe(0)
  })
})

describe('memory', () => {
  it.each<[string, (cache: TTLCache<object>) => unknown]>([
    ['deleted', cache => cache.delete('a')],
    ['replaced', cache => cache.set('a', {})],
    ['cleared', cache => cache.clear()],
    ['invalidated', cache => cache.invalidatePrefix('a')],
    ['evicted', cache => cache.set('b', {})],
  ])('does not hold on to a value that was %s until its time would have been up', async (_, remove) => {
    const cache = new TTLCache<object>({ maxSize: 1 })
    const reference = storeAndForget(cache)

    remove(cache)
    await collectGarbage()

    expect(reference.deref()).toBeUndefined()
    expect(cache.size).toBeLessThan(2)
  })

  it('stays small however often one key is set', async () => {
    const cache = new TTLCache<number>({ defaultTtl: 3600 })
    await collectGarbage()
    const before = process.memoryUsage().heapUsed

    for (let round = 0; round < 100_000; round += 1) cache.set('a', round)
    await collectGarbage()
    const after = process.memoryUsage().heapUsed

    expect(cache.get('a')).toBe(99_999)
    expect(after - before).toBeLessThan(2_000_000)
  })
})

/** Leaves no reference to the value but that of the cache. */
function storeAndForget(cache: TTLCache<object>): WeakRef<object> {
  const value = { large: 'value' }
  cache.set('a', value)
  return new WeakRef(value)
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  // A WeakRef keeps its target alive until the turn of the event loop in which it was made is over.
  await new Promise(resolve => setImmediate(resolve))
  collect()
}
