import { describe, expect, it, vi } from 'vitest'
import { drain } from './__fixtures__/answers.ts'
import { HeldFactory } from './__fixtures__/held-factory.ts'
import { keysOf } from './__fixtures__/keys-of.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import { withLoaded } from './__fixtures__/with-loaded.ts'
import type { LoadOptions } from './load-options.ts'
import type { TTLCache } from './ttl-cache.ts'

const fresh = { fresh: true }

describe('fresh', () => {
  it('loads anew although there is a live value, which all others get until the new one has arrived', async () => {
    const { cache, ask } = await withLoaded({})
    const factory = new HeldFactory<string>()

    const waiting = ask(factory, fresh)
    const during = [await ask(factory), cache.get('a'), cache.peek('a')]
    factory.resolve('new')
    const value = await waiting

    expect(during).toEqual(['old', 'old', 'old'])
    expect(value).toBe('new')
    expect(cache.get('a')).toBe('new')
    expect(factory.calls).toBe(1)
  })

  it('stores the new value for the lifetime that it asks for', async () => {
    const { cache, advance, ask } = await withLoaded({})
    const factory = new HeldFactory<string>()
    advance(5)

    const waiting = ask(factory, { ...fresh, ttl: 40 })
    factory.resolve('new')
    await waiting

    expect(cache.entry('a')).toEqual({ value: 'new', ageMs: 0, expiresInMs: 40_000 })
  })

  it('counts as a miss, and tells of one', async () => {
    const { cache, ask } = await withLoaded({})
    const factory = new HeldFactory<string>()
    const misses = vi.fn<(event: object) => void>()
    cache.on('miss', misses)
    const before = cache.stats()

    const waiting = [ask(factory, fresh), ask(factory, fresh)]
    factory.resolve('new')
    await Promise.all(waiting)

    expect(cache.stats()).toMatchObject({ hits: before.hits, misses: before.misses + 2, loads: before.loads + 1 })
    expect(misses).toHaveBeenCalledTimes(2)
    expect(misses).toHaveBeenCalledWith({ cache: undefined, key: 'a' })
  })

  it.each<[string, LoadOptions<string>, number]>([
    ['a stale value that might be handed out at once', { staleWhileRevalidate: 60 }, 11],
    ['a value that is due to be loaded in the background', { refreshAhead: 0.5 }, 6],
    ['a value that has expired', {}, 11],
  ])('waits for its load where there is %s', async (_, options, age) => {
    const { advance, ask } = await withLoaded(options)
    const factory = new HeldFactory<string>()
    advance(age)

    const waiting = ask(factory, fresh)
    factory.resolve('new')

    await expect(waiting).resolves.toBe('new')
    expect(factory.calls).toBe(1)
  })

  it.each([false, undefined])('of %o is as if it were not given', async value => {
    const { ask } = await withLoaded({})
    const factory = new HeldFactory<string>()

    const found = await ask(factory, { fresh: value })

    expect(found).toBe('old')
    expect(factory.calls).toBe(0)
  })

  it('does not replace a value that is set while it loads', async () => {
    const { cache, ask } = await withLoaded({})
    const factory = new HeldFactory<string>()

    const waiting = ask(factory, fresh)
    cache.set('a', 'set')
    factory.resolve('begun before')

    await expect(waiting).resolves.toBe('begun before')
    expect(cache.get('a')).toBe('set')
  })

  it.each<[string, (cache: TTLCache<string>) => unknown]>([
    ['delete', cache => cache.delete('a')],
    ['invalidatePrefix', cache => cache.invalidatePrefix('a')],
    ['clear', cache => cache.clear()],
    ['dispose', cache => cache.dispose()],
  ])('hands out and does not store what is loaded when %s comes between', async (_, invalidate) => {
    const { cache, ask } = await withLoaded({})
    const factory = new HeldFactory<string>()

    const waiting = ask(factory, fresh)
    invalidate(cache)
    factory.resolve('begun before')

    await expect(waiting).resolves.toBe('begun before')
    expect(keysOf(cache)).toEqual([])
  })

  it('removes the old value when the new one has no lifetime', async () => {
    const { cache } = await withLoaded({})

    const value = await cache.getOrSetAsync('a', () => 'new', { ...fresh, ttl: 0 })

    expect(value).toBe('new')
    expect(cache.has('a')).toBe(false)
  })

  it('supersedes a synchronous factory that is running for the key', async () => {
    const { cache } = withClock<string>()
    let loading: Promise<string> | undefined

    cache.getOrSet('a', () => {
      loading = cache.getOrSetAsync('a', () => 'fresh', fresh)
      return 'begun before'
    })
    await loading

    expect(cache.get('a')).toBe('fresh')
  })
})

