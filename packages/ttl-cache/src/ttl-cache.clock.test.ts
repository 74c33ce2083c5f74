import { afterEach, describe, expect, it, vi } from 'vitest'
import type { TTLCacheOptions } from './ttl-cache-options.ts'
import { TTLCache } from './ttl-cache.ts'

/** Reads that share one reading of the clock, as documented. */
const sharedReads = 64

const ttl = 0.02

/** Holds up the thread until what was set just now has expired. */
function holdUp(): void {
  const end = performance.now() + ttl * 1000 + 2
  while (performance.now() < end);
}

/**
 * A cache in which the same step has stored `value` at `a` and found it; the step was not held up in between.
 *
 * @param read - Finds it.
 */
function withRead(read: (cache: TTLCache<string>) => unknown, options: TTLCacheOptions<string> = {}): TTLCache<string> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const cache = new TTLCache<string>(options)
    cache.set('a', 'value', ttl)
    read(cache)
    if (cache.stats().hits === 1) return cache
  }
  throw new Error('The thread is held up all the time')
}

afterEach(() => {
  vi.useRealTimers()
})

describe('the default clock', () => {
  it('may let a read find what has expired since the last one of the same step, and none after an await', async () => {
    const cache = withRead(shared => shared.get('a'))

    holdUp()
    const inTheSameStep = cache.get('a')
    await Promise.resolve()
    const afterwards = [cache.get('a'), cache.has('a'), cache.peek('a')]

    expect(inTheSameStep).toBe('value')
    expect(afterwards).toEqual([undefined, false, undefined])
  })

  it(`is read at least once in ${sharedReads} reads`, () => {
    const cache = withRead(shared => shared.get('a'))

    holdUp()
    let found = 1
    while (cache.get('a') !== undefined) found += 1

    expect(found).toBeGreaterThan(1)
    expect(found).toBeLessThanOrEqual(sharedReads)
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['has', cache => cache.has('a')],
    ['peek', cache => cache.peek('a') !== undefined],
    ['entry', cache => (cache.entry('a')?.expiresInMs ?? 0) > 0],
  ])(`is read at least once in ${sharedReads} reads by %s`, (_, finds) => {
    const cache = withRead(shared => shared.get('a'))

    holdUp()
    let found = 1
    while (finds(cache) === true) found += 1

    expect(found).toBeLessThanOrEqual(sharedReads)
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['set', cache => cache.set('b', 'other')],
    ['set that stores nothing', cache => cache.set('b', 'other', 0)],
    ['stats', cache => cache.stats()],
  ])('is read by %s, after which reads are up to date', (_, write) => {
    const cache = withRead(shared => shared.get('a'))

    holdUp()
    write(cache)

    expect(cache.get('a')).toBeUndefined()
  })

  it('is read anew by a promise job that was queued after the last read', async () => {
    const cache = withRead(shared => shared.get('a'))

    const later = Promise.resolve().then(() => cache.get('a'))
    holdUp()

    await expect(later).resolves.toBeUndefined()
  })

  it('does not let reads of getOrSetAsync find what has expired before this turn of the event loop', async () => {
    const factory = vi.fn<() => string>(() => 'loaded')
    const cache = withRead(shared => shared.getOrSetAsync('a', factory))

    holdUp()
    const inTheSameTurn = await cache.getOrSetAsync('a', factory)
    await new Promise(resolve => setImmediate(resolve))
    const afterwards = await cache.getOrSetAsync('a', factory)

    expect([inTheSameTurn, afterwards]).toEqual(['value', 'loaded'])
    expect(factory).toHaveBeenCalledTimes(1)
  })

  it(`is read at least once in ${sharedReads} reads of getOrSetAsync`, async () => {
    const factory = vi.fn<() => string>(() => 'loaded')
    const cache = withRead(shared => shared.getOrSetAsync('a', factory))

    holdUp()
    const values = await Promise.all(Array.from({ length: sharedReads }, () => cache.getOrSetAsync('a', factory)))

    expect(values[0]).toBe('value')
    expect(values.at(-1)).toBe('loaded')
    expect(factory).toHaveBeenCalledTimes(1)
  })

  it('lets reads of getAwaited find what has expired until this turn of the event loop is over', async () => {
    const cache = withRead(shared => shared.getAwaited('a'))

    holdUp()
    const inTheSameTurn = await Promise.resolve().then(() => cache.getAwaited('a'))
    await new Promise(resolve => setImmediate(resolve))

    expect([inTheSameTurn, cache.getAwaited('a')]).toEqual(['value', undefined])
  })

  it('is shared by the reads of one cache only', () => {
    const cache = withRead(shared => shared.get('a'))
    const other = withRead(shared => shared.stats() && shared.peek('a') && shared.getOrSet('a', () => 'computed'))
    cache.get('a')

    holdUp()
    cache.set('b', 'value')

    expect(cache.get('a')).toBeUndefined()
    expect(other.get('a')).toBe('value')
  })
})

describe('preciseClock', () => {
  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['get', cache => cache.get('a')],
    ['peek', cache => cache.peek('a')],
    ['getOrSet', cache => (cache.getOrSet('a', () => 'computed') === 'computed' ? undefined : 'value')],
  ])('has %s read the clock each time', (_, read) => {
    const cache = withRead(shared => shared.get('a'), { preciseClock: true })

    holdUp()

    expect(read(cache)).toBeUndefined()
  })

  it('has getOrSetAsync read the clock each time', async () => {
    const cache = withRead(shared => shared.getOrSetAsync('a', () => 'loaded'), { preciseClock: true })

    holdUp()

    await expect(cache.getOrSetAsync('a', () => 'loaded')).resolves.toBe('loaded')
  })
})

describe('a clock that a test tool has put in the place of the real one', () => {
  it('is read each time, so that time passes when the test says so', async () => {
    vi.useFakeTimers()
    const cache = new TTLCache<string>({ defaultTtl: 10 })
    cache.set('a', 'value')
    const found: unknown[] = []

    for (const ms of [0, 9999, 1]) {
      vi.advanceTimersByTime(ms)
      found.push([cache.get('a'), cache.has('a'), cache.peek('a')])
    }
    const loaded = await cache.getOrSetAsync('a', () => 'loaded')

    expect(found).toEqual([
      ['value', true, 'value'],
      ['value', true, 'value'],
      [undefined, false, undefined],
    ])
    expect(loaded).toBe('loaded')
  })

  it('may be put there while the cache is in use', async () => {
    const cache = new TTLCache<string>({ defaultTtl: 10 })
    cache.set('a', 'value')
    cache.get('a')
    await Promise.resolve()

    vi.useFakeTimers()
    cache.set('b', 'value')
    vi.advanceTimersByTime(9999)
    const before = [cache.get('a'), cache.get('b')]
    vi.advanceTimersByTime(1)
    const after = [cache.get('a'), cache.get('b')]

    expect(before).toEqual(['value', 'value'])
    expect(after).toEqual([undefined, undefined])
  })

  it('lets a small cache be clean at once', () => {
    vi.useFakeTimers()
    const cache = new TTLCache<string>({ defaultTtl: 10, cleanupInterval: 60 })
    for (let index = 0; index < 60; index += 1) cache.set(String(index), 'value')

    vi.advanceTimersByTime(60_000)
    cache.get('none')

    expect(cache.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
