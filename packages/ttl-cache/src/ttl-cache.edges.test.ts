import { afterEach, describe, expect, it, vi } from 'vitest'
import { notText } from './__fixtures__/bad-values.ts'
import { keysOf } from './__fixtures__/keys-of.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import { TTLCache } from './ttl-cache.ts'

const day = 86_400
const dayMs = day * 1000

/** Ticks are moved on at this many milliseconds: 12.4 days. */
const horizonMs = 2 ** 30

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('a full cache', () => {
  it('evicts no live entry while there are expired ones, wherever those are in the order of use', () => {
    for (let expired = 0; expired < 10; expired += 1) {
      const { cache, advance } = withClock<number>({ maxSize: 10, cleanupInterval: Infinity })
      for (let index = 0; index < 10; index += 1) cache.set(String(index), index, index === expired ? 1 : 100)
      advance(1)

      cache.set('new', 1)

      const live = Array.from({ length: 10 }, (_, index) => String(index)).filter(key => key !== String(expired))
      expect(keysOf(cache)).toEqual([...live, 'new'])
      expect(cache.stats()).toMatchObject({ size: 10, evictions: 0, expirations: 1 })
    }
  })

  it('evicts no live entry among thousands while there is one expired', () => {
    const { cache, advance } = withClock<number>({ maxSize: 20_000, cleanupInterval: Infinity })
    for (let index = 0; index < 20_000; index += 1) cache.set(String(index), index, index === 12_345 ? 1 : 100)
    advance(1)

    cache.set('new', 1)

    expect(cache.entry('12345')).toBeUndefined()
    expect(cache.has('0')).toBe(true)
    expect(cache.stats()).toMatchObject({ size: 20_000, evictions: 0, expirations: 1 })
  })

  it('holds as many live entries as it may although all others have expired', () => {
    const { cache, advance } = withClock<number>({ maxSize: 100, cleanupInterval: Infinity })
    for (let index = 0; index < 100; index += 1) cache.set(`old ${index}`, index, 1)
    advance(1)

    for (let index = 0; index < 100; index += 1) cache.set(`new ${index}`, index)

    expect([...cache]).toHaveLength(100)
    expect(cache.stats()).toMatchObject({ size: 100, evictions: 0, expirations: 100 })
  })
})

describe('expired entries', () => {
  it('are counted in size and in expiredCount, and shown nowhere', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: Infinity })
    for (const key of ['a', 'b', 'c']) cache.set(key, 1, key === 'b' ? 2 : 1)
    advance(1)

    const shown = [keysOf(cache), cache.has('a'), cache.peek('a')]

    expect(shown).toEqual([['b'], false, undefined])
    expect(cache.size).toBe(3)
    expect(cache.stats()).toMatchObject({ size: 3, expiredCount: 2 })
  })

  it('are gone from the very millisecond at which their time is up', () => {
    const { cache, advance } = withClock<number>()
    cache.set('a', 1, 10)

    advance(9.999)
    const before = cache.get('a')
    advance(0.001)
    const at = cache.get('a')

    expect([before, at]).toEqual([1, undefined])
  })

  it('are removed by the get that misses them', () => {
    const { cache, advance } = withClock<number>()
    cache.set('a', 1, 1)
    advance(1)

    cache.get('a')

    expect(cache.stats()).toMatchObject({ size: 0, misses: 1, expirations: 1 })
  })

  it('are not prolonged by reads', () => {
    const { cache, advance } = withClock<number>()
    cache.set('a', 1, 10)

    for (let second = 0; second < 9; second += 1) {
      advance(1)
      cache.get('a')
    }
    advance(1)

    expect(cache.get('a')).toBeUndefined()
  })
})

