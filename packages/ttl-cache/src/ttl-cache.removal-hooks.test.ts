import { describe, expect, it, vi } from 'vitest'
import { keysOf } from './__fixtures__/keys-of.ts'
import { uncaughtExceptions } from './__fixtures__/uncaught-exceptions.ts'
import { withClock, type CacheWithClock } from './__fixtures__/with-clock.ts'
import type { RemovalHooks, RemovalReason } from './removal-hooks.ts'
import type { TTLCache } from './ttl-cache.ts'

interface Observed extends CacheWithClock<string> {
  /** What each hook was called with. */
  readonly told: string[]
}

/** A cache with room for two whose hooks note their calls. */
function withHooks(): Observed {
  const told: string[] = []
  const pair = withClock<string>({
    maxSize: 2,
    onRemove: (key, value, reason) => told.push(`onRemove ${key} ${value} ${reason}`),
    onEvict: (key, value) => told.push(`onEvict ${key} ${value}`),
    onExpire: (key, value) => told.push(`onExpire ${key} ${value}`),
  })
  return { ...pair, told }
}

const stale = { ttl: 1, staleWhileRevalidate: 60 }

/** Each way to leave for `old` at the key `a:1`. */
const ways: [title: string, reason: RemovalReason, leave: (pair: CacheWithClock<string>) => unknown][] = [
  ['delete', 'deleted', ({ cache }) => cache.delete('a:1')],
  ['clear', 'deleted', ({ cache }) => cache.clear()],
  ['invalidatePrefix', 'deleted', ({ cache }) => cache.invalidatePrefix('a:')],
  ['invalidatePrefix by the index', 'deleted', ({ cache }) => (cache.delete('x'), cache.invalidatePrefix('a:1'))],
  ['dispose', 'deleted', ({ cache }) => cache.dispose()],
  ['set with a ttl of zero', 'deleted', ({ cache }) => cache.set('a:1', 'new', 0)],
  ['set', 'replaced', ({ cache }) => cache.set('a:1', 'new')],
  ['set after its time', 'replaced', ({ cache, advance }) => (advance(10), cache.set('a:1', 'new'))],
  ['an eviction', 'evicted', ({ cache }) => (cache.set('b', 'b'), cache.set('c', 'c'), cache.delete('b'))],
  ['get after its time', 'expired', ({ cache, advance }) => (advance(10), cache.get('a:1'))],
  ['getOrSet after its time', 'expired', ({ cache, advance }) => (advance(10), cache.getOrSet('a:1', () => 'new'))],
  [
    'getOrSetAsync after its time',
    'expired',
    ({ cache, advance }) => (advance(10), cache.getOrSetAsync('a:1', () => 'new')),
  ],
  ['a sweep by get', 'expired', ({ cache, advance }) => (advance(60), cache.get('b'))],
  ['a sweep by set', 'expired', ({ cache, advance }) => (advance(60), cache.set('b', 'b'))],
  ['a sweep by a set that stores nothing', 'expired', ({ cache, advance }) => (advance(60), cache.set('b', 'b', 0))],
  [
    'making room after its time',
    'expired',
    ({ cache, advance }) => (cache.set('b', 'b'), advance(10), cache.set('c', 'c')),
  ],
]

