import { describe, expect, it } from 'vitest'
import { withClock } from './__fixtures__/with-clock.ts'
import { TTLCache } from './ttl-cache.ts'

describe('getAwaited', () => {
  it('finds what get finds, and counts as get does', () => {
    const { cache, advance } = withClock<string>({ defaultTtl: 10 })
    cache.set('a', 'x')

    const found = [cache.getAwaited('a'), cache.getAwaited('b')]
    advance(10)
    const expired = cache.getAwaited('a')

    expect([...found, expired]).toEqual(['x', undefined, undefined])
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 2 })
  })

  it('makes the entry the most recently used', () => {
    const cache = new TTLCache<number>({ maxSize: 2 })
    cache.set('a', 1)
    cache.set('b', 2)

    cache.getAwaited('a')
    cache.set('c', 3)

    expect([cache.has('a'), cache.has('b')]).toEqual([true, false])
  })

  it('refuses a key that is no string', () => {
    const cache = new TTLCache<number>()

    // A caller without types.
    expect(() => cache.getAwaited(5 as unknown as string)).toThrow(TypeError)
  })
})
