import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cached } from './cached.ts'
import {
  getProviderConfigCache,
  getUserPermissionCache,
  invalidateProviderCache,
  invalidateUserCache,
  resetGlobalCaches,
} from './shared-caches.ts'
import { TTLCache } from './ttl-cache.ts'

/** What SimpleTuner's decorator and shared caches were seen to do. */
interface Recording {
  readonly name: string
  readonly value?: unknown
  readonly remaining?: readonly string[]
}

// Written by the generator of the recordings.
const recordings = JSON.parse(
  readFileSync(new URL('__fixtures__/cached-behaviour.json', import.meta.url), 'utf8'),
) as readonly Recording[]

type Scenario = (recording: Recording) => object | Promise<object>

/** Scenarios in which ours must show what was recorded. */
const kept: Readonly<Record<string, Scenario>> = {
  'hit-returns-same-object': () => {
    let calls = 0
    const getUser = cached({ keyPrefix: 'mymodule' })(function get_user(id: number) {
      calls += 1
      return { id }
    })
    const sameObject = getUser(123) === getUser(123)
    return { sameObject, calls, keys: keysOf(getUser.cache), wrapperName: getUser.name }
  },
  'ttl-boundary': () => {
    let nowMs = 0
    let calls = 0
    const fn = cached({ ttl: 120, now: () => nowMs })(() => (calls += 1))
    fn()
    nowMs = 119_999
    fn()
    const callsBefore = calls
    nowMs = 120_000
    fn()
    return { callsBefore, callsAtExactTtl: calls }
  },
  'manual-clear': () => {
    let calls = 0
    const fn = cached()(() => (calls += 1))
    const { _cache: documentedCache } = fn
    for (let round = 0; round < 3; round += 1) {
      fn()
      documentedCache.clear()
    }
    return { calls }
  },
  'falsy-result': ({ value }) => {
    let calls = 0
    const fn = cached()(() => {
      calls += 1
      return value
    })
    fn()
    return { value: fn(), calls }
  },
  'exception-not-cached': () => {
    const fn = vi.fn<() => void>(() => {
      throw new Error('always')
    })
    const cachedFn = cached()(fn)
    expect(() => cachedFn()).toThrow('always')
    expect(() => cachedFn()).toThrow('always')
    return { calls: fn.mock.calls.length, size: cachedFn.cache.size }
  },
  'two-decorators-same-name-do-not-collide': () => ({
    first: cached()(function same() {
      return 'one'
    })(),
    second: cached()(function same() {
      return 'two'
    })(),
  }),
  'decorator-cache-options': () => {
    const { maxSize, defaultTtl } = cached({ ttl: 120 })(() => 1).cache.stats()
    const cleanupInterval = cleanupIntervalOf(now => cached({ ttl: 1, now })((n: number) => n).cache)
    return { maxSize, defaultTtl, cleanupInterval, defaultTtlWhenOmitted: cached()(() => 1).cache.stats().defaultTtl }
  },
  'global-caches': () => ({
    providerConfig: figuresOf(getProviderConfigCache()),
    userPermission: figuresOf(getUserPermissionCache()),
    cleanupInterval: cleanupIntervalOf(now => {
      vi.spyOn(performance, 'now').mockImplementation(now)
      resetGlobalCaches()
      return getProviderConfigCache()
    }),
    singleton: getProviderConfigCache() === getProviderConfigCache(),
  }),
  'invalidate_provider_cache-empty-name': () => {
    getProviderConfigCache().set('provider:x:config', 1)
    invalidateProviderCache('')
    return { remaining: keysOf(getProviderConfigCache()) }
  },
  'values-are-shared-not-copied': () => {
    const cache = new TTLCache<{ list: number[] }>()
    cache.set('a', { list: [1] })
    cache.get('a')?.list.push(2)
    return { stored: cache.get('a') }
  },
}

