import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { uncaughtExceptions } from './__fixtures__/uncaught-exceptions.ts'
import { withClock, type CacheWithClock } from './__fixtures__/with-clock.ts'
import type { CacheEventName } from './cache-events.ts'
import { TTLCache } from './ttl-cache.ts'

const names: readonly CacheEventName[] = ['set', 'hit', 'miss', 'evict', 'expire', 'invalidate', 'load']

const secret = 'canary-7f3a91c2-hunter2'

interface Seen {
  readonly name: string
  readonly event: unknown
}

/** All that the listeners of a cache are told from now on. */
function listen(cache: TTLCache<never>): Seen[] {
  const seen: Seen[] = []
  for (const name of names) cache.on(name, event => seen.push({ name, event }))
  return seen
}

/** All that the channels of the process are told until the test is over. */
function subscribeAll(): Seen[] {
  const seen: Seen[] = []
  for (const name of names) {
    const note = (event: unknown): void => void seen.push({ name, event })
    subscribe(`st:cache.${name}`, note)
    onTestFinished(() => void unsubscribe(`st:cache.${name}`, note))
  }
  return seen
}

type Scenario = (pair: CacheWithClock<string>) => unknown

/** What happens in a cache named `permissions` with room for two, and what is told of it. */
const scenarios: [title: string, scenario: Scenario, expected: [CacheEventName, object][]][] = [
  ['set', ({ cache }) => cache.set('a', secret), [['set', { key: 'a' }]]],
  [
    'set in the place of another value',
    ({ cache }) => (cache.set('a', 'old'), cache.set('a', secret)),
    [
      ['set', { key: 'a' }],
      ['set', { key: 'a' }],
    ],
  ],
  ['set with a ttl of zero', ({ cache }) => cache.set('a', secret, 0), []],
  [
    'set with a ttl of zero that removes',
    ({ cache }) => (cache.set('a', secret), cache.set('a', secret, 0)),
    [
      ['set', { key: 'a' }],
      ['invalidate', { key: 'a', count: 1 }],
    ],
  ],
  [
    'get of what is there',
    ({ cache }) => (cache.set('a', secret), cache.get('a')),
    [
      ['set', { key: 'a' }],
      ['hit', { key: 'a' }],
    ],
  ],
  ['get of what is not', ({ cache }) => cache.get('a'), [['miss', { key: 'a' }]]],
  [
    'get of what has expired',
    ({ cache, advance }) => (cache.set('a', secret, 1), advance(1), cache.get('a')),
    [
      ['set', { key: 'a' }],
      ['expire', { key: 'a' }],
      ['miss', { key: 'a' }],
    ],
  ],
  [
    'a sweep',
    ({ cache, advance }) => (cache.set('a', secret, 1), advance(60), cache.get('b')),
    [
      ['set', { key: 'a' }],
      ['expire', { key: 'a' }],
      ['miss', { key: 'b' }],
    ],
  ],
  [
    'an eviction',
    ({ cache }) => ['a', 'b', 'c'].map(key => cache.set(key, secret)),
    [
      ['set', { key: 'a' }],
      ['set', { key: 'b' }],
      ['set', { key: 'c' }],
      ['evict', { key: 'a' }],
    ],
  ],
  [
    'delete',
    ({ cache }) => (cache.set('a', secret), cache.delete('a'), cache.delete('a')),
    [
      ['set', { key: 'a' }],
      ['invalidate', { key: 'a', count: 1 }],
    ],
  ],
  [
    'invalidatePrefix',
    ({ cache }) => (cache.set('a:1', secret), cache.set('a:2', secret), cache.invalidatePrefix('a:')),
    [
      ['set', { key: 'a:1' }],
      ['set', { key: 'a:2' }],
      ['invalidate', { prefix: 'a:', count: 2 }],
    ],
  ],
  [
    'invalidatePrefix of nothing',
    ({ cache }) => cache.invalidatePrefix('a:b:'),
    [['invalidate', { prefix: 'a:b:', count: 0 }]],
  ],
  [
    'clear',
    ({ cache }) => (cache.set('a', secret), cache.clear()),
    [
      ['set', { key: 'a' }],
      ['invalidate', { prefix: '', count: 1 }],
    ],
  ],
  [
    'dispose',
    ({ cache }) => (cache.set('a', secret), cache.dispose(), cache.dispose()),
    [
      ['set', { key: 'a' }],
      ['invalidate', { prefix: '', count: 1 }],
    ],
  ],
  [
    'getOrSet',
    ({ cache }) => (cache.getOrSet('a', () => secret), cache.getOrSet('a', () => secret)),
    [
      ['miss', { key: 'a' }],
      ['set', { key: 'a' }],
      ['hit', { key: 'a' }],
    ],
  ],
  [
    'getOrSetAsync',
    async ({ cache, advance }) => {
      const load = Promise.withResolvers<string>()
      const waiting = [cache.getOrSetAsync('a', () => load.promise), cache.getOrSetAsync('a', () => load.promise)]
      advance(2)
      load.resolve(secret)
      await Promise.all(waiting)
      await cache.getOrSetAsync('a', () => secret)
    },
    [
      ['miss', { key: 'a' }],
      ['miss', { key: 'a' }],
      ['set', { key: 'a' }],
      ['load', { key: 'a', durationMs: 2000, outcome: 'stored' }],
      ['hit', { key: 'a' }],
    ],
  ],
  [
    'a load that fails',
    async ({ cache }) => {
      await cache.getOrSetAsync('a', () => Promise.reject(new Error(secret))).catch(() => {})
    },
    [
      ['miss', { key: 'a' }],
      ['load', { key: 'a', durationMs: 0, outcome: 'failed' }],
    ],
  ],
  [
    'a load whose value has no lifetime',
    ({ cache }) => cache.getOrSetAsync('a', () => secret, 0),
    [
      ['miss', { key: 'a' }],
      ['load', { key: 'a', durationMs: 0, outcome: 'dropped' }],
    ],
  ],
  [
    'a load that is out of date when it ends',
    ({ cache }) => cache.getOrSetAsync('a', () => (cache.invalidatePrefix('a'), secret)),
    [
      ['miss', { key: 'a' }],
      ['invalidate', { prefix: 'a', count: 0 }],
      ['load', { key: 'a', durationMs: 0, outcome: 'dropped' }],
    ],
  ],
  [
    'a stale value that is handed out',
    async ({ cache, advance }) => {
      const options = { ttl: 1, staleWhileRevalidate: 60 }
      await cache.getOrSetAsync('a', () => secret, options)
      advance(1)
      await cache.getOrSetAsync('a', () => Promise.reject(new Error(secret)), options)
      await new Promise(resolve => setImmediate(resolve))
    },
    [
      ['miss', { key: 'a' }],
      ['set', { key: 'a' }],
      ['load', { key: 'a', durationMs: 0, outcome: 'stored' }],
      ['hit', { key: 'a' }],
      ['load', { key: 'a', durationMs: 0, outcome: 'failed' }],
    ],
  ],
  [
    'has, peek, entry, iteration and stats',
    ({ cache }) => (
      cache.set('a', secret),
      cache.has('a'),
      cache.peek('b'),
      cache.entry('a'),
      [...cache],
      cache.stats()
    ),
    [['set', { key: 'a' }]],
  ],
]