describe('fresh callers', () => {
  it('share a load with each other', async () => {
    const { ask } = await withLoaded({})
    const factory = new HeldFactory<string>()

    const waiting = [1, 2, 3].map(() => ask(factory, fresh))
    factory.resolve('new')

    expect(await Promise.all(waiting)).toEqual(['new', 'new', 'new'])
    expect(factory.calls).toBe(1)
  })

  it('start another when they ask after it has ended', async () => {
    const { ask } = await withLoaded({})
    const factory = new HeldFactory<string>()

    const first = ask(factory, fresh)
    factory.resolve('first', 0)
    await first
    const second = ask(factory, fresh)
    factory.resolve('second', 1)

    await expect(second).resolves.toBe('second')
  })

  it('are joined by those who find no live value', async () => {
    const { cache } = withClock<string>()
    const factory = new HeldFactory<string>()

    const waiting = [cache.getOrSetAsync('a', factory.run, fresh), cache.getOrSetAsync('a', factory.run)]
    factory.resolve('new')

    expect(await Promise.all(waiting)).toEqual(['new', 'new'])
    expect(factory.calls).toBe(1)
  })

  it('spare a value that is due its load in the background', async () => {
    const { advance, ask } = await withLoaded({ refreshAhead: 0.5 })
    const factory = new HeldFactory<string>()
    advance(6)

    const waiting = ask(factory, fresh)
    const during = await ask(factory)
    factory.resolve('new')

    expect(during).toBe('old')
    await expect(waiting).resolves.toBe('new')
    expect(factory.calls).toBe(1)
  })

  it.each([
    ['first', 'fresh', ['ordinary', 'fresh']],
    ['last', 'fresh', ['fresh', 'ordinary']],
  ])('supersede the load of an ordinary caller that ends %s', async (_, stored, order) => {
    const { cache } = withClock<string>()
    const calls = { ordinary: new HeldFactory<string>(), fresh: new HeldFactory<string>() }
    const waiting = [cache.getOrSetAsync('a', calls.ordinary.run), cache.getOrSetAsync('a', calls.fresh.run, fresh)]

    for (const name of order) {
      if (name === 'ordinary') calls.ordinary.resolve(name)
      else calls.fresh.resolve(name)
      await drain()
    }

    expect(await Promise.all(waiting)).toEqual(['ordinary', 'fresh'])
    expect(cache.get('a')).toBe(stored)
    expect(calls.ordinary.signals.map(({ aborted }) => aborted)).toEqual([false])
  })

  it('supersede a load in the background', async () => {
    const { cache, advance, ask } = await withLoaded({ staleWhileRevalidate: 60 })
    const background = new HeldFactory<string>()
    const factory = new HeldFactory<string>()
    advance(11)
    await ask(background)

    const waiting = ask(factory, fresh)
    background.resolve('begun before')
    await drain()
    const between = cache.peek('a')
    factory.resolve('new')

    expect(between).toBeUndefined()
    await expect(waiting).resolves.toBe('new')
    expect(cache.get('a')).toBe('new')
  })

  it('leave the old value when all of them have gone, and the next one starts a load of its own', async () => {
    const { cache, ask } = await withLoaded({})
    const factory = new HeldFactory<string>()
    const controllers = [new AbortController(), new AbortController()]
    const leaving = controllers.map(({ signal }) => ask(factory, { ...fresh, signal }))

    for (const controller of controllers) controller.abort('gone')
    const outcomes = await Promise.allSettled(leaving)
    factory.resolve('too late', 0)
    await drain()
    const kept = cache.get('a')
    const next = ask(factory, fresh)
    factory.resolve('new', 1)

    expect(outcomes).toMatchObject([{ reason: 'gone' }, { reason: 'gone' }])
    expect(factory.signals[0]?.aborted).toBe(true)
    expect(kept).toBe('old')
    await expect(next).resolves.toBe('new')
  })

  it('leave the load to an ordinary caller who has joined it', async () => {
    const { cache } = withClock<string>()
    const factory = new HeldFactory<string>()
    const controller = new AbortController()
    const leaving = cache.getOrSetAsync('a', factory.run, { ...fresh, signal: controller.signal })
    const staying = cache.getOrSetAsync('a', factory.run)

    controller.abort('gone')
    await expect(leaving).rejects.toBe('gone')
    factory.resolve('new')

    await expect(staying).resolves.toBe('new')
    expect(cache.get('a')).toBe('new')
  })
})

