import { describe, expect, it, vi } from 'vitest'
import { nothing, notNumber } from './__fixtures__/bad-values.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import type { TTLCacheOptions } from './ttl-cache-options.ts'
import { TTLCache } from './ttl-cache.ts'

interface Settings {
  readonly limits: { cost: number }
}

/** Each way to get a value out of a cache that has it. */
const reads: [string, (cache: TTLCache<Settings>) => unknown][] = [
  ['get', cache => cache.get('a')],
  ['peek', cache => cache.peek('a')],
  ['entry', cache => cache.entry('a')?.value],
  ['iteration', cache => [...cache][0]?.[1]],
  ['getOrSet', cache => cache.getOrSet('a', () => ({ limits: { cost: -1 } }))],
  ['getOrSetAsync', cache => cache.getOrSetAsync('a', () => ({ limits: { cost: -1 } }))],
]

/** Each way to put one in. */
const writes: [string, (cache: TTLCache<Settings>, value: Settings) => unknown][] = [
  ['set', (cache, value) => cache.set('a', value)],
  ['set again', (cache, value) => (cache.set('a', { limits: { cost: 0 } }), cache.set('a', value))],
  ['getOrSet', (cache, value) => cache.getOrSet('a', () => value)],
  ['getOrSetAsync', (cache, value) => cache.getOrSetAsync('a', async () => value)],
]

describe('options', () => {
  it.each([{}, { defaultTtl: undefined, maxSize: undefined, cleanupInterval: undefined, now: undefined }])(
    'have the documented defaults (%o)',
    options => {
      const cache = new TTLCache(options)

      expect(cache.stats()).toEqual({
        size: 0,
        maxSize: 1000,
        expiredCount: 0,
        defaultTtl: 300,
        hits: 0,
        misses: 0,
        hitRatio: 0,
        staleHits: 0,
        evictions: 0,
        expirations: 0,
        loads: 0,
        loadFailures: 0,
        totalLoadMs: 0,
      })
    },
  )

  it.each<TTLCacheOptions>([
    { maxSize: 0 },
    { maxSize: -1 },
    { maxSize: NaN },
    { maxSize: 1.5 },
    { maxSize: -Infinity },
    { defaultTtl: NaN },
    { cleanupInterval: NaN },
    { cleanupInterval: -1 },
    { cleanupInterval: -Infinity },
  ])('%o is a RangeError that names the option', options => {
    expect(() => new TTLCache(options)).toThrow(RangeError)
    expect(() => new TTLCache(options)).toThrow(Object.keys(options)[0])
  })

  it.each(['maxSize', 'defaultTtl', 'cleanupInterval'])('a text as %s is a TypeError that names it', name => {
    const options = { [name]: notNumber }

    expect(() => new TTLCache(options)).toThrow(TypeError)
    expect(() => new TTLCache(options)).toThrow(name)
  })
})

describe('defaultTtl', () => {
  it('is how long an entry lives that is stored without a ttl', async () => {
    const { cache, advance } = withClock<number>({ defaultTtl: 10 })
    cache.set('set', 1)
    cache.getOrSet('getOrSet', () => 1)
    await cache.getOrSetAsync('getOrSetAsync', () => 1)
    cache.set('longer', 1, 11)

    advance(9.999)
    const before = Array.from(cache, ([key]) => key)
    advance(0.001)
    const after = Array.from(cache, ([key]) => key)

    expect(before).toEqual(['set', 'getOrSet', 'getOrSetAsync', 'longer'])
    expect(after).toEqual(['longer'])
  })

  it('of Infinity keeps entries for ever', () => {
    const { cache, advance } = withClock<number>({ defaultTtl: Infinity })
    cache.set('a', 1)

    advance(1e9)

    expect(cache.get('a')).toBe(1)
    expect(cache.entry('a')).toEqual({ value: 1, ageMs: 1e12, expiresInMs: Infinity })
  })

  it.each([0, -1, -Infinity])('of %f stores nothing', ttl => {
    const cache = new TTLCache<number>({ defaultTtl: ttl })

    cache.set('a', 1)
    const value = cache.getOrSet('b', () => 2)

    expect(value).toBe(2)
    expect(cache.size).toBe(0)
  })
})

describe('maxSize', () => {
  it('is how many entries there are at most', () => {
    const cache = new TTLCache<number>({ maxSize: 3 })

    for (let index = 0; index < 10; index += 1) cache.set(String(index), index)

    expect([...cache]).toEqual([
      ['7', 7],
      ['8', 8],
      ['9', 9],
    ])
    expect(cache.stats()).toMatchObject({ size: 3, evictions: 7 })
  })

  it('of one is enough for a cache of one', () => {
    const cache = new TTLCache<number>({ maxSize: 1 })

    cache.set('a', 1)
    cache.set('a', 2)
    cache.set('b', 3)

    expect([...cache]).toEqual([['b', 3]])
  })

  it('of Infinity is no bound', () => {
    const cache = new TTLCache<number>({ maxSize: Infinity })

    for (let index = 0; index < 2000; index += 1) cache.set(String(index), index)

    expect(cache.size).toBe(2000)
  })
})