describe('a ttl', () => {
  it.each([0, -0, -1, -0.0001, -Infinity])('of %f stores nothing and removes the key', ttl => {
    const { cache } = withClock<number>()
    cache.set('a', 1)

    cache.set('a', 2, ttl)
    cache.set('b', 2, ttl)

    expect(cache.size).toBe(0)
    expect(cache.get('a')).toBeUndefined()
  })

  it('of NaN is a RangeError and leaves the entry as it was', () => {
    const { cache } = withClock<number>()
    cache.set('a', 1)

    expect(() => cache.set('a', 2, NaN)).toThrow(RangeError)
    expect(() => cache.set('a', 2, NaN)).toThrow('ttl')

    expect(cache.get('a')).toBe(1)
  })

  it.each([0.0005, Number.MIN_VALUE, 0.001])('of %f seconds is over a millisecond later', ttl => {
    const { cache, advance } = withClock<number>({ cleanupInterval: Infinity })
    cache.set('a', 1, ttl)

    advance(0.001)

    expect(cache.get('a')).toBeUndefined()
  })

  it.each([1.001, 4.35, 0.29, 0.057, 1_073_741.822])('of %f seconds ends in its millisecond', ttl => {
    for (const defaultTtl of [300, ttl]) {
      let nowMs = 0
      const cache = new TTLCache<number>({ now: () => nowMs, cleanupInterval: Infinity, defaultTtl })
      const ttlMs = Math.round(ttl * 1000)
      cache.set('a', 1, ttl)

      const fresh = cache.entry('a')
      nowMs = ttlMs - 1
      const before = cache.peek('a')
      nowMs = ttlMs
      const after = cache.peek('a')

      expect(fresh).toEqual({ value: 1, ageMs: 0, expiresInMs: ttlMs })
      expect([before, after]).toEqual([1, undefined])
    }
  })

  it.each([
    ['Infinity', Infinity],
    ['more seconds than a number can count in milliseconds', Number.MAX_VALUE],
  ])('of %s never ends', (_, ttl) => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 1 })
    cache.set('a', 1, ttl)

    for (let move = 0; move < 20; move += 1) {
      advance(30 * day)
      cache.get('b')
    }
    advance(1000 * 365 * day)

    expect(cache.get('a')).toBe(1)
    expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 0 })
  })

  const lifetimes = [1, 12, 13, 24, 25, 30, 60, 400].map(days => days * day)
  const rhythms = [
    ['by the hour', 3600],
    ['every 12 days', 12 * day],
    ['every 13 days', 13 * day],
    ['in steps that are no whole number of days', 100_000.001],
    ['in one step', Infinity],
  ] as const

  it.each(lifetimes.flatMap(ttl => rhythms.map(([rhythm, step]) => ({ days: ttl / day, ttl, rhythm, step }))))(
    'of $days days ends in its millisecond in a cache that is used $rhythm',
    ({ ttl, step }) => {
      let nowMs = 5.25
      const cache = new TTLCache<number>({ now: () => nowMs, cleanupInterval: Infinity })
      const endMs = nowMs + ttl * 1000
      cache.set('a', 1, ttl)

      for (let used = 0; nowMs + step * 1000 < endMs - 1; used += 1) {
        nowMs += step * 1000
        if (cache.peek('a') !== 1) throw new Error(`gone too early, after ${used} uses`)
      }
      nowMs = endMs - 1
      const before = cache.peek('a')
      nowMs = endMs
      const after = cache.peek('a')

      expect([before, after]).toEqual([1, undefined])
      expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 1 })
    },
  )

  it.each(lifetimes)('of %i seconds stays ended when the cache is left alone for long afterwards', ttl => {
    for (const idle of [0, 1, 5, 12, 13, 24, 25, 30, 49.8, 60, 100, 400]) {
      const { cache, advance } = withClock<number>({ cleanupInterval: Infinity, maxSize: 2 })
      cache.set('a', 1, ttl)
      advance(ttl + idle * day)

      expect(cache.peek('a')).toBeUndefined()
      expect(cache.entry('a')?.expiresInMs).toBe(0 - idle * dayMs)
      expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 1 })
      cache.set('b', 2)
      cache.set('c', 3)
      expect(keysOf(cache)).toEqual(['b', 'c'])
    }
  })

  it.each([horizonMs - 2, horizonMs - 1, horizonMs, horizonMs + 1])(
    'of about as long as ticks reach (%i ms) ends in time as the default, whenever the entry is set',
    ttlMs => {
      for (const setAtMs of [0, 1, horizonMs - 3, horizonMs - 2, horizonMs - 1, horizonMs]) {
        let nowMs = 0
        const cache = new TTLCache<number>({ now: () => nowMs, defaultTtl: ttlMs / 1000 })
        nowMs = setAtMs
        cache.set('a', 1)

        const fresh = cache.entry('a')
        nowMs = setAtMs + ttlMs - 1
        const before = cache.get('a')
        nowMs += 1
        const after = cache.get('a')

        expect(fresh).toEqual({ value: 1, ageMs: 0, expiresInMs: ttlMs })
        expect([before, after]).toEqual([1, undefined])
      }
    },
  )
})

