import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { keysOf } from './__fixtures__/keys-of.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import { TTLCache } from './ttl-cache.ts'

/** So many entries are looked at without a look at the time. */
const zone = 64

async function turn(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 1))
}

/** Has a slice of a sweep end as soon as it looks at the time. */
function shortenSlices(): void {
  let nowMs = 0
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 1))
  onTestFinished(() => spy.mockRestore())
}

/** Lets turns of the event loop pass until the condition holds, but not for ever. */
async function turnsUntil(isReached: () => boolean): Promise<number> {
  for (let turns = 0; turns < 20_000; turns += 1) {
    if (isReached()) return turns
    await turn()
  }
  throw new Error('It was not reached in 20,000 turns')
}

const sweepingUses: [string, (cache: TTLCache<number>) => unknown][] = [
  ['get', cache => cache.get('b')],
  ['set', cache => cache.set('b', 1)],
  ['set that stores nothing', cache => cache.set('b', 1, 0)],
  ['getOrSet', cache => cache.getOrSet('b', () => 1)],
  ['getOrSetAsync', cache => cache.getOrSetAsync('b', () => 1)],
]

describe('a sweep', () => {
  it.each(sweepingUses)('is made by %s once the cleanup interval has passed', async (_, use) => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 10 })
    cache.set('a', 1, 1)
    advance(9.999)

    await use(cache)
    const before = cache.stats()
    advance(0.001)
    await use(cache)
    const after = cache.stats()

    expect(before).toMatchObject({ expiredCount: 1, expirations: 0 })
    expect(after).toMatchObject({ expiredCount: 0, expirations: 1 })
  })

  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['has', cache => cache.has('b')],
    ['peek', cache => cache.peek('b')],
    ['entry', cache => cache.entry('b')],
    ['iteration', cache => [...cache]],
    ['stats', cache => cache.stats()],
    ['size', cache => cache.size],
    ['delete', cache => cache.delete('b')],
    ['invalidatePrefix', cache => cache.invalidatePrefix('b')],
  ])('is not made by %s', (_, use) => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 10 })
    cache.set('a', 1, 1)
    advance(60)

    use(cache)

    expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 1, expirations: 0 })
  })

  it('comes again when the interval has passed since the last one', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 10 })
    const expirations: number[] = []

    for (let second = 0; second < 30; second += 1) {
      cache.set(String(second), 1, 0.5)
      advance(1)
      cache.get('none')
      expirations.push(cache.stats().expirations)
    }

    expect(expirations.filter((count, index) => count !== expirations[index - 1])).toEqual([0, 10, 20, 30])
  })

  it('is what making room is when something had expired, and only then', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 10, maxSize: 2 })
    cache.set('a', 1, 1)
    cache.set('b', 1)
    advance(6)
    cache.set('c', 1)
    cache.set('short', 1, 1)
    cache.set('c', 1)
    advance(6)
    cache.get('none')
    const sixSecondsLater = cache.stats().expiredCount
    advance(4)
    cache.get('none')

    expect(sixSecondsLater).toBe(1)
    expect(cache.stats().expiredCount).toBe(0)
  })

  it('is not put off by evictions', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 10, maxSize: 2 })
    for (let second = 0; second < 10; second += 1) {
      cache.set(`evicting ${second}`, 1)
      advance(1)
    }
    cache.set('short', 1, 0.001)
    advance(0.001)
    const before = cache.stats().expiredCount
    advance(9.999)
    cache.get('none')

    expect(before).toBe(1)
    expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 0 })
  })

  it('is made by every use with an interval of zero', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: 0 })
    cache.set('a', 1, 0.001)
    advance(0.001)

    cache.get('none')

    expect(cache.size).toBe(0)
  })

  it('is never made with an interval of Infinity, until room is needed', () => {
    const { cache, advance } = withClock<number>({ cleanupInterval: Infinity, maxSize: 2 })
    cache.set('a', 1, 1)
    cache.set('b', 1, 1)
    advance(1e9)
    cache.get('none')
    const before = cache.size

    cache.set('c', 1)

    expect(before).toBe(2)
    expect(keysOf(cache)).toEqual(['c'])
    expect(cache.size).toBe(1)
  })

  it('removes what has expired and nothing else, wherever it is', () => {
    const { cache, advance } = withClock<number>({ maxSize: Infinity, cleanupInterval: 10 })
    vi.spyOn(performance, 'now').mockReturnValue(0)
    onTestFinished(() => void vi.restoreAllMocks())
    const lives = [1, 5, 9.999, 10, 10.001, 20, Infinity]
    for (let index = 0; index < 10_000; index += 1) cache.set(String(index), index, lives[(index * 31) % lives.length])
    const expected = Array.from({ length: 10_000 }, (_, index) => index).filter(
      index => (lives[(index * 31) % lives.length] ?? 0) > 10,
    )

    advance(10)
    cache.get('none')

    expect(Array.from(cache, ([, value]) => value)).toEqual(expected)
    expect(cache.size).toBe(expected.length)
  })

  it('needs no timer when it is done at once', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const cache = new TTLCache<number>({ cleanupInterval: 1 })

    for (let index = 0; index < zone - 1; index += 1) cache.set(String(index), index, 1)
    const before = vi.getTimerCount()
    vi.advanceTimersByTime(1000)
    cache.get('none')

    expect(cache.size).toBe(0)
    expect([before, vi.getTimerCount()]).toEqual([0, 0])
  })
})