describe('a fresh load that fails', () => {
  it('leaves the old value and its lifetime, and gives the error', async () => {
    const { cache, advance, ask } = await withLoaded({})
    const factory = new HeldFactory<string>()
    advance(4)

    const waiting = ask(factory, fresh)
    factory.reject(new Error('the source is down'))

    await expect(waiting).rejects.toThrow('the source is down')
    expect(cache.entry('a')).toEqual({ value: 'old', ageMs: 4000, expiresInMs: 6000 })
    expect(cache.stats().loadFailures).toBe(1)
  })

  it('leaves the old value also when the factory finds none', async () => {
    const { cache } = await withLoaded({})

    // A factory must not give `undefined`; one without types may.
    const value = await cache.getOrSetAsync('a', () => undefined as never, fresh)

    expect(value).toBeUndefined()
    expect(cache.get('a')).toBe('old')
  })

  it.each<[string, LoadOptions<string>]>([
    ['a number', { staleIfError: 60 }],
    ['Infinity', { staleIfError: Infinity }],
    ['a function', { staleIfError: () => 60 }],
  ])('may give the old value with staleIfError (%s), live or expired', async (_, options) => {
    const { cache, advance, ask } = await withLoaded(options)
    const factory = new HeldFactory<string>()

    const live = ask(factory, fresh)
    factory.reject(new Error('the source is down'), 0)
    const liveValue = await live
    const { staleHits } = cache.stats()
    advance(11)
    const expired = ask(factory, fresh)
    factory.reject(new Error('the source is down'), 1)

    expect([liveValue, await expired]).toEqual(['old', 'old'])
    expect([staleHits, cache.stats().staleHits]).toEqual([0, 1])
  })

  it.each<[string, LoadOptions<string>]>([
    ['zero', { staleIfError: 0 }],
    ['a function that says zero', { staleIfError: () => 0 }],
    ['a function that says nothing', { staleIfError: () => NaN }],
  ])('gives the error with staleIfError of %s, although the old value is live', async (_, options) => {
    const { cache, ask } = await withLoaded(options)
    const factory = new HeldFactory<string>()

    const waiting = ask(factory, fresh)
    factory.reject(new Error('the source is down'))

    await expect(waiting).rejects.toThrow('the source is down')
    expect(cache.get('a')).toBe('old')
  })

  it('tells apart those of its callers who take the old value from those who do not', async () => {
    const { ask } = await withLoaded({})
    const factory = new HeldFactory<string>()

    const waiting = [ask(factory, fresh), ask(factory, { ...fresh, staleIfError: 60 })]
    factory.reject(new Error('the source is down'))

    expect(await Promise.allSettled(waiting)).toMatchObject([
      { status: 'rejected' },
      { status: 'fulfilled', value: 'old' },
    ])
  })

  it('gives its error after the old value was removed', async () => {
    const { cache, ask } = await withLoaded({ staleIfError: 60 })
    const factory = new HeldFactory<string>()

    const waiting = ask(factory, fresh)
    cache.delete('a')
    factory.reject(new Error('the source is down'))

    await expect(waiting).rejects.toThrow('the source is down')
  })
})