describe('a cache that is 40 days old', () => {
  it('has every entry expire in time, whatever the day on which it was set', () => {
    const { cache, advance } = withClock<number>({ maxSize: Infinity, cleanupInterval: 1, defaultTtl: 5 * day })
    const endOf = new Map<string, number>()

    for (let today = 0; today < 40; today += 1) {
      for (const days of [1, 5, 13, 30, 60, Infinity]) {
        cache.set(`${today} ${days}`, today, days * day)
        endOf.set(`${today} ${days}`, today + days)
      }
      cache.set(`${today} default`, today)
      endOf.set(`${today} default`, today + 5)
      cache.get('none')

      const live = Array.from(endOf).filter(([, end]) => end > today)
      expect(new Set(keysOf(cache))).toEqual(new Set(live.map(([key]) => key)))
      expect(cache.size).toBe(live.length)
      advance(day)
    }
  })

  it('knows ages and times left after having been left alone all the time', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: Infinity })
    cache.set('default', 1)
    cache.set('short', 1, 10)
    cache.set('long', 1, 60 * day)
    cache.set('endless', 1, Infinity)

    advance(40 * day)

    const age = { value: 1, ageMs: 40 * dayMs }
    expect(cache.entry('default')).toEqual({ ...age, expiresInMs: -(40 * dayMs - 300_000) })
    expect(cache.entry('short')).toEqual({ ...age, expiresInMs: -(40 * dayMs - 10_000) })
    expect(cache.entry('long')).toEqual({ ...age, expiresInMs: 20 * dayMs })
    expect(cache.entry('endless')).toEqual({ ...age, expiresInMs: Infinity })
    expect(cache.stats()).toMatchObject({ size: 4, expiredCount: 2 })
  })

  it('knows them also where all entries have the default lifetime', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: Infinity })
    cache.set('a', 1)
    advance(200)
    cache.set('b', 1)

    advance(40 * day)

    expect(cache.entry('a')).toEqual({ value: 1, ageMs: 40 * dayMs + 200_000, expiresInMs: -(40 * dayMs - 100_000) })
    expect(cache.entry('b')).toEqual({ value: 1, ageMs: 40 * dayMs, expiresInMs: -(40 * dayMs - 300_000) })
    expect(cache.stats()).toMatchObject({ size: 2, expiredCount: 2 })
  })

  it('sweeps what has expired on the way, and nothing else', () => {
    const { cache, advance } = withClock<number>()
    cache.set('default', 1)
    cache.set('long', 1, 60 * day)
    cache.set('endless', 1, Infinity)
    advance(40 * day)

    cache.get('none')

    expect(keysOf(cache)).toEqual(['long', 'endless'])
    expect(cache.stats()).toMatchObject({ size: 2, expirations: 1 })
  })

  it('keeps the order of use', () => {
    const { cache, advance } = withClock<number>({ maxSize: 3 })
    for (const key of ['a', 'b', 'c']) cache.set(key, 1, Infinity)
    cache.get('a')
    advance(40 * day)

    cache.set('d', 1)

    expect(keysOf(cache)).toEqual(['c', 'a', 'd'])
  })
})