describe('hooks', () => {
  it.each(ways)('are told that an entry has left by %s (%s)', async (_, reason, leave) => {
    const pair = withHooks()
    pair.cache.set('a:1', 'old', 10)

    await leave(pair)

    const aboutIt = pair.told.filter(call => call.includes(' a:1 old'))
    expect(aboutIt).toEqual([
      `onRemove a:1 old ${reason}`,
      ...(reason === 'evicted' ? ['onEvict a:1 old'] : []),
      ...(reason === 'expired' ? ['onExpire a:1 old'] : []),
    ])
  })

  it('are told of a stale value when it is replaced, when it makes room and when its window is over', async () => {
    const { cache, advance, told } = withHooks()
    for (const key of ['a', 'b']) await cache.getOrSetAsync(key, () => 'old', stale)
    advance(2)

    await cache.getOrSetAsync('a', () => 'new', stale)
    await new Promise(resolve => setImmediate(resolve))
    cache.set('c', 'c')
    advance(61)
    cache.get('none')

    expect(told.filter(call => call.startsWith('onRemove'))).toEqual([
      'onRemove a old replaced',
      'onRemove b old expired',
      'onRemove a new expired',
    ])
  })

  it('are not told of a value that never was in the cache', async () => {
    const { cache, told } = withHooks()

    cache.set('a', 'none', 0)
    cache.getOrSet('b', () => 'none', 0)
    await cache.getOrSetAsync('c', () => 'none', 0)
    await cache.getOrSetAsync('d', () => (cache.clear(), 'none'))
    cache.delete('e')

    expect(told).toEqual([])
  })

  it('are not told of a value that is stored again', async () => {
    const onRemove = vi.fn<() => void>()
    const { cache, advance } = withClock<object>({ onRemove })
    const connection = {}
    cache.set('a', connection, 10)

    cache.set('a', connection, 20)
    advance(20)
    cache.set('a', connection, 20)
    await cache.getOrSetAsync('a', () => connection, { refreshAhead: 0 })
    await new Promise(resolve => setImmediate(resolve))

    expect(onRemove).not.toHaveBeenCalled()
    expect(cache.get('a')).toBe(connection)
  })

  it.each<[keyof RemovalHooks<string>, number]>([
    ['onRemove', 3],
    ['onEvict', 1],
    ['onExpire', 1],
  ])('may be given alone (%s)', (name, calls) => {
    const hook = vi.fn<() => void>()
    const { cache, advance } = withClock<string>({ maxSize: 1, [name]: hook })

    cache.set('a', 'evicted')
    cache.set('b', 'expired', 1)
    advance(1)
    cache.get('b')
    cache.set('c', 'deleted')
    cache.delete('c')

    expect(hook).toHaveBeenCalledTimes(calls)
  })
})

