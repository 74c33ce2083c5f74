import { describe, expect, it, vi } from 'vitest'
import { HeldFactory } from './__fixtures__/held-factory.ts'
import { keysOf } from './__fixtures__/keys-of.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import { withLoaded } from './__fixtures__/with-loaded.ts'
import type { LoadOptions } from './load-options.ts'
import type { TTLCacheOptions } from './ttl-cache-options.ts'
import { TTLCache } from './ttl-cache.ts'

const day = 86_400

async function turn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

/** What nobody has handled while the function ran and the turn after it. */
async function unhandledRejections(run: () => Promise<void>): Promise<readonly unknown[]> {
  const unhandled: unknown[] = []
  const listener = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', listener)
  await run()
  await turn()
  process.off('unhandledRejection', listener)
  return unhandled
}

describe('staleWhileRevalidate', () => {
  it('hands out the old value at once, while one load runs for all who ask', async () => {
    const { cache, advance, ask } = await withLoaded({ staleWhileRevalidate: 60 })
    const factory = new HeldFactory<string>()
    advance(10)

    const during = await Promise.all([ask(factory), ask(factory), ask(factory)])
    factory.resolve('new')
    await turn()
    const after = await ask(factory)

    expect(during).toEqual(['old', 'old', 'old'])
    expect(after).toBe('new')
    expect(factory.calls).toBe(1)
    expect(cache.stats()).toMatchObject({ hits: 4, misses: 1, staleHits: 3, loads: 2 })
  })

  it.each([
    ['to the last millisecond', 59.999, 'old'],
    ['and not a millisecond longer', 60, 'new'],
  ])('holds for its window %s', async (_, seconds, expected) => {
    const { advance, ask } = await withLoaded({ staleWhileRevalidate: 60 })
    const factory = new HeldFactory<string>()
    advance(10 + seconds)

    const waiting = ask(factory)
    factory.resolve('new')

    await expect(waiting).resolves.toBe(expected)
    expect(factory.calls).toBe(1)
  })

  it('of Infinity holds for ever', async () => {
    const { advance, ask } = await withLoaded({ staleWhileRevalidate: Infinity })
    const factory = new HeldFactory<string>()
    advance(400 * day)

    const value = await ask(factory)

    expect(value).toBe('old')
  })

  it.each([13, 40])('is over after a pause of %i days', async days => {
    const { advance, ask } = await withLoaded({ staleWhileRevalidate: 60 })
    const factory = new HeldFactory<string>()
    advance(days * day)

    const waiting = ask(factory)
    factory.resolve('new')

    await expect(waiting).resolves.toBe('new')
  })

  it('applies also to a value that was set', async () => {
    const { cache, advance } = withClock<string>()
    const factory = new HeldFactory<string>()
    cache.set('a', 'set', 10)
    advance(11)

    const value = await cache.getOrSetAsync('a', factory.run, { staleWhileRevalidate: 60 })

    expect(value).toBe('set')
    expect(factory.calls).toBe(1)
  })

  it('does not apply to get, has, peek and iteration, and leaves them the entry', async () => {
    const { cache, advance, ask } = await withLoaded({ staleWhileRevalidate: 60 })
    advance(11)

    const seen = [cache.get('a'), cache.has('a'), cache.peek('a'), keysOf(cache)]
    const value = await ask(new HeldFactory<string>())

    expect(seen).toEqual([undefined, false, undefined, []])
    expect(value).toBe('old')
  })

  it('does not apply to a caller without it, who waits for the load', async () => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 })
    advance(11)

    const value = await cache.getOrSetAsync('a', () => 'new')

    expect(value).toBe('new')
  })

  it('leaves no rejection when the factory throws at once', async () => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 })
    advance(11)
    const failing = (): never => {
      throw new Error('at once')
    }

    const unhandled = await unhandledRejections(async () => {
      await cache.getOrSetAsync('a', failing, { staleWhileRevalidate: 60 })
    })

    expect(unhandled).toEqual([])
  })

  it('goes on with the old value when the factory finds none', async () => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 })
    advance(11)
    const options = { staleWhileRevalidate: 60 }

    // A factory must not give `undefined`; one without types may.
    await cache.getOrSetAsync('a', () => undefined as never, options)
    await turn()
    const value = await cache.getOrSetAsync('a', () => 'new', options)

    expect(value).toBe('old')
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['deletes the key', cache => cache.delete('a')],
    ['clears and fills the cache anew', cache => (cache.clear(), cache.set('z', 'of another key'))],
  ])('gives the value of its own key when the factory %s', async (_, interfere) => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 }, { maxSize: 4 })
    cache.set('b', 'b')
    advance(11)

    const value = await cache.getOrSetAsync('a', () => (interfere(cache), 'new'), { staleWhileRevalidate: 60 })
    await turn()
    for (const key of ['1', '2', '3', '4', '5']) cache.set(key, key)

    expect(value).toBe('old')
    expect(cache.has('a')).toBe(false)
    expect(keysOf(cache)).toEqual(['2', '3', '4', '5'])
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['delete', cache => cache.delete('a')],
    ['invalidatePrefix', cache => cache.invalidatePrefix('a')],
    ['clear', cache => cache.clear()],
  ])('is over with %s: the next caller waits, and what is loaded is not stored', async (_, invalidate) => {
    const { cache, advance, ask } = await withLoaded({ staleWhileRevalidate: 60 })
    const factory = new HeldFactory<string>()
    advance(11)
    await ask(factory)

    invalidate(cache)
    const waiting = ask(factory)
    factory.resolve('begun before', 0)
    await turn()
    const isStored = cache.has('a')
    factory.resolve('new', 1)

    expect(isStored).toBe(false)
    await expect(waiting).resolves.toBe('new')
  })

  it('lets the load go on when a caller who has joined it leaves', async () => {
    const { cache, advance, ask } = await withLoaded({ staleWhileRevalidate: 60 })
    const factory = new HeldFactory<string>()
    const controller = new AbortController()
    advance(11)
    await ask(factory)
    const leaving = ask(factory, { staleWhileRevalidate: 0, signal: controller.signal })

    controller.abort('gone')
    await expect(leaving).rejects.toBe('gone')
    factory.resolve('new')
    await turn()

    expect(factory.signals.map(({ aborted }) => aborted)).toEqual([false])
    expect(cache.get('a')).toBe('new')
  })

  it('counts as a use', async () => {
    const { cache, advance, ask } = await withLoaded({ staleWhileRevalidate: 60 }, { maxSize: 2 })
    const factory = new HeldFactory<string>()
    cache.set('b', 'b')
    advance(11)

    await ask(factory)
    factory.resolve('new')
    await turn()

    expect(keysOf(cache)).toEqual(['b', 'a'])
  })
})