describe('a clock that is set back by an hour', () => {
  it('prolongs no life when it was given', () => {
    let nowMs = 1e9
    const cache = new TTLCache<number>({ now: () => nowMs })
    cache.set('a', 1, 10)
    nowMs += 4000
    cache.get('a')

    nowMs -= 3_600_000
    const atOnce = cache.get('a')
    nowMs += 5999
    const before = cache.get('a')
    nowMs += 1
    const after = cache.get('a')

    expect([atOnce, before, after]).toEqual([1, 1, undefined])
  })

  it('does not bring back what has expired', () => {
    let nowMs = 1e9
    const cache = new TTLCache<number>({ now: () => nowMs, cleanupInterval: Infinity })
    cache.set('a', 1, 10)
    nowMs += 10_000
    const before = cache.has('a')

    nowMs -= 3_600_000

    expect([before, cache.has('a'), cache.get('a')]).toEqual([false, false, undefined])
  })

  it('again and again prolongs no life', () => {
    let nowMs = 1e9
    const cache = new TTLCache<number>({ now: () => nowMs })
    cache.set('a', 1, 10)

    for (let second = 0; second < 9; second += 1) {
      nowMs -= 3_600_000
      cache.get('b')
      nowMs += 1000
      cache.get('b')
    }
    const before = cache.has('a')
    nowMs += 1000

    expect([before, cache.has('a')]).toEqual([true, false])
  })

  it('prolongs no life when a test tool has put it in the place of the real one', () => {
    let nowMs = 1e9
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const cache = new TTLCache<number>()
    cache.set('a', 1, 10)

    nowMs -= 3_600_000
    const atOnce = cache.get('a')
    nowMs += 10_000
    const after = cache.get('a')

    expect([atOnce, after]).toEqual([1, undefined])
  })

  it('is no matter when it is that of the system', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    const cache = new TTLCache<number>({ defaultTtl: 10 })
    cache.set('a', 1)

    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(9999)
    const before = cache.get('a')
    vi.advanceTimersByTime(1)
    const after = cache.get('a')

    expect([before, after]).toEqual([1, undefined])
  })

  it('does not put sweeps off', () => {
    let nowMs = 1e9
    const cache = new TTLCache<number>({ now: () => nowMs, cleanupInterval: 60 })
    cache.set('a', 1, 10)

    nowMs -= 3_600_000
    cache.get('b')
    nowMs += 60_000
    cache.get('b')

    expect(cache.size).toBe(0)
  })
})

describe('a key', () => {
  const keys = [
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString',
    'prototype',
    '',
    ' ',
    '1',
    '01',
    '\u0000',
    'é',
    'e\u0301',
    '\ud800',
    '\udc00',
    '\ud800\udc00',
    'x'.repeat(1_000_000),
    `${'x'.repeat(1_000_000)}y`,
    ':',
    '::',
    'undefined',
    'null',
  ]

  it.each([1000, Infinity])('may be any string, and is no other (maxSize %d)', maxSize => {
    const cache = new TTLCache<number>({ maxSize })
    const before = keys.filter(key => cache.has(key) || cache.get(key) !== undefined || cache.entry(key) !== undefined)

    for (const [index, key] of keys.entries()) cache.set(key, index)
    const values = keys.map(key => cache.get(key))

    expect(before).toEqual([])
    expect(values).toEqual(keys.map((_, index) => index))
    expect(cache.size).toBe(keys.length)
    expect(keysOf(cache)).toEqual(keys)
    for (const key of keys) expect(cache.delete(key)).toBe(true)
    expect(cache.size).toBe(0)
  })

  it.each(keys.map((key, index) => [JSON.stringify(key.slice(0, 20)), index] as const))(
    '%s is loaded like any other (%i)',
    async (_, index) => {
      const cache = new TTLCache<number>()
      const key = keys[index] ?? ''

      const values = await Promise.all([1, 2].map(value => cache.getOrSetAsync(key, () => value)))

      expect(values).toEqual([1, 1])
      expect(cache.invalidatePrefix(key)).toBe(1)
    },
  )

  it('1 is a TypeError and not "1"', () => {
    const cache = new TTLCache<string>()
    cache.set('1', 'text')

    expect(() => cache.get(notText)).toThrow(TypeError)
    expect(() => cache.set(notText, 'number')).toThrow(TypeError)

    expect([...cache]).toEqual([['1', 'text']])
  })

  it('changes no prototype', () => {
    const cache = new TTLCache<object>()

    cache.set('__proto__', { polluted: true })

    expect('polluted' in {}).toBe(false)
    expect('polluted' in cache).toBe(false)
  })
})