describe('a hook', () => {
  it('finds the cache without the entry that left', () => {
    const seen: unknown[] = []
    const { cache, advance } = withClock<string>({
      maxSize: 2,
      onRemove: (key, _, reason) => seen.push([reason, cache.peek(key), cache.size, keysOf(cache)]),
    })
    cache.set('a', 'first')
    cache.set('a', 'second')
    cache.set('b', 'b', 1)
    cache.set('c', 'c')
    advance(1)
    cache.get('b')
    cache.delete('c')
    cache.set('d', 'd')
    cache.clear()

    expect(seen).toEqual([
      ['replaced', 'second', 1, ['a']],
      ['evicted', undefined, 2, ['b', 'c']],
      ['expired', undefined, 1, ['c']],
      ['deleted', undefined, 0, []],
      ['deleted', undefined, 0, []],
    ])
  })

  it('may store what has left again, under a key of its own', () => {
    const { cache } = withClock<string>({
      maxSize: 2,
      onEvict: (key, value) => {
        if (key === 'a') cache.set('kept a', value)
      },
    })

    for (const key of ['a', 'b', 'c']) cache.set(key, key)

    expect([...cache]).toEqual([
      ['c', 'c'],
      ['kept a', 'a'],
    ])
    expect(cache.size).toBe(2)
  })

  it('may store during a sweep by get, which then finds it', () => {
    const { cache, advance } = withClock<string>({
      cleanupInterval: 10,
      onExpire: key => cache.set(key, 'by the hook'),
    })
    cache.set('a', 'old', 1)
    advance(10)

    const value = cache.get('a')

    expect(value).toBe('by the hook')
    expect(cache.stats()).toMatchObject({ size: 1, hits: 1, misses: 0, expirations: 1 })
  })

  it('may delete during a sweep by get what that asks for', () => {
    const { cache, advance } = withClock<string>({ cleanupInterval: 10, onExpire: () => cache.delete('b') })
    cache.set('a', 'old', 1)
    cache.set('b', 'b')
    advance(10)

    const value = cache.get('b')

    expect(value).toBeUndefined()
    expect(cache.stats()).toMatchObject({ size: 0, hits: 0, misses: 1 })
  })

  it('may store during a sweep by set, and the value that was set counts', () => {
    const { cache, advance } = withClock<string>({
      cleanupInterval: 10,
      onExpire: key => cache.set(`${key} again`, 'by the hook'),
    })
    for (const key of ['a', 'b']) cache.set(key, 'old', 1)
    advance(10)

    cache.set('c', 'new')

    expect(Object.fromEntries(cache)).toEqual({ c: 'new', 'a again': 'by the hook', 'b again': 'by the hook' })
    expect(cache.size).toBe(3)
  })

  it('may store during invalidatePrefix, under the same prefix too', () => {
    for (const prefix of ['a:1:', 'a:']) {
      const { cache } = withClock<string>({
        onRemove: key => key.endsWith('new') || cache.set('a:1:new', 'by the hook'),
      })
      for (const key of ['a:1:x', 'a:1:y', 'b:1:x']) cache.set(key, 'old')

      const count = cache.invalidatePrefix(prefix)

      expect(count).toBe(2)
      expect([...cache]).toEqual([
        ['b:1:x', 'old'],
        ['a:1:new', 'by the hook'],
      ])
    }
  })

  it('may clear during invalidatePrefix, and is told of each entry once', () => {
    const told: string[] = []
    const { cache } = withClock<string>({
      onRemove: key => {
        told.push(key)
        cache.clear()
      },
    })
    for (const key of ['a:1', 'a:2', 'b:1']) cache.set(key, 'old')

    const count = cache.invalidatePrefix('a:')

    expect(count).toBe(2)
    expect(told.toSorted()).toEqual(['a:1', 'a:2', 'b:1'])
    expect(cache.size).toBe(0)
  })

  it('may store during clear, what then stays', () => {
    const { cache } = withClock<string>({
      onRemove: (key, _, reason) => reason === 'deleted' && cache.set(key, 'again'),
    })
    for (const key of ['a', 'b']) cache.set(key, 'old')

    const count = cache.clear()

    expect(count).toBe(2)
    expect([...cache]).toEqual([
      ['a', 'again'],
      ['b', 'again'],
    ])
  })

  it('may start a load during an expiry', async () => {
    let reload: Promise<string> | undefined
    const { cache, advance } = withClock<string>({
      onExpire: key => {
        reload = cache.getOrSetAsync(key, async () => 'loaded')
      },
    })
    cache.set('a', 'old', 1)
    advance(1)

    const value = await cache.getOrSetAsync('a', async () => 'not called')

    expect(value).toBe('loaded')
    await expect(reload).resolves.toBe('loaded')
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['get', cache => cache.get('b')],
    ['set', cache => cache.set('b', 'new')],
    ['set with a ttl of zero', cache => cache.set('b', 'new', 0)],
    ['getOrSet', cache => cache.getOrSet('b', () => 'new')],
    ['getOrSetAsync', cache => cache.getOrSetAsync('b', () => 'new')],
    ['delete', cache => cache.delete('a')],
    ['invalidatePrefix', cache => cache.invalidatePrefix('a')],
    ['clear', cache => cache.clear()],
  ])('may dispose of the cache during %s, which leaves nothing behind', async (_, use) => {
    const { cache, advance } = withClock<string>({ cleanupInterval: 10, onRemove: () => cache.dispose() })
    cache.set('a', 'old', 1)
    advance(10)

    await Promise.allSettled([(async () => await use(cache))()])

    expect(cache.size).toBe(0)
    expect(cache.stats().size).toBe(0)
    expect(() => cache.get('a')).toThrow(TypeError)
  })

  it('finds a cache that is being disposed of empty and out of use', async () => {
    const seen: unknown[] = []
    const { cache } = withClock<string>({
      onRemove: key => {
        seen.push(key, cache.size)
        cache.set('again', 'by the hook')
      },
    })
    for (const key of ['a', 'b']) cache.set(key, 'old')

    const uncaught = await uncaughtExceptions(() => cache.dispose())

    expect(seen).toEqual(['a', 0, 'b', 0])
    expect(uncaught.map(error => error instanceof TypeError)).toEqual([true, true])
    expect(cache.size).toBe(0)
    expect(cache.stats().size).toBe(0)
  })

  it('that throws stops nothing: the operation is done, all others are told, and the failures are uncaught', async () => {
    const told: string[] = []
    const failure = (text: string): never => {
      told.push(text)
      throw new Error(text)
    }
    const { cache, advance } = withClock<string>({
      maxSize: 2,
      onRemove: key => failure(`onRemove ${key}`),
      onExpire: key => failure(`onExpire ${key}`),
      onEvict: key => failure(`onEvict ${key}`),
    })
    let count = 0

    const uncaught = await uncaughtExceptions(() => {
      for (const key of ['a', 'b', 'c']) cache.set(key, 'old', 1)
      advance(60)
      cache.set('d', 'new')
      count = cache.clear()
    })

    expect(count).toBe(1)
    const expected = ['onRemove a', 'onEvict a', 'onRemove b', 'onExpire b', 'onRemove c', 'onExpire c', 'onRemove d']
    expect(told.toSorted()).toEqual(expected.toSorted())
    expect(uncaught.map(error => (error as Error).message)).toEqual(told)
    expect(cache.size).toBe(0)
  })
})