describe('events', () => {
  it.each(scenarios)('of %s are told to listeners and to the channels, with the name of the cache', async (...row) => {
    const [, scenario, expected] = row
    const pair = withClock<string>({ name: 'permissions', maxSize: 2 })
    const told = listen(pair.cache as TTLCache<never>)
    const published = subscribeAll()

    await scenario(pair)

    const events = expected.map(([name, event]) => ({ name, event: { cache: 'permissions', ...event } }))
    expect(told).toEqual(events)
    expect(published).toEqual(events)
  })

  it.each(scenarios)('of %s never hold a value', async (_, scenario) => {
    const pair = withClock<string>({ name: 'permissions', maxSize: 2 })
    const seen = [listen(pair.cache as TTLCache<never>), subscribeAll()]

    await scenario(pair)

    expect(inspect(seen, { depth: 20, showHidden: true })).not.toContain(secret)
    expect(JSON.stringify(seen)).not.toContain(secret)
  })

  it('have no name where the cache has none', () => {
    const { cache } = withClock<string>()
    const published = subscribeAll()

    cache.get('a')

    expect(published).toEqual([{ name: 'miss', event: { cache: undefined, key: 'a' } }])
  })

  it('of a cache are told to its own listeners, and those of all caches to the channels', () => {
    const caches = ['one', 'two'].map(name => new TTLCache<string>({ name }))
    const told = caches.map(cache => listen(cache as TTLCache<never>))
    const published = subscribeAll()

    for (const cache of caches) cache.get('a')

    expect(told.map(seen => seen.map(({ event }) => event))).toEqual([
      [{ cache: 'one', key: 'a' }],
      [{ cache: 'two', key: 'a' }],
    ])
    expect(published.map(({ event }) => event)).toEqual(told.flat().map(({ event }) => event))
  })
})