describe('a sweep of more than can be done at once', () => {
  it('goes on between turns of the event loop, a slice at a time', async () => {
    shortenSlices()
    const { cache, advance } = withClock<number>({ maxSize: Infinity, cleanupInterval: 1 })
    for (let index = 0; index < 10 * zone; index += 1) cache.set(String(index), index, 1)
    advance(1)
    const sizes: number[] = []

    cache.get('none')
    sizes.push(cache.size)
    while (cache.size > 0 && sizes.length < 100) {
      const { size } = cache
      await turnsUntil(() => cache.size < size)
      sizes.push(cache.size)
    }

    const removed = sizes.map((size, index) => (sizes[index - 1] ?? 10 * zone) - size)
    expect(sizes.at(-1)).toBe(0)
    expect(sizes.length).toBeGreaterThanOrEqual(10)
    expect(Math.max(...removed)).toBeLessThanOrEqual(2 * zone)
    expect(cache.stats()).toMatchObject({ size: 0, expirations: 10 * zone })
  })

  it('leaves the cache usable meanwhile, and leaves alone what is stored then', async () => {
    shortenSlices()
    const { cache, advance } = withClock<number>({ maxSize: Infinity, cleanupInterval: 1, defaultTtl: Infinity })
    for (let index = 0; index < 10 * zone; index += 1) cache.set(String(index), index, 1)
    advance(1)

    cache.get('none')
    for (let index = 0; index < 1000; index += 7) cache.set(String(index), -index)
    const seen = keysOf(cache).length
    await turnsUntil(() => cache.stats().expiredCount === 0)

    expect(seen).toBe(143)
    expect(new Map(cache).size).toBe(143)
    expect(cache.size).toBe(143)
    expect(cache.get('7')).toBe(-7)
    expect(cache.get('8')).toBeUndefined()
  })

  it('reclaims 300,000 entries that expire at once, of which the first get removes only some', async () => {
    const { cache, advance } = withClock<number>({ maxSize: 300_000, cleanupInterval: 1 })
    for (let index = 0; index < 300_000; index += 1) cache.set(`key ${index}`, index, 1)
    advance(1)

    cache.get('none')
    const afterFirst = cache.size
    await turnsUntil(() => cache.size === 0)

    expect(afterFirst).toBeGreaterThan(0)
    expect(afterFirst).toBeLessThan(300_000)
    expect(cache.stats()).toMatchObject({ size: 0, expiredCount: 0, expirations: 300_000, evictions: 0 })
  })

  it('tells the hooks of what leaves in later turns', async () => {
    shortenSlices()
    const told = new Set<string>()
    const { cache, advance } = withClock<number>({
      maxSize: Infinity,
      cleanupInterval: 1,
      onExpire: key => {
        told.add(key)
        if (key === '0') cache.set('by the hook', 1)
      },
    })
    for (let index = 0; index < 5 * zone; index += 1) cache.set(String(index), index, 1)
    advance(1)

    cache.get('none')
    const toldAtOnce = told.size
    await turnsUntil(() => cache.stats().expiredCount === 0)

    expect(toldAtOnce).toBeLessThan(5 * zone)
    expect(told.size).toBe(5 * zone)
    expect(keysOf(cache)).toEqual(['by the hook'])
  })

  it('ends with dispose', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    shortenSlices()
    const { cache, advance } = withClock<number>({ maxSize: Infinity, cleanupInterval: 1 })
    for (let index = 0; index < 5 * zone; index += 1) cache.set(String(index), index, 1)
    advance(1)
    cache.get('none')
    const before = vi.getTimerCount()

    cache.dispose()

    expect([before, vi.getTimerCount()]).toEqual([1, 0])
  })

  it('is carried on by no more than one timer, however often the cache is used', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    shortenSlices()
    const { cache, advance } = withClock<number>({ maxSize: Infinity, cleanupInterval: 0 })
    for (let index = 0; index < 5 * zone; index += 1) cache.set(String(index), index, 1)
    advance(1)

    for (let use = 0; use < 3; use += 1) cache.get('none')

    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('a cache of more keys than one Map should hold', () => {
  it.each([300_000, Infinity])('finds, replaces, evicts and removes like any other (maxSize %d)', maxSize => {
    const cache = new TTLCache<number>({ maxSize })
    const count = 320_000
    const expected = Math.min(count, maxSize)

    for (let index = 0; index < count; index += 1) cache.set(`provider:${index % 1000}:${index}`, index)
    let found = 0
    for (let index = 0; index < count; index += 1)
      if (cache.get(`provider:${index % 1000}:${index}`) === index) found += 1
    cache.set('provider:999:319999', -1)

    expect(found).toBe(expected)
    expect(cache.size).toBe(expected)
    expect(cache.get('provider:999:319999')).toBe(-1)
    expect(cache.stats()).toMatchObject({ evictions: count - expected, misses: count - expected })
    expect(cache.invalidatePrefix('provider:999:')).toBe(expected / 1000)
    expect(cache.delete('provider:998:319998')).toBe(true)
    expect(cache.delete('provider:998:319998')).toBe(false)
    expect(cache.clear()).toBe(expected - expected / 1000 - 1)
    const left = Array.from({ length: 500 }, (_, index) => `provider:${index}:${319_000 + index}`).filter(
      key => cache.has(key) || cache.entry(key) !== undefined || cache.delete(key),
    )
    expect(left).toEqual([])
    expect(cache.size).toBe(0)
  })
})
