import { describe, expect, it } from 'vitest'
import { collectGarbage } from './__fixtures__/collect-garbage.ts'
import { withClock, type CacheWithClock } from './__fixtures__/with-clock.ts'
import { TTLCache } from './ttl-cache.ts'

const megabyte = 1_000_000

describe('a value', () => {
  it.each<[string, (pair: CacheWithClock<object>) => unknown]>([
    ['deleted', ({ cache }) => cache.delete('a:1:x')],
    ['replaced', ({ cache }) => cache.set('a:1:x', {})],
    ['cleared', ({ cache }) => cache.clear()],
    ['invalidated', ({ cache }) => cache.invalidatePrefix('a')],
    ['invalidated by the index', ({ cache }) => cache.invalidatePrefix('a:1:')],
    ['evicted', ({ cache }) => cache.set('b', {})],
    ['expired and read', ({ cache, advance }) => (advance(300), cache.get('a:1:x'))],
    ['expired and swept', ({ cache, advance }) => (advance(300), cache.get('none'))],
    ['expired and removed to make room', ({ cache, advance }) => (advance(300), cache.set('b', {}))],
    ['disposed of', ({ cache }) => cache.dispose()],
  ])('that was %s is released', async (_, remove) => {
    const pair = withClock<object>({ maxSize: 1 })
    const reference = storeAndForget(pair.cache)

    remove(pair)
    await collectGarbage()

    expect(reference.deref()).toBeUndefined()
    expect(pair.cache.size).toBeLessThan(2)
  })

  it('is kept as long as it is in the cache', async () => {
    const { cache } = withClock<object>()
    const reference = storeAndForget(cache)

    await collectGarbage()

    expect(reference.deref()).toBeDefined()
    expect(cache.size).toBe(1)
  })

  it('that a hook was told of is released', async () => {
    const { cache } = withClock<object>({ onRemove: () => {} })
    const reference = storeAndForget(cache)

    cache.delete('a:1:x')
    await collectGarbage()

    expect(reference.deref()).toBeUndefined()
  })

  it('that was loaded is released with its entry, and what the factory holds as soon as it has ended', async () => {
    const { cache } = withClock<object>()
    const [value, held] = await loadAndForget(cache)

    await collectGarbage()
    const isHeld = held.deref() !== undefined
    cache.delete('a')
    await collectGarbage()

    expect(isHeld).toBe(false)
    expect(value.deref()).toBeUndefined()
  })
})

describe('memory', () => {
  it.each<[string, (cache: TTLCache<number>, index: number) => unknown]>([
    ['one key is set again and again', (cache, index) => cache.set('a', index)],
    ['a full cache turns over', (cache, index) => cache.set(`provider:${index % 7}:${index}`, index)],
    ['keys are set and deleted', (cache, index) => (cache.set(`a:b:${index}`, index), cache.delete(`a:b:${index}`))],
    ['keys are missed', (cache, index) => cache.get(`a:b:${index}`)],
    [
      'lifetimes are of all kinds',
      (cache, index) => cache.set(`a:b:${index % 5000}`, index, [1, 1e7, Infinity][index % 3]),
    ],
  ])('does not grow while %s a million times', async (_, use) => {
    const cache = new TTLCache<number>({ maxSize: 1000, defaultTtl: 3600 })
    cache.invalidatePrefix('provider:x:')
    for (let index = 0; index < 10_000; index += 1) use(cache, index)
    const before = await memoryInUse()

    for (let index = 10_000; index < 1_000_000; index += 1) use(cache, index)
    const after = await memoryInUse()

    expect(after - before).toBeLessThan(megabyte)
    expect(cache.size).toBeLessThanOrEqual(1000)
  })

  it('of slots that became free is used again', async () => {
    const cache = new TTLCache<number>({ maxSize: Infinity })
    const fill = (): void => {
      for (let index = 0; index < 50_000; index += 1) cache.set(`a:${index % 100}:${index}`, index)
    }
    const empty = (): void => {
      for (let group = 0; group < 100; group += 1) cache.invalidatePrefix(`a:${group}:`)
    }
    fill()
    empty()
    fill()
    const before = await memoryInUse()

    for (let round = 0; round < 5; round += 1) {
      empty()
      fill()
    }
    const after = await memoryInUse()

    expect(after - before).toBeLessThan(megabyte)
    expect(cache.size).toBe(50_000)
  })

  it.each<[string, (cache: TTLCache<number>) => unknown]>([
    ['clear', cache => cache.clear()],
    ['dispose', cache => cache.dispose()],
  ])('of a large cache is given back by %s', async (_, empty) => {
    const cache = new TTLCache<number>({ maxSize: Infinity })
    const before = await memoryInUse()
    for (let index = 0; index < 100_000; index += 1) cache.set(`a:b:${index}`, index)
    const full = await memoryInUse()

    empty(cache)
    const after = await memoryInUse()

    expect(full - before).toBeGreaterThan(3 * megabyte)
    expect(after - before).toBeLessThan(megabyte)
    expect(cache.size).toBe(0)
  })

  it('of loads that have ended is given back, whether they were stored, failed or left by all', async () => {
    const cache = new TTLCache<number>({ maxSize: 10 })
    const { signal } = new AbortController()
    const load = async (index: number): Promise<void> => {
      const controller = new AbortController()
      const options = [{}, { signal }, { signal: controller.signal }, { staleIfError: 60 }][index % 4]
      const factory = async (): Promise<number> => {
        if (index % 3 === 0) throw new Error('failed')
        return index
      }
      const waiting = cache.getOrSetAsync(`key ${index}`, factory, options)
      if (index % 8 === 2) controller.abort()
      await Promise.allSettled([waiting])
    }
    for (let index = 0; index < 2000; index += 1) await load(index)
    const before = await memoryInUse()

    for (let index = 2000; index < 20_000; index += 1) await load(index)
    const after = await memoryInUse()

    expect(after - before).toBeLessThan(megabyte)
  })
})

async function memoryInUse(): Promise<number> {
  await collectGarbage()
  await collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Leaves no reference to the value but that of the cache. */
function storeAndForget(cache: TTLCache<object>): WeakRef<object> {
  const value = { large: 'value' }
  cache.set('a:1:x', value)
  return new WeakRef(value)
}

/** The same for a value that a factory gives, and for what that factory needs. */
async function loadAndForget(cache: TTLCache<object>): Promise<readonly [WeakRef<object>, WeakRef<object>]> {
  const needed = { large: 'connection' }
  const value = { large: 'value' }
  const references = [new WeakRef(value), new WeakRef(needed)] as const
  await cache.getOrSetAsync('a', async () => Object.assign(value, { size: needed.large.length }))
  return references
}