/** Scenarios in which ours must show something better, which is given with them. */
const improved: Readonly<Record<string, readonly [Scenario, object]>> = {
  'none-result-never-a-hit': [
    () => {
      let calls = 0
      const fn = cached()(function none_fn() {
        calls += 1
        return null
      })
      for (let round = 0; round < 3; round += 1) fn()
      return { calls, keys: keysOf(fn.cache), statsSize: fn.cache.stats().size }
    },
    { calls: 1, keys: ['none_fn'], statsSize: 1 },
  ],
  'async-stampede': [
    async () => {
      const fn = vi.fn<(n: number) => Promise<number>>(async n => await Promise.resolve(n))
      const cachedFn = cached()(fn)
      await Promise.all([1, 1, 1, 1, 1].map(n => cachedFn(n)))
      return { concurrent: 5, factoryCalls: fn.mock.calls.length }
    },
    { concurrent: 5, factoryCalls: 1 },
  ],
  'get_or_set_async-stampede': [
    async () => {
      const factory = vi.fn<() => Promise<number>>(async () => await Promise.resolve(1))
      const cache = new TTLCache<number>()
      await Promise.all(['k', 'k', 'k', 'k', 'k'].map(key => cache.getOrSetAsync(key, factory)))
      return { concurrent: 5, factoryCalls: factory.mock.calls.length }
    },
    { concurrent: 5, factoryCalls: 1 },
  ],
  'get_or_set_async-with-sync-factory': [
    async () => ({ value: await new TTLCache<number>().getOrSetAsync('k', () => 1) }),
    { value: 1 },
  ],
  'one-decorator-two-functions-same-name-collide': [
    () => {
      const decorate = cached()
      const first = decorate(function same() {
        return 'one'
      })
      const second = decorate(function same() {
        return 'two'
      })
      return { first: first(), second: second() }
    },
    { first: 'one', second: 'two' },
  ],
  'collision-int-vs-str': [() => collisionOf([1], ['1']), { second: 2, collided: false }],
  'collision-colon-in-arg': [() => collisionOf(['a', 'b'], ['a:b']), { second: 2, collided: false }],
  'collision-kwarg-vs-string': [() => collisionOf([{ x: 1 }], ['x=1']), { second: 2, collided: false }],
  'collision-None-vs-str': [() => collisionOf([null], ['null']), { second: 2, collided: false }],
  invalidate_provider_cache: [
    () => {
      for (const key of ['provider:replicate:config', 'provider:replicate2:config']) {
        getProviderConfigCache().set(key, 1)
      }
      return { returns: invalidateProviderCache('replicate'), remaining: keysOf(getProviderConfigCache()) }
    },
    { returns: 1, remaining: ['provider:replicate2:config'] },
  ],
  invalidate_user_cache: [
    () => {
      for (const key of ['user:1:perms', 'user:12:perms', 'user:1']) getUserPermissionCache().set(key, 1)
      return { returns: invalidateUserCache(1), remaining: keysOf(getUserPermissionCache()) }
    },
    { returns: 1, remaining: ['user:12:perms', 'user:1'] },
  ],
  'wall-clock-backwards-extends-life': [() => ({ getAfterHourBack: readAfterHourBack(301) }), {}],
  'still-alive-9s-later': [() => ({ get: readAfterHourBack(309) }), {}],
}

beforeEach(() => {
  resetGlobalCaches()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('recorded behaviour', () => {
  it('is all there', () => {
    expect(recordings).toHaveLength(27)
    expect(new Set(recordings.map(({ name }) => name))).toEqual(
      new Set([...Object.keys(kept), ...Object.keys(improved)]),
    )
  })

  it.each(recordings.filter(({ name }) => name in kept))('$name stays', async recording => {
    const shown = await kept[recording.name]?.(recording)

    expect({ name: recording.name, ...shown }).toEqual(recording)
  })

  it.each(recordings.filter(({ name }) => name in improved))('$name is better', async recording => {
    const [scenario, expected] = improved[recording.name] ?? []

    const shown = await scenario?.(recording)

    expect(shown).toEqual(expected)
    expect({ name: recording.name, ...shown }).not.toEqual(recording)
  })
})

function keysOf(cache: Iterable<[string, unknown]>): readonly string[] {
  return Array.from(cache, ([key]) => key)
}

function figuresOf(cache: TTLCache<unknown>): object {
  const { size, maxSize, expiredCount, defaultTtl } = cache.stats()
  return { size, max_size: maxSize, expired_count: expiredCount, default_ttl: defaultTtl }
}

/** Seconds after which a read removes an expired entry that it did not ask for. */
function cleanupIntervalOf(make: (now: () => number) => TTLCache<number> | TTLCache<unknown>): number {
  let nowMs = 0
  const cache = make(() => nowMs)
  cache.set('a', 1, 1)
  while (cache.stats().size > 0) {
    nowMs += 500
    cache.get('b')
  }
  return nowMs / 1000
}

/** Whether the second call was given the result of the first; each result is the number of the call. */
function collisionOf(first: readonly unknown[], second: readonly unknown[]): object {
  let calls = 0
  const count = cached()((..._args: readonly unknown[]) => (calls += 1))
  count(...first)
  const result = count(...second)
  return { second: result, collided: result === 1 }
}

/** What a cache with a lifetime of 300 seconds gives after that time, the system clock having gone back one hour. */
function readAfterHourBack(seconds: number): number | undefined {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const cache = new TTLCache<number>()
  cache.set('a', 1)
  vi.setSystemTime(Date.now() - 3_600_000)
  vi.advanceTimersByTime(seconds * 1000)
  return cache.get('a')
}