describe('a value that is kept after it has expired', () => {
  it('has its age and a negative time left', async () => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 })
    advance(25)

    const entry = cache.entry('a')
    cache.get('a')

    expect(entry).toEqual({ value: 'old', ageMs: 25_000, expiresInMs: -15_000 })
    expect(cache.entry('a')).toEqual(entry)
    expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 1, expirations: 0 })
  })

  it.each([13, 40])('still has them after %i days', async days => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: Infinity }, { cleanupInterval: 0 })
    advance(20)
    cache.get('b')
    advance(days * day)

    cache.get('b')

    expect(cache.entry('a')).toEqual({
      value: 'old',
      ageMs: (days * day + 20) * 1000,
      expiresInMs: -(days * day + 10) * 1000,
    })
    expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 1 })
  })

  it.each<[string, LoadOptions<string>]>([
    ['staleWhileRevalidate', { staleWhileRevalidate: 60 }],
    ['staleIfError', { staleIfError: 60 }],
    ['the longer of both', { staleWhileRevalidate: 60, staleIfError: 20 }],
    ['the longer of both', { staleWhileRevalidate: 20, staleIfError: 60 }],
  ])('is removed by a sweep when its window is over (%s)', async (_, options) => {
    const { cache, advance } = await withLoaded(options, { cleanupInterval: 1 })

    advance(69.999)
    cache.get('b')
    const before = cache.stats()
    advance(1)
    cache.get('b')

    expect(before).toMatchObject({ size: 1, expiredCount: 1, expirations: 0 })
    expect(cache.stats()).toMatchObject({ size: 0, expiredCount: 0, expirations: 1 })
  })

  it('is kept until room is needed when an error decides', async () => {
    const { cache, advance } = await withLoaded({ staleIfError: () => 60 }, { cleanupInterval: 1, maxSize: 2 })
    cache.set('b', 'b', Infinity)

    advance(400 * day)
    cache.get('b')
    const before = cache.size
    cache.set('c', 'c')

    expect(before).toBe(2)
    expect(keysOf(cache)).toEqual(['b', 'c'])
  })

  it('goes before any live entry when room is needed', async () => {
    const removed: string[] = []
    const onRemove: TTLCacheOptions<string>['onRemove'] = (key, _, reason) => removed.push(`${key} ${reason}`)
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 }, { maxSize: 3, onRemove })
    cache.set('b', 'b')
    cache.set('c', 'c')
    cache.get('a')
    advance(10)

    cache.set('d', 'd')
    cache.set('e', 'e')

    expect(removed).toEqual(['a expired', 'b evicted'])
    expect(cache.stats()).toMatchObject({ expirations: 1, evictions: 1 })
  })

  it('goes after what has expired and is not kept', async () => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 }, { maxSize: 3, cleanupInterval: Infinity })
    cache.set('b', 'b', 10)
    cache.set('c', 'c')
    advance(10)

    cache.set('d', 'd')

    expect(cache.entry('a')?.value).toBe('old')
    expect(keysOf(cache)).toEqual(['c', 'd'])
  })

  it('is not kept any longer once it was replaced', async () => {
    const { cache, advance } = await withLoaded({ staleWhileRevalidate: 60 })
    cache.set('a', 'set', 10)
    advance(10)

    cache.get('a')

    expect(cache.entry('a')).toBeUndefined()
  })
})