describe('now', () => {
  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['set', cache => cache.set('a', 1)],
    ['get', cache => cache.get('a')],
    ['has', cache => cache.has('a')],
    ['peek', cache => cache.peek('a')],
    ['entry', cache => cache.entry('a')],
    ['getOrSet', cache => cache.getOrSet('a', () => 1)],
    ['getOrSetAsync', cache => cache.getOrSetAsync('a', () => 1)],
    ['iteration', cache => [...cache]],
    ['stats', cache => cache.stats()],
  ])('is read by each call of %s', (_, use) => {
    const now = vi.fn<() => number>(() => 0)
    const cache = new TTLCache<number>({ now })
    cache.set('a', 1)
    now.mockClear()

    use(cache)
    const { length } = now.mock.calls
    use(cache)

    expect(length).toBeGreaterThan(0)
    expect(now.mock.calls.length).toBeGreaterThan(length)
  })

  it('must not be NaN', async () => {
    let nowMs = NaN
    const options = { now: () => nowMs }

    expect(() => new TTLCache(options)).toThrow(TypeError)
    nowMs = 0
    const cache = new TTLCache<number>(options)
    cache.set('a', 1)
    nowMs = NaN
    expect(() => cache.get('a')).toThrow(TypeError)
    expect(() => cache.set('a', 2)).toThrow(TypeError)
    await expect(cache.getOrSetAsync('a', () => 2)).rejects.toThrow(TypeError)
    nowMs = 1

    expect(cache.get('a')).toBe(1)
  })

  it('may begin anywhere', () => {
    let nowMs = -1e12
    const cache = new TTLCache<number>({ now: () => nowMs })
    cache.set('a', 1, 10)

    nowMs += 9999
    const before = cache.get('a')
    nowMs += 1
    const after = cache.get('a')

    expect([before, after]).toEqual([1, undefined])
  })
})

describe('clone', () => {
  it.each(reads)('has %s hand out a copy each time, which changes nothing in the cache', async (_, read) => {
    const cache = new TTLCache<Settings>({ clone: structuredClone })
    cache.set('a', { limits: { cost: 1 } })

    const first = (await read(cache)) as Settings
    first.limits.cost = 2
    const second = await read(cache)

    expect(second).toEqual({ limits: { cost: 1 } })
  })

  it.each(writes)('has %s store a copy, which the caller does not share', async (_, write) => {
    const cache = new TTLCache<Settings>({ clone: structuredClone })
    const value = { limits: { cost: 1 } }

    await write(cache, value)
    value.limits.cost = 2

    expect(cache.get('a')).toEqual({ limits: { cost: 1 } })
  })

  it('that throws leaves the cache as it was', () => {
    const cache = new TTLCache<unknown>({ clone: structuredClone, maxSize: 1 })
    cache.set('a', 1)

    expect(() => cache.set('b', () => {})).toThrow('could not be cloned')
    expect(() => cache.set('a', () => {})).toThrow('could not be cloned')

    expect([...cache]).toEqual([['a', 1]])
  })

  it('is not asked for what is not handed out', () => {
    const clone = vi.fn<(value: number) => number>(value => value)
    const cache = new TTLCache<number>({ clone })
    cache.set('a', 1)
    clone.mockClear()

    cache.has('a')
    cache.get('b')
    cache.delete('a')

    expect(clone).not.toHaveBeenCalled()
  })

  it('is off by default: a reader gets the very object that was stored', () => {
    const cache = new TTLCache<Settings>()
    const value = { limits: { cost: 1 } }

    cache.set('a', value)

    expect(cache.get('a')).toBe(value)
    expect(Object.isFrozen(value.limits)).toBe(false)
  })
})

describe('freeze', () => {
  it.each(writes)('has %s freeze the value with all that it is made of', async (_, write) => {
    const cache = new TTLCache<Settings>({ freeze: true })
    const value = { limits: { cost: 1 } }

    await write(cache, value)

    const stored = cache.get('a')
    expect(stored).toBe(value)
    expect(() => Object.assign(value.limits, { cost: 2 })).toThrow(TypeError)
    expect(() => Object.assign(value, { limits: undefined })).toThrow(TypeError)
  })

  it('takes what cannot be frozen, or leads back to itself', () => {
    const cache = new TTLCache<unknown>({ freeze: true })
    const circle: { self?: unknown } = {}
    circle.self = circle

    for (const value of [new Uint8Array(2), { bytes: Buffer.from('a') }, circle, null, 'text', () => 1]) {
      cache.set('a', value)

      expect(cache.get('a')).toBe(value)
    }
    expect(Object.isFrozen(circle)).toBe(true)
  })

  it('with clone freezes the copy that is stored, not the object of the caller', () => {
    const cache = new TTLCache<Settings>({ freeze: true, clone: value => ({ ...value }) })
    const value = { limits: { cost: 1 } }
    const removed: unknown[] = []
    const observed = new TTLCache<Settings>({
      freeze: true,
      clone: structuredClone,
      onRemove: (_, stored) => removed.push(Object.isFrozen(stored)),
    })

    cache.set('a', value)
    observed.set('a', { limits: { cost: 1 } })
    observed.clear()

    expect(Object.isFrozen(value)).toBe(false)
    expect(removed).toEqual([true])
  })
})

describe('an argument', () => {
  it('of the wrong kind leaves the entry as it was', () => {
    const cache = new TTLCache<number>()
    cache.set('a', 1)

    expect(() => cache.set('a', nothing)).toThrow(TypeError)
    expect(() => cache.set('a', 2, NaN)).toThrow(RangeError)
    expect(() => cache.set('a', 2, notNumber)).toThrow(TypeError)
    expect(() => cache.getOrSet('a', () => 2, NaN)).toThrow(RangeError)

    expect([...cache]).toEqual([['a', 1]])
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
  })
})
