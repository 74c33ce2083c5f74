import { describe, expect, it, vi } from 'vitest'
import { nothing, notText } from './__fixtures__/bad-values.ts'
import { keysOf } from './__fixtures__/keys-of.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import { TTLCache } from './ttl-cache.ts'

/** Every method that takes a key. */
const keyedUses: [string, (cache: TTLCache<number>, key: string) => unknown][] = [
  ['get', (cache, key) => cache.get(key)],
  ['has', (cache, key) => cache.has(key)],
  ['peek', (cache, key) => cache.peek(key)],
  ['entry', (cache, key) => cache.entry(key)],
  ['set', (cache, key) => cache.set(key, 1)],
  ['delete', (cache, key) => cache.delete(key)],
  ['invalidatePrefix', (cache, key) => cache.invalidatePrefix(key)],
  ['getOrSet', (cache, key) => cache.getOrSet(key, () => 1)],
]

describe('values', () => {
  it('null is a value', async () => {
    const cache = new TTLCache<string | null>()

    cache.set('a', null)

    expect(cache.get('a')).toBeNull()
    expect(cache.peek('a')).toBeNull()
    expect(cache.has('a')).toBe(true)
    expect(cache.getOrSet('a', () => 'computed')).toBeNull()
    expect(await cache.getOrSetAsync('a', () => 'loaded')).toBeNull()
    expect([...cache]).toEqual([['a', null]])
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 0 })
  })

  it.each([false, 0, '', NaN])('%o is a value', value => {
    const cache = new TTLCache<unknown>()

    cache.set('a', value)

    expect(cache.getOrSet('a', () => 'computed')).toBe(value)
  })

  it('undefined is refused and changes nothing', () => {
    const cache = new TTLCache<string>()
    cache.set('a', 'old')

    expect(() => cache.set('a', nothing)).toThrow(TypeError)
    expect(() => cache.set('b', nothing)).toThrow(TypeError)

    expect([...cache]).toEqual([['a', 'old']])
  })

  it('undefined that is refused does not make a running load out of date', async () => {
    const cache = new TTLCache<string>()
    const load = Promise.withResolvers<string>()
    const waiting = cache.getOrSetAsync('a', () => load.promise)

    expect(() => cache.set('a', nothing)).toThrow(TypeError)
    load.resolve('loaded')
    await waiting

    expect(cache.get('a')).toBe('loaded')
  })

  it('undefined from a factory is handed out and asked for again', () => {
    const cache = new TTLCache<string | undefined>()
    const factory = vi.fn<() => undefined>()

    const results = [cache.getOrSet('a', factory), cache.getOrSet('a', factory)]

    expect(results).toEqual([undefined, undefined])
    expect(factory).toHaveBeenCalledTimes(2)
    expect(cache.size).toBe(0)
  })

  it('a promise is a value for set and get', () => {
    const cache = new TTLCache<Promise<number>>()
    const promise = Promise.resolve(1)

    cache.set('a', promise)

    expect(cache.get('a')).toBe(promise)
  })
})

describe('a key that is not a string', () => {
  const sizes = [1000, Infinity]

  it.each(keyedUses.flatMap(([name, use]) => sizes.map(maxSize => ({ name, use, maxSize }))))(
    'is a TypeError for $name (maxSize $maxSize)',
    ({ use, maxSize }) => {
      const cache = new TTLCache<number>({ maxSize })

      for (const key of [notText, nothing, JSON.parse('null'), JSON.parse('["a"]'), JSON.parse('{}')]) {
        expect(() => use(cache, key)).toThrow(TypeError)
        expect(() => use(cache, key)).toThrow('must be a string')
      }
      expect(cache.size).toBe(0)
      expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
    },
  )

  it.each(sizes)('is a rejection of getOrSetAsync (maxSize %d)', async maxSize => {
    const cache = new TTLCache<number>({ maxSize })
    const factory = vi.fn<() => number>(() => 1)

    await expect(cache.getOrSetAsync(notText, factory)).rejects.toThrow(TypeError)

    expect(factory).not.toHaveBeenCalled()
    expect(cache.stats()).toMatchObject({ size: 0, misses: 0 })
  })
})