describe('refreshAhead', () => {
  it.each([
    ['the default ttl', undefined, 150],
    ['a ttl of its own', 40, 20],
    ['a very long one', 60 * day, 30 * day],
  ])('loads anew after that share of %s, gives the old value meanwhile', async (_, ttl, half) => {
    const { cache, advance } = withClock<string>()
    const options = { ttl, refreshAhead: 0.5 }
    const factory = new HeldFactory<string>()
    await cache.getOrSetAsync('a', () => 'old', options)

    advance(half - 0.001)
    await cache.getOrSetAsync('a', factory.run, options)
    const callsBefore = factory.calls
    advance(0.001)
    const during = await Promise.all([1, 2, 3].map(() => cache.getOrSetAsync('a', factory.run, options)))
    factory.resolve('new')
    await turn()

    expect([callsBefore, factory.calls]).toEqual([0, 1])
    expect(during).toEqual(['old', 'old', 'old'])
    expect(cache.get('a')).toBe('new')
    expect(cache.entry('a')?.ageMs).toBe(0)
    expect(cache.stats()).toMatchObject({ hits: 5, misses: 1, staleHits: 0 })
  })

  it('measures the share of what is left from the last write', async () => {
    const { cache, advance } = withClock<string>()
    const factory = new HeldFactory<string>()
    cache.set('a', 'first', 10)
    advance(9)
    cache.set('a', 'second', 100)
    advance(49)

    await cache.getOrSetAsync('a', factory.run, { refreshAhead: 0.5 })
    const callsBefore = factory.calls
    advance(1)
    await cache.getOrSetAsync('a', factory.run, { refreshAhead: 0.5 })

    expect([callsBefore, factory.calls]).toEqual([0, 1])
  })

  it.each([
    [0, 0, 1],
    [1, 9.999, 0],
  ])('of %f has called %o seconds after the load %i factories', async (share, seconds, calls) => {
    const { advance, ask } = await withLoaded({ refreshAhead: share })
    const factory = new HeldFactory<string>()
    advance(seconds)

    await ask(factory)

    expect(factory.calls).toBe(calls)
  })

  it('never loads anew what lives for ever', async () => {
    const { advance, ask } = await withLoaded({ ttl: Infinity, refreshAhead: 0.1 })
    const factory = new HeldFactory<string>()
    advance(400 * day)

    const value = await ask(factory)

    expect(value).toBe('old')
    expect(factory.calls).toBe(0)
  })

  it('is joined by who asks after the old value has expired', async () => {
    const { advance, ask } = await withLoaded({ refreshAhead: 0.5 })
    const factory = new HeldFactory<string>()
    advance(5)
    await ask(factory)
    advance(5)

    const waiting = ask(factory)
    factory.resolve('new')

    await expect(waiting).resolves.toBe('new')
    expect(factory.calls).toBe(1)
  })

  it('does not store what was loaded when the key has changed meanwhile', async () => {
    const { cache, advance, ask } = await withLoaded({ refreshAhead: 0.5 })
    const factory = new HeldFactory<string>()
    advance(5)
    await ask(factory)

    cache.set('a', 'set')
    factory.resolve('begun before')
    await turn()

    expect(cache.get('a')).toBe('set')
  })

  it('gives the value that it found when the factory deletes the key, and the order of use stays sound', async () => {
    const { cache } = withClock<string>({ maxSize: 4 })
    for (const key of ['a', 'b', 'c']) cache.set(key, key)

    const value = await cache.getOrSetAsync('a', () => (cache.delete('a'), 'new'), { refreshAhead: 0 })
    for (const key of ['d', 'e', 'f']) cache.set(key, key)

    expect(value).toBe('a')
    expect(keysOf(cache)).toEqual(['c', 'd', 'e', 'f'])
  })

  it.each([-0.1, 1.1, NaN])('of %f is a RangeError', async refreshAhead => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()

    await expect(cache.getOrSetAsync('a', factory.run, { refreshAhead })).rejects.toThrow(RangeError)

    expect(factory.calls).toBe(0)
  })
})

