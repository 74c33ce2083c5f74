import { describe, expect, it, vi } from 'vitest'
import { notText } from './__fixtures__/bad-values.ts'
import { HeldFactory } from './__fixtures__/held-factory.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import type { LoadOptions } from './load-options.ts'
import type { TTLCacheOptions } from './ttl-cache-options.ts'
import { TTLCache } from './ttl-cache.ts'

const invalidations: [string, (cache: TTLCache<string>) => unknown][] = [
  ['deleted', cache => cache.delete('a:1')],
  ['cleared', cache => cache.clear()],
  ['invalidated by prefix', cache => cache.invalidatePrefix('a:')],
  ['invalidated by the empty prefix', cache => cache.invalidatePrefix('')],
  ['set with a ttl of zero', cache => cache.set('a:1', 'newer', 0)],
]

describe('single flight', () => {
  it('calls the factory once for ten thousand callers', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()

    const waiting = Array.from({ length: 10_000 }, () => cache.getOrSetAsync('a', factory.run))
    factory.resolve('loaded')
    const values = await Promise.all(waiting)

    expect(new Set(values)).toEqual(new Set(['loaded']))
    expect(factory.calls).toBe(1)
    expect(cache.stats()).toMatchObject({ size: 1, hits: 0, misses: 10_000, loads: 1 })
  })

  it('gives a stored value without a call', async () => {
    const cache = new TTLCache<string | null>()
    cache.set('a', null)
    const factory = new HeldFactory<string>()

    const value = await cache.getOrSetAsync('a', factory.run)

    expect(value).toBeNull()
    expect(factory.calls).toBe(0)
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 0 })
  })

  it('loads different keys apart', async () => {
    const cache = new TTLCache<string>()

    const values = await Promise.all(['a', 'b'].map(key => cache.getOrSetAsync(key, () => key)))

    expect(values).toEqual(['a', 'b'])
  })

  it('takes a factory that returns the value itself', async () => {
    const cache = new TTLCache<string>()

    const value = await cache.getOrSetAsync('a', () => 'plain')

    expect(value).toBe('plain')
    expect(cache.get('a')).toBe('plain')
  })

  it('has stored the value when the first caller learns of it', async () => {
    const cache = new TTLCache<string>()

    const stored = cache.getOrSetAsync('a', () => 'loaded').then(() => cache.peek('a'))

    await expect(stored).resolves.toBe('loaded')
  })

  it('hands out undefined and asks again', async () => {
    const cache = new TTLCache<string | undefined>()
    const factory = vi.fn<() => undefined>()

    await cache.getOrSetAsync('a', factory)
    await cache.getOrSetAsync('a', factory)

    expect(factory).toHaveBeenCalledTimes(2)
    expect(cache.size).toBe(0)
  })
})

describe('failure', () => {
  it('reaches every caller and is not kept', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const failure = new Error('the source is down')

    const waiting = Array.from({ length: 3 }, () => cache.getOrSetAsync('a', factory.run))
    factory.reject(failure)
    const outcomes = await Promise.allSettled(waiting)
    const next = await cache.getOrSetAsync('a', () => 'back')

    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: failure })))
    expect(next).toBe('back')
  })

  it('of a factory that throws at once is a rejection', async () => {
    const cache = new TTLCache<string>()

    const waiting = cache.getOrSetAsync('a', () => {
      throw new Error('at once')
    })

    await expect(waiting).rejects.toThrow('at once')
    expect(cache.size).toBe(0)
  })

  it.each<[string, () => Promise<string>]>([
    ['a ttl of NaN', () => new TTLCache<string>().getOrSetAsync('a', () => 'x', NaN)],
    ['a ttl of NaN among options', () => new TTLCache<string>().getOrSetAsync('a', () => 'x', { ttl: NaN })],
    ['a computed ttl of NaN', () => new TTLCache<string>().getOrSetAsync('a', () => 'x', { ttl: () => NaN })],
  ])('of %s is a rejection with a RangeError', async (_, load) => {
    await expect(load()).rejects.toThrow(RangeError)
  })

  it('of a bad argument comes before the factory is called', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()

    await expect(cache.getOrSetAsync('a', factory.run, NaN)).rejects.toThrow(RangeError)
    await expect(cache.getOrSetAsync(notText, factory.run)).rejects.toThrow(TypeError)

    expect(factory.calls).toBe(0)
  })
})

