import { describe, expect, it, vi } from 'vitest'
import { HardwareInfoCache } from './hardware-info-cache.ts'
import type { HardwareInfo } from './hardware-price.ts'
import { DEFAULT_HARDWARE_INFO } from './price-tables.ts'

const one: HardwareInfo = { 'gpu-1': { name: 'One', cost_per_second: 1 } }
const two: HardwareInfo = { 'gpu-2': { name: 'Two', cost_per_second: 2 } }

interface ControlledCache {
  readonly cache: HardwareInfoCache
  readonly advance: (seconds: number) => void
}

function withClock(ttl?: number): ControlledCache {
  let nowMs = 0
  const cache = new HardwareInfoCache({ ttl, now: () => nowMs })
  const advance = (seconds: number): void => {
    nowMs += seconds * 1000
  }
  return { cache, advance }
}

function storeOf(...answers: readonly unknown[]): { readHardwareInfo: ReturnType<typeof vi.fn<() => unknown>> } {
  const readHardwareInfo = vi.fn<() => unknown>(() => answers.at(-1))
  for (const answer of answers.slice(0, -1)) readHardwareInfo.mockImplementationOnce(() => answer)
  return { readHardwareInfo }
}

function deepFrozen(table: HardwareInfo): boolean {
  return Object.isFrozen(table) && Object.values(table).every(price => Object.isFrozen(price))
}

describe('without a store', () => {
  it('gives the defaults', async () => {
    const { cache } = withClock()

    expect(cache.get()).toBe(DEFAULT_HARDWARE_INFO)
    expect(await cache.getAsync()).toBe(DEFAULT_HARDWARE_INFO)
  })

  it('gives what a store gave last, also after its lifetime, since nothing newer is known', async () => {
    const { cache, advance } = withClock()
    await cache.getAsync(storeOf(one))

    advance(301)

    expect(cache.get()).toEqual(one)
    expect(await cache.getAsync()).toEqual(one)
  })
})

describe('a store', () => {
  it('replaces the defaults and is asked once in 300 seconds', async () => {
    const { cache, advance } = withClock()
    const store = storeOf(one, two)

    const tables = [await cache.getAsync(store), await cache.getAsync(store)]
    advance(299.999)
    tables.push(await cache.getAsync(store))
    advance(0.001)
    tables.push(await cache.getAsync(store))

    expect(tables).toEqual([one, one, one, two])
    expect(store.readHardwareInfo).toHaveBeenCalledTimes(2)
  })

  it('is asked once by many who ask at the same time', async () => {
    const { cache } = withClock()
    const store = storeOf(one)

    await Promise.all(Array.from({ length: 10 }, () => cache.getAsync(store)))

    expect(store.readHardwareInfo).toHaveBeenCalledTimes(1)
  })

  it('is cached apart from another store', async () => {
    const { cache } = withClock()
    const [first, second] = [storeOf(one), storeOf(two)]

    const tables = [await cache.getAsync(first), await cache.getAsync(second), await cache.getAsync(first)]

    expect(tables).toEqual([one, two, one])
    expect(cache.get()).toEqual(two)
  })

  it('is asked once for good with a lifetime of Infinity', async () => {
    const { cache, advance } = withClock(Infinity)
    const store = storeOf(one)
    await cache.getAsync(store)

    advance(1e9)
    await cache.getAsync(store)

    expect(store.readHardwareInfo).toHaveBeenCalledTimes(1)
  })

  it.each([[undefined], [null]])('that answers %o has no table, so the defaults are in force', async answer => {
    const { cache, advance } = withClock()
    const store = storeOf(one, answer)
    await cache.getAsync(store)

    advance(300)
    const table = await cache.getAsync(store)

    expect(table).toBe(DEFAULT_HARDWARE_INFO)
    expect(cache.get()).toBe(DEFAULT_HARDWARE_INFO)
  })
})

const unusable: [string, () => unknown][] = [
  ['throws', () => thrown()],
  ['rejects', async () => await Promise.reject(new Error('down'))],
  ['has an empty table', () => ({})],
  ['has a list', () => Object.values(one)],
  ['has a text', () => 'gpu-1'],
  ['has a record that is none', () => ({ 'gpu-1': 1 })],
  ['has a record that is null', () => ({ 'gpu-1': null })],
  ['has a record without a name', () => ({ 'gpu-1': { cost_per_second: 1 } })],
  ['has an empty name', () => ({ 'gpu-1': { name: '', cost_per_second: 1 } })],
  ['has no price', () => ({ 'gpu-1': { name: 'One' } })],
  ['has true as a price', () => ({ 'gpu-1': { name: 'One', cost_per_second: true } })],
  ['has a text as a price', () => ({ 'gpu-1': { name: 'One', cost_per_second: '1' } })],
  ['has NaN as a price', () => ({ 'gpu-1': { name: 'One', cost_per_second: NaN } })],
  ['has Infinity as a price', () => ({ 'gpu-1': { name: 'One', cost_per_second: Infinity } })],
  ['has a negative price', () => ({ 'gpu-1': { name: 'One', cost_per_second: -1 } })],
  ['has one bad record among good ones', () => ({ ...one, 'gpu-2': { name: 'Two', cost_per_second: -1 } })],
]