describe('a load in the background that fails', () => {
  it.each<[string, LoadOptions<string>, number]>([
    ['staleWhileRevalidate', { staleWhileRevalidate: 60 }, 11],
    ['refreshAhead', { refreshAhead: 0.5 }, 5],
  ])('leaves the old value, no rejection, and the next call to try again (%s)', async (_, options, age) => {
    const { cache, advance, ask } = await withLoaded(options)
    const factory = new HeldFactory<string>()
    advance(age)

    const unhandled = await unhandledRejections(async () => {
      await ask(factory)
      factory.reject(new Error('the source is down'))
    })
    const value = await ask(factory)

    expect(unhandled).toEqual([])
    expect(value).toBe('old')
    expect(factory.calls).toBe(2)
    expect(cache.entry('a')).toEqual({ value: 'old', ageMs: age * 1000, expiresInMs: (10 - age) * 1000 })
    expect(cache.stats()).toMatchObject({ loadFailures: 1 })
  })
})

describe('staleIfError', () => {
  it('hands out the old value when the load fails, to each who waits', async () => {
    const { cache, advance, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()
    advance(11)

    const waiting = [ask(factory), ask(factory)]
    factory.reject(new Error('the source is down'))

    expect(await Promise.all(waiting)).toEqual(['old', 'old'])
    expect(factory.calls).toBe(1)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 3, staleHits: 2, loadFailures: 1 })
  })

  it('waits for the load, and gives its value when there is one', async () => {
    const { advance, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()
    advance(11)

    const waiting = ask(factory)
    factory.resolve('new')

    await expect(waiting).resolves.toBe('new')
  })

  it.each([
    ['ends with its window', 60, 'fails'],
    ['lasts as long as its window', 59.999, 'old'],
    ['has ended after a pause of 13 days', 13 * day, 'fails'],
    ['has ended after a pause of 40 days', 40 * day, 'fails'],
  ])('%s', async (_, seconds, expected) => {
    const { advance, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()
    advance(10 + seconds)

    const waiting = ask(factory).catch(() => 'fails')
    factory.reject(new Error('the source is down'))

    await expect(waiting).resolves.toBe(expected)
  })

  it('is measured when the load has failed, not when it was begun', async () => {
    const { advance, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()
    advance(60)

    const waiting = ask(factory)
    advance(10)
    factory.reject(new Error('the source is down'))

    await expect(waiting).rejects.toThrow('the source is down')
  })

  it('may be decided by the error', async () => {
    const seconds = (error: unknown): number => (String(error).includes('down') ? 60 : 0)
    const { advance, ask } = await withLoaded({ staleIfError: seconds })
    const factory = new HeldFactory<string>()
    advance(11)

    const first = ask(factory)
    factory.reject(new Error('the source is down'), 0)
    const firstValue = await first
    const second = ask(factory)
    factory.reject(new Error('forbidden'), 1)

    expect(firstValue).toBe('old')
    await expect(second).rejects.toThrow('forbidden')
  })

  it('that cannot decide gives the error', async () => {
    const { advance, ask } = await withLoaded({ staleIfError: () => NaN })
    const factory = new HeldFactory<string>()
    advance(11)

    const waiting = ask(factory)
    factory.reject(new Error('the source is down'))

    await expect(waiting).rejects.toThrow('the source is down')
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['delete', cache => cache.delete('a')],
    ['invalidatePrefix', cache => cache.invalidatePrefix('a')],
    ['clear', cache => cache.clear()],
    ['dispose', cache => cache.dispose()],
  ])('gives the error after %s', async (_, invalidate) => {
    const { cache, advance, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()
    advance(11)
    const waiting = ask(factory)

    invalidate(cache)
    factory.reject(new Error('the source is down'))

    await expect(waiting).rejects.toThrow('the source is down')
  })

  it('gives what was set meanwhile, and the error to those who have not asked for that', async () => {
    const { cache, advance, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()
    advance(11)
    const waiting = [ask(factory), ask(factory, { staleIfError: undefined }), ask(factory, { staleIfError: () => 0 })]

    cache.set('a', 'newer')
    factory.reject(new Error('the source is down'))

    expect(await Promise.allSettled(waiting)).toMatchObject([
      { status: 'fulfilled', value: 'newer' },
      { status: 'rejected' },
      { status: 'rejected' },
    ])
    expect(cache.stats().staleHits).toBe(0)
  })

  it('does not replace the abort of the caller itself', async () => {
    const { advance, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()
    const controller = new AbortController()
    advance(11)

    const leaving = ask(factory, { signal: controller.signal })
    const staying = ask(factory)
    controller.abort('gone')
    factory.reject(new Error('the source is down'))

    await expect(leaving).rejects.toBe('gone')
    await expect(staying).resolves.toBe('old')
  })

  it('gives the error where nothing was ever stored', async () => {
    const cache = new TTLCache<string>()

    const waiting = cache.getOrSetAsync('a', () => Promise.reject(new Error('the source is down')), {
      staleIfError: 60,
    })

    await expect(waiting).rejects.toThrow('the source is down')
  })

  it('works beside staleWhileRevalidate: at once in the one window, after a failure in the other', async () => {
    const { advance, ask } = await withLoaded({ staleWhileRevalidate: 5, staleIfError: 60 })
    const factory = new HeldFactory<string>()
    advance(12)
    const first = await ask(factory)
    factory.reject(new Error('the source is down'), 0)
    await turn()
    advance(10)

    const second = ask(factory)
    factory.reject(new Error('the source is down'), 1)

    expect(first).toBe('old')
    await expect(second).resolves.toBe('old')
    expect(factory.calls).toBe(2)
  })
})

describe('clone and freeze', () => {
  it('apply to stale values as well', async () => {
    const { cache, advance } = withClock<{ cost: number }>({ clone: structuredClone })
    const options = { ttl: 10, staleWhileRevalidate: 60, staleIfError: 60 }
    await cache.getOrSetAsync('a', () => ({ cost: 1 }), options)
    advance(11)

    const first = await cache.getOrSetAsync('a', () => Promise.reject(new Error('down')), options)
    first.cost = 2
    await turn()
    const second = await cache.getOrSetAsync('a', () => Promise.reject(new Error('down')), {
      ...options,
      staleWhileRevalidate: 0,
    })
    second.cost = 3

    expect(cache.entry('a')?.value).toEqual({ cost: 1 })
  })
})

describe('load options', () => {
  it.each<[string, object]>([
    ['staleWhileRevalidate', { staleWhileRevalidate: NaN }],
    ['staleIfError', { staleIfError: NaN }],
    ['ttl', { ttl: NaN }],
  ])('of NaN are a RangeError that names %s', async (name, options) => {
    const cache = new TTLCache<string>()
    const factory = vi.fn<() => string>(() => 'x')

    await expect(cache.getOrSetAsync('a', factory, options)).rejects.toThrow(RangeError)
    await expect(cache.getOrSetAsync('a', factory, options)).rejects.toThrow(name)

    expect(factory).not.toHaveBeenCalled()
  })

  it.each(['staleWhileRevalidate', 'staleIfError', 'ttl', 'refreshAhead'])(
    'of text are a TypeError that names %s',
    async name => {
      const cache = new TTLCache<string>()
      const options: object = { [name]: '0.5' }

      await expect(cache.getOrSetAsync('a', () => 'x', options)).rejects.toThrow(TypeError)
      await expect(cache.getOrSetAsync('a', () => 'x', options)).rejects.toThrow(name)
    },
  )
})

describe('a value that was set with staleFor', () => {
  it('is no longer found after its time, and is still there for entry and for a load that fails', async () => {
    const { cache, advance } = withClock<string>({})
    cache.set('a', 'old', { ttl: 10, staleFor: 60 })
    advance(10)

    const load = cache.getOrSetAsync('a', () => Promise.reject(new Error('down')), { staleIfError: 60 })

    expect(cache.get('a')).toBeUndefined()
    expect(cache.entry('a')).toEqual({ value: 'old', ageMs: 10_000, expiresInMs: 0 })
    await expect(load).resolves.toBe('old')
  })

  it('is swept when that time is up too', () => {
    const { cache, advance } = withClock<string>({ cleanupInterval: 1 })
    cache.set('a', 'old', { ttl: 10, staleFor: 60 })
    cache.set('b', 'new', { staleFor: 0 })
    advance(70)

    cache.get('a')

    expect(cache.entry('a')).toBeUndefined()
    expect(cache.get('b')).toBe('new')
  })

  it('refuses durations that are no numbers', () => {
    const { cache } = withClock<string>({})

    expect(() => cache.set('a', 'x', { staleFor: Number.NaN })).toThrow(RangeError)
    expect(() => cache.set('a', 'x', { ttl: Number.NaN })).toThrow(RangeError)
    expect(cache.size).toBe(0)
  })
})