describe('order of use', () => {
  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['get', cache => cache.get('a')],
    ['set', cache => cache.set('a', 2)],
    ['getOrSet', cache => cache.getOrSet('a', () => 2)],
    ['getOrSetAsync', cache => cache.getOrSetAsync('a', () => 2)],
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
    ['entry', cache => cache.entry('a')],
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

  it('an overwrite evicts nobody', () => {
    const cache = new TTLCache<number>({ maxSize: 2 })
    cache.set('a', 1)
    cache.set('b', 1)

    cache.set('a', 2)

    expect([...cache]).toEqual([
      ['b', 1],
      ['a', 2],
    ])
    expect(cache.stats().evictions).toBe(0)
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

describe('entry', () => {
  it.each<[string, number | undefined, number]>([
    ['the default', undefined, 300],
    ['its own', 20, 20],
    ['an endless', Infinity, Infinity],
    ['a very long', 60 * 86_400, 60 * 86_400],
  ])('tells value, age and time left of an entry with %s lifetime', (_, ttl, seconds) => {
    const { cache, advance } = withClock<string>()
    cache.set('before', 'another')
    cache.set('a', 'value', ttl)

    advance(5)

    expect(cache.entry('a')).toEqual({ value: 'value', ageMs: 5000, expiresInMs: (seconds - 5) * 1000 })
    expect(cache.entry('before')).toEqual({ value: 'another', ageMs: 5000, expiresInMs: 295_000 })
  })

  it('tells the age since the value was replaced', () => {
    const { cache, advance } = withClock<string>()
    cache.set('a', 'old', 20)
    advance(5)
    cache.set('a', 'new')
    advance(1)

    expect(cache.entry('a')).toEqual({ value: 'new', ageMs: 1000, expiresInMs: 299_000 })
  })

  it('tells of an expired entry as long as it is there, and leaves it', () => {
    const { cache, advance } = withClock<string>({ cleanupInterval: Infinity })
    cache.set('a', 'value', 10)

    advance(15)

    expect(cache.entry('a')).toEqual({ value: 'value', ageMs: 15_000, expiresInMs: -5000 })
    expect(cache.stats()).toMatchObject({ size: 1, expirations: 0 })
  })

  it('knows nothing of a key that is not there', () => {
    const cache = new TTLCache<string>()
    cache.set('a', 'value')
    cache.delete('a')

    expect(cache.entry('a')).toBeUndefined()
    expect(cache.entry('b')).toBeUndefined()
  })
})

describe('delete', () => {
  it('says whether the key was there', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    expect([cache.delete('a'), cache.delete('a'), cache.delete('b')]).toEqual([true, false, false])
    expect(cache.has('a')).toBe(false)
  })

  it('says true of an expired entry that is still held', () => {
    const { cache, advance } = withClock<number>()
    cache.set('a', 1, 1)
    advance(1)

    expect(cache.delete('a')).toBe(true)
    expect(cache.stats()).toMatchObject({ size: 0, expiredCount: 0, expirations: 0 })
  })
})

describe('clear', () => {
  it('says how many entries were held, expired ones too, and the cache goes on', () => {
    const { cache, advance } = withClock<number>({ maxSize: 3 })
    cache.set('a', 1, 1)
    cache.set('b', 1)
    advance(1)

    const count = cache.clear()
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, 2)

    expect(count).toBe(2)
    expect(keysOf(cache)).toEqual(['b', 'c', 'd'])
    expect(cache.clear()).toBe(3)
    expect(cache.clear()).toBe(0)
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

  it('shows the keys from the beginning, each with its value of the moment, and leaves out what is gone', () => {
    const cache = new TTLCache<number>()
    for (const key of ['a', 'b', 'c', 'd', 'again']) cache.set(key, 1)

    const seen: [string, number][] = []
    for (const entry of cache) {
      seen.push(entry)
      cache.delete('b')
      cache.set('c', 2)
      cache.set('e', 1)
      cache.delete('again')
      cache.set('again', 2)
    }

    expect(seen).toEqual([
      ['a', 1],
      ['c', 2],
      ['d', 1],
      ['again', 2],
    ])
  })

  it('leaves out what expires meanwhile', () => {
    const { cache, advance } = withClock<number>()
    cache.set('a', 1)
    cache.set('b', 1, 1)
    cache.set('c', 1)

    const seen: string[] = []
    for (const [key] of cache) {
      seen.push(key)
      advance(1)
    }

    expect(seen).toEqual(['a', 'c'])
  })

  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['clear', cache => cache.clear()],
    ['dispose', cache => cache.dispose()],
  ])('shows nothing more after %s', (_, empty) => {
    const cache = new TTLCache<number>()
    for (const key of ['a', 'b']) cache.set(key, 1)

    const seen: string[] = []
    for (const [key] of cache) {
      seen.push(key)
      empty(cache)
    }

    expect(seen).toEqual(['a'])
  })

  it('may be left early and begun again', () => {
    const cache = new TTLCache<number>()
    for (const key of ['a', 'b']) cache.set(key, 1)

    const [first] = cache
    const all = keysOf(cache)

    expect(first).toEqual(['a', 1])
    expect(all).toEqual(['a', 'b'])
  })
})

describe('getOrSet', () => {
  it('computes once what it then finds', () => {
    const cache = new TTLCache<string>()
    const factory = vi.fn<() => string>(() => 'computed')

    const values = [cache.getOrSet('a', factory), cache.getOrSet('a', factory)]

    expect(values).toEqual(['computed', 'computed'])
    expect(factory).toHaveBeenCalledTimes(1)
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 1 })
  })

  it('throws what the factory throws and stores nothing', () => {
    const cache = new TTLCache<string>()
    const failure = new Error('by the factory')
    const failing = (): never => {
      throw failure
    }

    expect(() => cache.getOrSet('a', failing)).toThrow(failure)

    expect(cache.size).toBe(0)
    expect(cache.getOrSet('a', () => 'computed')).toBe('computed')
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['sets the key', cache => cache.set('a:1', 'newer')],
    ['deletes the key', cache => cache.delete('a:1')],
    ['clears the cache', cache => cache.clear()],
    ['invalidates a prefix', cache => cache.invalidatePrefix('a:')],
    ['computes the key itself', cache => cache.getOrSet('a:1', () => 'newer')],
    ['disposes of the cache', cache => cache.dispose()],
  ])('does not keep the value of a factory that %s', (_, interfere) => {
    const cache = new TTLCache<string>()

    const value = cache.getOrSet('a:1', () => {
      interfere(cache)
      return 'computed'
    })

    expect(value).toBe('computed')
    expect([...cache]).not.toContainEqual(['a:1', 'computed'])
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

  it.each([() => Promise.resolve(1), () => Promise.reject(new Error('of no interest'))])(
    'refuses a promise, whose failure then disturbs nobody (%#)',
    async factory => {
      const cache = new TTLCache<Promise<number>>()
      const unhandled = vi.fn<(reason: unknown) => void>()
      process.on('unhandledRejection', unhandled)

      expect(() => cache.getOrSet('a', factory)).toThrow(TypeError)
      expect(() => cache.getOrSet('a', factory)).toThrow('getOrSetAsync')
      await new Promise(resolve => setImmediate(resolve))
      process.off('unhandledRejection', unhandled)

      expect(cache.size).toBe(0)
      expect(unhandled).not.toHaveBeenCalled()
    },
  )
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
    cache.get('a')

    cache.dispose()
    cache.dispose()

    expect(cache.size).toBe(0)
    expect([...cache]).toEqual([])
    expect(cache.stats()).toMatchObject({ size: 0, expiredCount: 0, hits: 1 })
  })

  it.each(keyedUses)('makes %s a TypeError', (_, use) => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    cache.dispose()

    expect(() => use(cache, 'a')).toThrow(TypeError)
    expect(() => use(cache, 'a')).toThrow('disposed')
    expect(cache.size).toBe(0)
  })

  it('makes clear a TypeError and getOrSetAsync a rejection, which calls no factory', async () => {
    const cache = new TTLCache<number>()
    const factory = vi.fn<() => number>(() => 1)

    cache.dispose()

    expect(() => cache.clear()).toThrow(TypeError)
    await expect(cache.getOrSetAsync('a', factory)).rejects.toThrow(TypeError)
    expect(factory).not.toHaveBeenCalled()
  })

  it('is seen by a read in the same step, although those may do without the clock', async () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)
    cache.get('a')
    await cache.getOrSetAsync('a', () => 1)
    cache.get('a')

    cache.dispose()

    expect(() => cache.get('a')).toThrow(TypeError)
    expect(() => cache.peek('a')).toThrow(TypeError)
    await expect(cache.getOrSetAsync('a', () => 1)).rejects.toThrow(TypeError)
  })

  it('hands out what is being loaded and does not store it', async () => {
    const cache = new TTLCache<number>()
    const load = Promise.withResolvers<number>()
    const waiting = cache.getOrSetAsync('a', () => load.promise)

    cache.dispose()
    load.resolve(1)

    await expect(waiting).resolves.toBe(1)
    expect(cache.size).toBe(0)
    expect(cache.stats()).toMatchObject({ loads: 1 })
  })

  it('is what using calls', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    cache[Symbol.dispose]()

    expect(cache.size).toBe(0)
    expect(() => cache.get('a')).toThrow(TypeError)
  })
})