describe('lifetime', () => {
  it.each<[string, number | { ttl: number | ((value: string) => number) } | undefined, number]>([
    ['the default', undefined, 300],
    ['a number', 60, 60],
    ['an option', { ttl: 60 }, 60],
    ['computed from the value', { ttl: value => value.length * 10 }, 60],
  ])('is %s', async (_, options, seconds) => {
    let nowMs = 0
    const cache = new TTLCache<string>({ now: () => nowMs })
    await cache.getOrSetAsync('a', () => 'loaded', options)

    nowMs = seconds * 1000 - 1
    const before = cache.get('a')
    nowMs += 1
    const after = cache.get('a')

    expect([before, after]).toEqual(['loaded', undefined])
  })

  it('begins when the value arrives', async () => {
    let nowMs = 0
    const cache = new TTLCache<string>({ now: () => nowMs })
    const factory = new HeldFactory<string>()
    const waiting = cache.getOrSetAsync('a', factory.run, 10)

    nowMs = 9000
    factory.resolve('loaded')
    await waiting
    nowMs = 18_000

    expect(cache.get('a')).toBe('loaded')
  })

  it.each([0, -1])('of %i seconds hands the value out and does not keep it', async ttl => {
    const cache = new TTLCache<string>()

    const values = await Promise.all([
      cache.getOrSetAsync('a', () => 'loaded', ttl),
      cache.getOrSetAsync('b', () => 'loaded', { ttl: () => ttl }),
    ])

    expect(values).toEqual(['loaded', 'loaded'])
    expect(cache.size).toBe(0)
  })
})

describe('a key that changes while its value is loaded', () => {
  it.each(invalidations)('is not given the old value when it was %s', async (_, invalidate) => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const waiting = cache.getOrSetAsync('a:1', factory.run)

    invalidate(cache)
    factory.resolve('old')
    const value = await waiting

    expect(value).toBe('old')
    expect(cache.has('a:1')).toBe(false)
  })

  it.each(invalidations)('is loaded anew by who asks after it was %s', async (_, invalidate) => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const before = cache.getOrSetAsync('a:1', factory.run)

    invalidate(cache)
    const after = cache.getOrSetAsync('a:1', factory.run)
    factory.resolve('new', 1)
    factory.resolve('old', 0)
    const values = await Promise.all([before, after])

    expect(values).toEqual(['old', 'new'])
    expect(cache.get('a:1')).toBe('new')
  })

  it.each(invalidations)('is not given the old value when it was %s and loaded again', async (_, invalidate) => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const before = cache.getOrSetAsync('a:1', factory.run)

    invalidate(cache)
    const after = cache.getOrSetAsync('a:1', factory.run)
    factory.resolve('old', 0)
    await before
    const joined = cache.getOrSetAsync('a:1', factory.run)
    factory.resolve('new', 1)

    expect(await Promise.all([after, joined])).toEqual(['new', 'new'])
    expect(factory.calls).toBe(2)
    expect(cache.get('a:1')).toBe('new')
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['set', cache => cache.set('a:1', 'newer')],
    ['getOrSet', cache => cache.getOrSet('a:1', () => 'newer')],
  ])('keeps what %s stored meanwhile', async (_, store) => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const waiting = cache.getOrSetAsync('a:1', factory.run)

    store(cache)
    factory.resolve('old')
    await waiting

    expect(cache.get('a:1')).toBe('newer')
  })

  it('keeps its load when something else changes', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const waiting = cache.getOrSetAsync('a:1', factory.run)

    cache.set('a:2', 'other')
    cache.delete('a:')
    cache.invalidatePrefix('a:1:')
    cache.getOrSet('a:1', () => 'handed out', 0)
    factory.resolve('loaded')
    await waiting

    expect(cache.get('a:1')).toBe('loaded')
  })

  it('does not lose a failure', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const before = cache.getOrSetAsync('a', factory.run)
    cache.delete('a')
    const after = cache.getOrSetAsync('a', factory.run)

    factory.reject(new Error('old failure'), 0)
    factory.resolve('new', 1)

    await expect(before).rejects.toThrow('old failure')
    await expect(after).resolves.toBe('new')
    expect(cache.get('a')).toBe('new')
  })

  it('counts when the factory itself invalidates it', async () => {
    const cache = new TTLCache<string>()

    const value = await cache.getOrSetAsync('a', () => {
      cache.delete('a')
      return 'old'
    })

    expect(value).toBe('old')
    expect(cache.has('a')).toBe(false)
  })
})