describe('a listener', () => {
  it('is told nothing more once it was removed, and the others are', () => {
    const cache = new TTLCache<string>()
    const told: string[] = []
    const endFirst = cache.on('miss', () => told.push('first'))
    const endSecond = cache.on('miss', () => told.push('second'))

    cache.get('a')
    endFirst()
    cache.get('a')
    endFirst()
    cache.get('a')
    endSecond()
    cache.get('a')

    expect(told).toEqual(['first', 'second', 'second', 'second'])
  })

  it('is told of its own event only', () => {
    const cache = new TTLCache<string>()
    const told: unknown[] = []
    cache.on('hit', event => told.push(event))

    cache.set('a', 'value')
    cache.get('b')
    cache.get('a')

    expect(told).toEqual([{ cache: undefined, key: 'a' }])
  })

  it('that was added twice is told twice, and removed one at a time', () => {
    const cache = new TTLCache<string>()
    let calls = 0
    const listener = (): void => void (calls += 1)
    const ends = [cache.on('miss', listener), cache.on('miss', listener)]

    cache.get('a')
    ends[0]?.()
    ends[0]?.()
    cache.get('a')
    ends[1]?.()
    cache.get('a')

    expect(calls).toBe(3)
  })

  it('may be added again after all were removed', () => {
    const cache = new TTLCache<string>()
    const told: string[] = []
    const end = cache.on('miss', () => told.push('former'))
    end()
    cache.on('miss', () => told.push('later'))

    end()
    cache.get('a')

    expect(told).toEqual(['later'])
  })

  it('may remove itself while it is told', () => {
    const cache = new TTLCache<string>()
    const told: string[] = []
    const end = cache.on('miss', () => {
      told.push('once')
      end()
    })
    cache.on('miss', () => told.push('always'))

    cache.get('a')
    cache.get('a')

    expect(told).toEqual(['once', 'always', 'always'])
  })

  it('may use the cache', () => {
    const { cache, advance } = withClock<string>({ maxSize: 2 })
    cache.on('miss', ({ key }) => cache.set(key, 'by the listener'))
    cache.on('expire', ({ key }) => cache.set(`${key} again`, 'by the listener'))
    cache.on('set', ({ key }) => cache.has(key) || told.push(key))
    const told: string[] = []

    const first = cache.get('a')
    const second = cache.get('a')
    advance(300)
    cache.get('a')

    expect([first, second]).toEqual([undefined, 'by the listener'])
    expect(Array.from(cache, ([key]) => key)).toEqual(['a again', 'a'])
    expect(told).toEqual([])
  })

  it('that throws does not disturb the cache, its caller or the others, and is reported as an uncaught exception', async () => {
    const { cache } = withClock<string>({ maxSize: 1 })
    const failures: Error[] = []
    const told: string[] = []
    for (const name of names) {
      cache.on(name, () => {
        const failure = new Error(`${name} listener`)
        failures.push(failure)
        throw failure
      })
      cache.on(name, () => told.push(name))
    }
    let value: string | undefined

    const uncaught = await uncaughtExceptions(async () => {
      cache.set('a', 'value')
      cache.set('b', 'value')
      value = cache.get('b')
      cache.get('a')
      cache.delete('b')
      value = await cache.getOrSetAsync('c', () => 'loaded')
    })

    expect(value).toBe('loaded')
    expect(told).toEqual(['set', 'set', 'evict', 'hit', 'miss', 'invalidate', 'miss', 'set', 'load'])
    expect(uncaught).toEqual(failures)
    expect([...cache]).toEqual([['c', 'loaded']])
  })

  it('of a channel that throws does not disturb the cache either', async () => {
    const cache = new TTLCache<string>()
    const failing = (): never => {
      throw new Error('subscriber')
    }
    subscribe('st:cache.set', failing)

    const uncaught = await uncaughtExceptions(() => cache.set('a', 'value'))
    unsubscribe('st:cache.set', failing)

    expect(cache.get('a')).toBe('value')
    expect(uncaught.map(String)).toEqual(['Error: subscriber'])
  })
})

describe('what the cache throws', () => {
  it('never holds a value or a key', async () => {
    const cache = new TTLCache<string>()
    const disposed = new TTLCache<string>()
    disposed.set(secret, secret)
    disposed.dispose()
    const notText: string = JSON.parse(`["${secret}"]`)
    const notNumber: number = JSON.parse(`"${secret}"`)
    const failing: (() => unknown)[] = [
      () => cache.set(notText, secret),
      () => cache.get(notText),
      () => cache.invalidatePrefix(notText),
      () => cache.set(secret, secret, NaN),
      () => cache.set(secret, secret, notNumber),
      () => cache.getOrSet(secret, () => Promise.resolve(secret) as never),
      () => cache.getOrSetAsync(secret, () => secret, notNumber),
      () => cache.getOrSetAsync(secret, () => secret, { ttl: () => NaN }),
      () => cache.getOrSetAsync(secret, () => secret, { staleIfError: notNumber }),
      () => disposed.get(secret),
      () => disposed.set(secret, secret),
      () => new TTLCache({ maxSize: notNumber }),
      () => new TTLCache({ defaultTtl: notNumber }),
    ]

    const outcomes = await Promise.allSettled(failing.map(async fail => await fail()))

    expect(outcomes.map(({ status }) => status)).toEqual(failing.map(() => 'rejected'))
    expect(inspect(outcomes, { depth: 20, showHidden: true })).not.toContain(secret)
  })
})
