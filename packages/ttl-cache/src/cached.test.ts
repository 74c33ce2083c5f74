import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { CachedFunction } from './cached-function.ts'
import { cacheOf } from './cached-method.ts'
import type { CachedOptions } from './cached-options.ts'
import { cached } from './cached.ts'
import type { TTLCache } from './ttl-cache.ts'

interface User {
  readonly id: number
  readonly name: string
}

function keysOf(cache: Iterable<[string, unknown]>): readonly string[] {
  return Array.from(cache, ([key]) => key)
}

describe('a cached function', () => {
  it('gives the same object again, under the documented key and its own name', () => {
    const getUser = vi.fn<(id: number) => User>(id => ({ id, name: `user ${id}` }))
    const cachedGetUser = cached({ ttl: 120, keyPrefix: 'mymodule' })(function get_user(id: number) {
      return getUser(id)
    })

    const [first, second] = [cachedGetUser(123), cachedGetUser(123)]

    expect(second).toBe(first)
    expect(getUser).toHaveBeenCalledTimes(1)
    expect(cachedGetUser.name).toBe('get_user')
    expect(cachedGetUser).toHaveLength(1)
    expect(cachedGetUser.cache.get('mymodule:get_user:123')).toBe(first)
  })

  it('has its cache under both names', () => {
    const double = cached()((n: number) => n * 2)

    double(2)
    const { cache, _cache: documentedCache } = double

    expect(documentedCache).toBe(cache)
    expect(documentedCache.clear()).toBe(1)
  })

  it('has the documented defaults', () => {
    const byDefault = cached()((n: number) => n)
    const configured = cached({ ttl: 120, maxSize: 7 })((n: number) => n)

    expect(byDefault.cache.stats()).toMatchObject({ defaultTtl: 60, maxSize: 1000 })
    expect(configured.cache.stats()).toMatchObject({ defaultTtl: 120, maxSize: 7 })
  })

  it('is called again when the time is up, to the millisecond', () => {
    let nowMs = 0
    const fn = vi.fn<() => number>(() => 1)
    const cachedFn = cached({ ttl: 10, now: () => nowMs })(fn)
    cachedFn()

    nowMs = 9999
    cachedFn()
    const before = fn.mock.calls.length
    nowMs = 10_000
    cachedFn()

    expect([before, fn.mock.calls.length]).toEqual([1, 2])
  })

  it.each([null, 0, '', false, [], {}].map(result => [result]))('keeps %o', result => {
    const fn = vi.fn<() => unknown>(() => result)
    const cachedFn = cached()(fn)

    const results = [cachedFn(), cachedFn()]

    expect(results).toEqual([result, result])
    expect(fn).toHaveBeenCalledTimes(1)
  })

  it('does not keep undefined', () => {
    const fn = vi.fn<() => undefined>()
    const cachedFn = cached()(fn)

    cachedFn()
    cachedFn()

    expect(fn).toHaveBeenCalledTimes(2)
  })

  it('does not keep an error', () => {
    const fn = vi.fn<() => number>().mockImplementationOnce(() => {
      throw new Error('once')
    })
    fn.mockReturnValue(1)
    const cachedFn = cached()(fn)

    expect(() => cachedFn()).toThrow('once')
    expect(cachedFn()).toBe(1)
  })

  it('has a cache of its own, whatever its name and its decorator', () => {
    const decorate = cached({ keyPrefix: 'p' })
    const one = decorate(function same() {
      return 'one'
    })
    const two = decorate(function same() {
      return 'two'
    })

    expect([one(), two()]).toEqual(['one', 'two'])
  })

  it.each<[unknown, unknown]>([
    [1, '1'],
    ['a:b', ['a', 'b']],
    [{ x: 1 }, 'x=1'],
    [null, 'None'],
    [null, 'null'],
  ])('does not take %o for %o', (one, other) => {
    const echo = cached()((value: unknown) => ({ value }))

    const results = [echo(one), echo(other)]

    expect(results).toEqual([{ value: one }, { value: other }])
  })

  it('without a name is called <lambda> in its keys', () => {
    const anonymous = cached({ keyPrefix: 'p' })((n: number) => n)

    anonymous(123)

    expect(anonymous.cache.has('p:<lambda>:123')).toBe(true)
  })

  it('passes on what it is called on', () => {
    const counter = { step: 2, next: cached()(next) }
    function next(this: { step: number }, n: number): number {
      return n + this.step
    }

    expect(counter.next(1)).toBe(3)
  })

  it('that returns a promise and joins a load of its cache leaves no rejection behind', async () => {
    const unhandled = vi.fn<(reason: unknown) => void>()
    process.on('unhandledRejection', unhandled)
    const held = Promise.withResolvers<number>()
    let calls = 0
    // Not a mock: those handle the rejections of what they return.
    const cachedFetch = cached({ keyFn: String })((n: number): Promise<number> => {
      calls += n
      return Promise.reject(new Error('of no interest'))
    })
    const key = '<lambda>:1'

    const results = [cachedFetch.cache.getOrSetAsync(key, () => held.promise), cachedFetch(1)]
    held.resolve(5)
    const values = await Promise.all(results)
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)

    expect(values).toEqual([5, 5])
    expect(calls).toBe(1)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('does not keep a result that was invalidated while it was computed', () => {
    let isChanging = true
    const read: CachedFunction<() => string> = cached()(() => {
      if (isChanging) read.cache.clear()
      return isChanging ? 'old' : 'new'
    })

    const first = read()
    isChanging = false

    expect([first, read()]).toEqual(['old', 'new'])
  })
})

describe('keyFn', () => {
  it('tells the arguments apart in place of the built-in key', () => {
    const fn = vi.fn<(user: User) => string>(user => user.name)
    const greet = cached({ keyPrefix: 'p', keyFn: (user: User) => String(user.id) })(function greeting(user: User) {
      return fn(user)
    })

    greet({ id: 1, name: 'before' })
    const text = greet({ id: 1, name: 'after' })

    expect(text).toBe('before')
    expect(keysOf(greet.cache)).toEqual(['p:greeting:1'])
  })

  it('must return a string', () => {
    const keyFn: () => string = () => JSON.parse('1')
    const fn = cached({ keyFn })(function one() {
      return 1
    })

    expect(() => fn()).toThrow(new TypeError('keyFn of one must return a string, not number'))
  })

  it('that fails rejects the call of a function that is async', async () => {
    const keyFn = (): string => {
      throw new Error('no key')
    }
    const load = cached({ keyFn })(async () => await Promise.resolve(1))

    const waiting = load()

    await expect(waiting).rejects.toThrow('no key')
  })
})

describe.each<[string, (fn: (n: number) => Promise<number>) => (n: number) => Promise<number>]>([
  ['an async function', fn => async n => await fn(n)],
  ['a function that returns promises', fn => n => fn(n)],
])('%s', (_, declare) => {
  it('is called once for all who ask while it runs', async () => {
    const fn = vi.fn<(n: number) => Promise<number>>(async n => await Promise.resolve(n * 2))
    const double = cached()(declare(fn))

    const results = await Promise.all([1, 1, 1, 1, 1].map(n => double(n)))
    const later = await double(1)

    expect([...results, later]).toEqual([2, 2, 2, 2, 2, 2])
    expect(fn).toHaveBeenCalledTimes(1)
    expect(double.cache.stats()).toMatchObject({ hits: 1, misses: 5, size: 1 })
  })

  it('keeps the value, not the promise, and always returns a promise', async () => {
    const double = cached({ keyPrefix: 'p', keyFn: String })(declare(async n => await Promise.resolve(n * 2)))
    await double(1)

    const again = double(1)

    expect(again).toBeInstanceOf(Promise)
    expect([...double.cache].map(([, value]) => value)).toEqual([2])
  })

  it('does not keep a rejection, which reaches all who wait', async () => {
    const fn = vi.fn<(n: number) => Promise<number>>().mockRejectedValueOnce(new Error('down'))
    fn.mockResolvedValue(1)
    const load = cached()(declare(fn))

    const outcomes = await Promise.allSettled([load(1), load(1)])
    const size = load.cache.size
    const next = await load(1)

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect([size, next]).toEqual([0, 1])
    expect(fn).toHaveBeenCalledTimes(2)
  })

  it('does not keep what was invalidated while it was loaded', async () => {
    const held = Promise.withResolvers<number>()
    const load = cached()(declare(() => held.promise))

    const waiting = load(1)
    load.cache.clear()
    held.resolve(1)

    await expect(waiting).resolves.toBe(1)
    expect(load.cache.size).toBe(0)
  })

  it('does not keep what it invalidates itself before it waits', async () => {
    const load: CachedFunction<(n: number) => Promise<number>> = cached()(
      declare(n => {
        load.cache.clear()
        return Promise.resolve(n)
      }),
    )

    await expect(load(1)).resolves.toBe(1)
    expect(load.cache.size).toBe(0)
  })
})

describe('a decorated method', () => {
  class Users {
    calls = 0
    readonly #suffix: string

    constructor(suffix: string) {
      this.#suffix = suffix
    }

    @cached({ ttl: 120, keyPrefix: 'users' })
    async find(id: number): Promise<User> {
      this.calls += 1
      return await Promise.resolve({ id, name: `user ${id}${this.#suffix}` })
    }

    @cached()
    label(id: number): string {
      this.calls += 1
      return `${id}${this.#suffix}`
    }

    @cached()
    static origin(path: string): string {
      return `${this.name}/${path}`
    }
  }

  it('has one cache per instance', async () => {
    const [one, two] = [new Users('!'), new Users('?')]

    const results = await Promise.all([one.find(1), one.find(1), two.find(1)])

    expect(results.map(({ name }) => name)).toEqual(['user 1!', 'user 1!', 'user 1?'])
    expect([one.calls, two.calls]).toEqual([1, 1])
  })

  it('may be synchronous or static', () => {
    const users = new Users('!')

    const results = [users.label(1), users.label(1), Users.origin('a'), Users.origin('a')]

    expect(results).toEqual(['1!', '1!', 'Users/a', 'Users/a'])
    expect(users.calls).toBe(1)
    expect(cacheOf(Users, 'origin')?.stats()).toMatchObject({ hits: 1, size: 1 })
  })

  it('keeps its name, and its key is that of a function', async () => {
    const users = new Users('')

    await users.find(1)
    const cache = cacheOf(users, 'find')

    expect(users.find.name).toBe('find')
    expect(cache === undefined ? [] : [...cache]).toEqual([['users:find:1', { id: 1, name: 'user 1' }]])
  })

  it('is cleared on one instance by its cache', async () => {
    const users = new Users('')
    await users.find(1)

    cacheOf(users, 'find')?.clear()
    await users.find(1)

    expect(users.calls).toBe(2)
  })

  it('has no cache before its first call', () => {
    const users = new Users('')

    expect(cacheOf(users, 'find')).toBeUndefined()
    expect(cacheOf(users, 'calls')).toBeUndefined()
  })

  it('that overrides a decorated one has a cache of its own, which cacheOf finds', () => {
    class Base {
      @cached()
      read(): string {
        return 'base'
      }
    }
    class Derived extends Base {
      @cached()
      override read(): string {
        return `derived of ${super.read()}`
      }
    }
    const derived = new Derived()

    const result = derived.read()
    const cache = cacheOf(derived, 'read')

    expect(result).toBe('derived of base')
    expect(cache === undefined ? [] : [...cache].map(([, value]) => value)).toEqual(['derived of base'])
  })

  it('refuses a call without an instance', () => {
    const label: (id: number) => string = Reflect.get(Users.prototype, 'label')

    expect(() => label(1)).toThrow(new TypeError('label is cached per instance and was called without one'))
  })
})

describe('what cached() refuses', () => {
  it.each<CachedOptions>([{ ttl: NaN }, { maxSize: 0 }])('%o, at once', options => {
    expect(() => cached(options)).toThrow(RangeError)
  })

  it.each<[string, readonly unknown[]]>([
    ['what is not a function', [{}]],
    ['an accessor', [() => 1, { kind: 'getter', name: 'x' }]],
    ['a decorator of the old kind', [{}, 'find', {}]],
    ['a decorator of the old kind on a static method', [Date, 'now', {}]],
  ])('%s', (_, args) => {
    expect(() => {
      Reflect.apply(cached(), undefined, args)
    }).toThrow(TypeError)
  })
})

describe('types', () => {
  it('keep arguments and results', () => {
    const double = cached({ keyPrefix: 'math', ttl: 5 })((n: number) => n * 2)
    const generic = cached()(async <T>(value: T): Promise<T> => await Promise.resolve(value))
    const keyed = cached({ keyFn: (user: { id: number }) => String(user.id) })(
      async (user: { id: number }) => await Promise.resolve(user.id),
    )

    // @ts-expect-error a function of numbers does not take a text
    double('2')

    expectTypeOf(double(2)).toEqualTypeOf<number>()
    expectTypeOf(double.cache).toEqualTypeOf<TTLCache<number>>()
    expectTypeOf(keyed).toHaveProperty('_cache').toEqualTypeOf<TTLCache<number>>()
    expectTypeOf(generic('x')).toEqualTypeOf<Promise<string>>()
    expect(double(2)).toBe(4)
  })
})