describe('abort', () => {
  it('ends only the wait of the caller whose signal it is', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const controller = new AbortController()
    const reason = new Error('no longer needed')
    const leaving = cache.getOrSetAsync('a', factory.run, { signal: controller.signal })
    const staying = cache.getOrSetAsync('a', factory.run)

    controller.abort(reason)
    await expect(leaving).rejects.toBe(reason)
    factory.resolve('loaded')

    await expect(staying).resolves.toBe('loaded')
    expect(factory.signals[0]?.aborted).toBe(false)
    expect(cache.get('a')).toBe('loaded')
  })

  it('of the last caller reaches the factory with its reason', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const controllers = [new AbortController(), new AbortController()]
    const waiting = controllers.map(({ signal }) => cache.getOrSetAsync('a', factory.run, { signal }))
    const outcomes = Promise.allSettled(waiting)

    controllers[0]?.abort('first')
    const afterFirst = factory.signals[0]?.aborted
    controllers[1]?.abort('last')
    const afterLast = factory.signals[0]?.aborted

    expect(await outcomes).toEqual([
      { status: 'rejected', reason: 'first' },
      { status: 'rejected', reason: 'last' },
    ])
    expect([afterFirst, afterLast]).toEqual([false, true])
    expect(factory.signals[0]?.reason).toBe('last')
  })

  it('of all callers drops the load: its value is not kept, and who asks next loads anew', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const controller = new AbortController()
    const leaving = cache.getOrSetAsync('a', factory.run, { signal: controller.signal })
    controller.abort('gone')
    await expect(leaving).rejects.toBe('gone')

    const next = cache.getOrSetAsync('a', factory.run)
    factory.resolve('abandoned', 0)
    await new Promise(resolve => setImmediate(resolve))
    const kept = cache.has('a')
    factory.resolve('new', 1)

    expect(kept).toBe(false)
    await expect(next).resolves.toBe('new')
    expect(cache.get('a')).toBe('new')
  })

  it('of all callers leaves no unhandled rejection when the factory then fails', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const unhandled = vi.fn<(reason: unknown) => void>()
    process.on('unhandledRejection', unhandled)
    const controller = new AbortController()
    const leaving = cache.getOrSetAsync('a', factory.run, { signal: controller.signal })

    controller.abort('gone')
    await expect(leaving).rejects.toBe('gone')
    factory.reject(new Error('aborted'))
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)

    expect(unhandled).not.toHaveBeenCalled()
  })

  it('before the call rejects without calling the factory, even when the value is there', async () => {
    const cache = new TTLCache<string>()
    cache.set('stored', 'value')
    const factory = new HeldFactory<string>()
    const signal = AbortSignal.abort('too late')

    await expect(cache.getOrSetAsync('a', factory.run, { signal })).rejects.toBe('too late')
    await expect(cache.getOrSetAsync('stored', factory.run, { signal })).rejects.toBe('too late')

    expect(factory.calls).toBe(0)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
  })

  it('by the factory itself ends the wait too', async () => {
    const cache = new TTLCache<string>()
    const controller = new AbortController()

    const waiting = cache.getOrSetAsync(
      'a',
      () => {
        controller.abort('by the factory')
        return Promise.withResolvers<string>().promise
      },
      { signal: controller.signal },
    )

    await expect(waiting).rejects.toBe('by the factory')
  })

  it('after the value has arrived changes nothing', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const controller = new AbortController()
    const waiting = cache.getOrSetAsync('a', factory.run, { signal: controller.signal })
    factory.resolve('loaded')
    await waiting

    controller.abort('late')

    expect(factory.signals[0]?.aborted).toBe(false)
    expect(cache.get('a')).toBe('loaded')
  })

  it('between the arrival and the end of the wait does not reach the factory and keeps the value', async () => {
    const cache = new TTLCache<string>()
    const factory = new HeldFactory<string>()
    const controller = new AbortController()
    const ttl = (): number => {
      controller.abort('just now')
      return 60
    }
    const waiting = cache.getOrSetAsync('a', factory.run, { ttl, signal: controller.signal })

    factory.resolve('loaded')

    await expect(waiting).rejects.toBe('just now')
    expect(factory.signals[0]?.aborted).toBe(false)
    expect(cache.get('a')).toBe('loaded')
  })

  it('leaves no listener behind on a signal that outlives the load', async () => {
    const cache = new TTLCache<string>()
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')

    await cache.getOrSetAsync('a', () => 'loaded', { signal })

    expect(added).toHaveBeenCalledTimes(1)
    expect(removed.mock.calls.map(call => call[1])).toEqual(added.mock.calls.map(call => call[1]))
  })
})