describe.each(unusable)('a store that %s', (_, answer) => {
  it('gives the defaults when nothing better is known', async () => {
    const { cache } = withClock()

    const table = await cache.getAsync({ readHardwareInfo: answer })

    expect(table).toBe(DEFAULT_HARDWARE_INFO)
  })

  it('gives its last good table', async () => {
    const { cache, advance } = withClock()
    const store = storeOf(one)
    await cache.getAsync(store)

    store.readHardwareInfo.mockImplementation(answer)
    advance(300)
    const table = await cache.getAsync(store)

    expect(table).toEqual(one)
    expect(cache.get()).toEqual(one)
    expect(store.readHardwareInfo).toHaveBeenCalledTimes(2)
  })

  it('does not spoil what another store gave', async () => {
    const { cache } = withClock()
    await cache.getAsync(storeOf(one))

    const table = await cache.getAsync({ readHardwareInfo: answer })

    expect(table).toBe(DEFAULT_HARDWARE_INFO)
    expect(cache.get()).toEqual(one)
  })
})

describe('a store that failed', () => {
  it.each([
    [300, 30],
    [5, 5],
    [Infinity, 30],
  ])('is left alone, with a lifetime of %d seconds, for %d seconds', async (ttl, pause) => {
    const { cache, advance } = withClock(ttl)
    const store = storeOf({}, one)
    await cache.getAsync(store)

    advance(pause - 0.001)
    const before = await cache.getAsync(store)
    advance(0.001)
    const after = await cache.getAsync(store)

    expect([before, after]).toEqual([DEFAULT_HARDWARE_INFO, one])
  })
})

describe('set', () => {
  it('wins over everything for its lifetime', async () => {
    const { cache, advance } = withClock()
    const store = storeOf(one)

    cache.set(two)
    advance(299.999)
    const before = [cache.get(), await cache.getAsync(), await cache.getAsync(store)]
    advance(0.001)
    const after = [cache.get(), await cache.getAsync(store)]

    expect(before).toEqual([two, two, two])
    expect(after).toEqual([DEFAULT_HARDWARE_INFO, one])
  })

  it('keeps a copy', () => {
    const { cache } = withClock()
    const info = { 'gpu-1': { name: 'One', cost_per_second: 1 } }

    cache.set(info)
    info['gpu-1'].cost_per_second = 9

    expect(cache.get()).toEqual(one)
  })

  it('takes a price of 0', () => {
    const { cache } = withClock()

    cache.set({ 'gpu-1': { name: 'Free', cost_per_second: 0 } })

    expect(cache.get()['gpu-1']?.cost_per_second).toBe(0)
  })

  it('takes __proto__ for an identifier like any other', () => {
    const { cache } = withClock()

    cache.set(JSON.parse('{"__proto__":{"name":"One","cost_per_second":1}}'))

    expect(Object.keys(cache.get())).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(cache.get())).toBe(Object.prototype)
  })

  it.each(unusable.slice(5))('refuses a table that %s, and names the entry', (_, answer) => {
    const { cache } = withClock()
    cache.set(two)
    // What is wrong with it is wrong to the type checker too.
    const info = answer() as HardwareInfo

    expect(() => cache.set(info)).toThrow(TypeError)
    expect(() => cache.set(info)).toThrow(/of 'gpu-[12]'/)
    expect(cache.get()).toEqual(two)
  })

  it.each([[{}], [[]], [null], ['gpu-1']])('refuses %o', value => {
    const { cache } = withClock()
    const info: HardwareInfo = JSON.parse(JSON.stringify(value))

    expect(() => cache.set(info)).toThrow(TypeError)
    expect(cache.get()).toBe(DEFAULT_HARDWARE_INFO)
  })
})

describe('clear', () => {
  it('forgets what was set and what was read', async () => {
    const { cache } = withClock()
    const store = storeOf(one, two)
    await cache.getAsync(store)
    cache.set(one)

    cache.clear()
    const withoutStore = cache.get()
    const withStore = await cache.getAsync(store)

    expect(withoutStore).toBe(DEFAULT_HARDWARE_INFO)
    expect(withStore).toEqual(two)
  })

  it('forgets the last good table', async () => {
    const { cache } = withClock()
    const store = storeOf(one, {})
    await cache.getAsync(store)

    cache.clear()

    expect(await cache.getAsync(store)).toBe(DEFAULT_HARDWARE_INFO)
  })

  it('is not undone by a read that began before it', async () => {
    const { cache } = withClock()
    const held = Promise.withResolvers<unknown>()
    const store = storeOf(held.promise, two)
    const reading = cache.getAsync(store)

    cache.clear()
    held.resolve(one)

    expect(await reading).toEqual(one)
    expect(cache.get()).toBe(DEFAULT_HARDWARE_INFO)
    expect(await cache.getAsync(store)).toEqual(two)
  })
})

describe('tables', () => {
  it('are frozen, whatever their source', async () => {
    const { cache } = withClock()
    const read = await cache.getAsync(storeOf({ 'gpu-1': { name: 'One', cost_per_second: 1 } }))
    cache.set({ 'gpu-2': { name: 'Two', cost_per_second: 2 } })

    expect([DEFAULT_HARDWARE_INFO, read, cache.get()].map(deepFrozen)).toEqual([true, true, true])
  })
})

describe('defaultCostPerHour', () => {
  it('is 3600 times the price of an L40S', () => {
    const { cache } = withClock()
    const byDefault = cache.defaultCostPerHour()

    cache.set({ 'gpu-l40s': { name: 'L40S (48GB)', cost_per_second: 0.5 } })

    expect(byDefault).toBe(3.51)
    expect(cache.defaultCostPerHour()).toBe(1800)
  })

  it('is that of the default table when the table in force has no L40S', () => {
    const { cache } = withClock()

    cache.set(one)

    expect(cache.defaultCostPerHour()).toBe(3.51)
  })
})

describe('options', () => {
  it.each([0, -1, NaN])('a lifetime of %d is a RangeError', ttl => {
    expect(() => new HardwareInfoCache({ ttl })).toThrow(RangeError)
  })
})

function thrown(): never {
  throw new Error('down')
}