describe('stats', () => {
  it('count the factories that gave a value, kept or not, those that failed, and their time', async () => {
    const { cache, advance } = withClock<string | undefined>()
    const ends: ((factory: HeldFactory<string | undefined>) => void)[] = [
      factory => factory.resolve('kept'),
      factory => factory.resolve(undefined),
      factory => factory.reject(new Error('failed')),
      factory => {
        cache.delete('a')
        factory.resolve('out of date')
      },
    ]

    for (const end of ends) {
      const factory = new HeldFactory<string | undefined>()
      cache.delete('a')
      const waiting = [cache.getOrSetAsync('a', factory.run), cache.getOrSetAsync('a', factory.run)]
      advance(2)
      end(factory)
      await Promise.allSettled(waiting)
    }

    expect(cache.stats()).toMatchObject({ loads: 3, loadFailures: 1, totalLoadMs: 8000, misses: 8, hits: 0 })
  })

  it.each<[string, LoadOptions<string>, TTLCacheOptions<string>]>([
    ['ttl must be a number', { ttl: () => NaN }, {}],
    ['no ttl', { ttl: () => raise(new Error('no ttl')) }, {}],
    ['no clone', {}, { clone: () => raise(new Error('no clone')) }],
  ])('count a load as failed whose value cannot be kept (%s)', async (reason, options, cacheOptions) => {
    const cache = new TTLCache<string>(cacheOptions)
    const events: unknown[] = []
    cache.on('load', ({ outcome }) => events.push(outcome))

    await expect(cache.getOrSetAsync('a', () => 'loaded', options)).rejects.toThrow(reason)

    expect(cache.stats()).toMatchObject({ size: 0, loads: 0, loadFailures: 1 })
    expect(events).toEqual(['failed'])
    await expect(cache.getOrSetAsync('b', () => raise(new Error('next')))).rejects.toThrow('next')
  })

  it('do not count what getOrSet computes', () => {
    const cache = new TTLCache<string>()

    cache.getOrSet('a', () => 'computed')

    expect(cache.stats()).toMatchObject({ loads: 0, totalLoadMs: 0 })
  })
})

function raise(error: Error): never {
  throw error
}
