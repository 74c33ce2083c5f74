import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { collectGarbage } from './__fixtures__/collect-garbage.ts'
import type { TTLCacheOptions } from './ttl-cache-options.ts'
import { TTLCache } from './ttl-cache.ts'

describe('cleanupTimer', () => {
  const caches: TTLCache<number>[] = []

  function open(options: TTLCacheOptions<number> = {}): TTLCache<number> {
    const cache = new TTLCache<number>({ cleanupTimer: true, cleanupInterval: 10, ...options })
    caches.push(cache)
    return cache
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  })

  afterEach(() => {
    for (const cache of caches.splice(0)) cache.dispose()
    vi.useRealTimers()
  })

  it('removes expired entries while nobody uses the cache', () => {
    const expired: string[] = []
    const cache = open({ onExpire: key => expired.push(key) })
    cache.set('a', 1, 5)
    cache.set('b', 1, 15)

    vi.advanceTimersByTime(10_000)
    const sizes = [cache.size]
    vi.advanceTimersByTime(10_000)
    sizes.push(cache.size)

    expect(sizes).toEqual([1, 0])
    expect(expired).toEqual(['a', 'b'])
    expect(cache.stats()).toMatchObject({ expirations: 2, misses: 0 })
  })

  it('is off by default', () => {
    const cache = open({ cleanupTimer: undefined })
    cache.set('a', 1, 5)

    vi.advanceTimersByTime(3_600_000)

    expect(vi.getTimerCount()).toBe(0)
    expect(cache.size).toBe(1)
  })

  it('is one timer for any number of caches, which ends with the last of them', () => {
    const opened = Array.from({ length: 100 }, (_, index) => open({ cleanupInterval: 1 + index }))
    const counts = [vi.getTimerCount()]

    for (const cache of opened.slice(1)) cache.dispose()
    counts.push(vi.getTimerCount())
    opened[0]?.dispose()
    counts.push(vi.getTimerCount())
    open()
    counts.push(vi.getTimerCount())

    expect(counts).toEqual([1, 1, 0, 1])
  })

  it('serves each cache at its own interval', () => {
    const [quick, slow] = [open({ cleanupInterval: 10 }), open({ cleanupInterval: 60 })]
    for (const cache of [quick, slow]) cache.set('a', 1, 5)

    vi.advanceTimersByTime(10_000)
    const sizes = [quick.size, slow.size]
    vi.advanceTimersByTime(50_000)
    sizes.push(quick.size, slow.size)

    expect(sizes).toEqual([0, 1, 0, 0])
  })

  it('serves a cache with a shorter interval that comes later', () => {
    open({ cleanupInterval: 3600 })
    const cache = open({ cleanupInterval: 10 })
    cache.set('a', 1, 5)

    vi.advanceTimersByTime(10_000)

    expect(cache.size).toBe(0)
  })

  it('is not put off by caches that come and go', () => {
    const cache = open({ cleanupInterval: 60 })
    cache.set('a', 1, 5)

    for (let round = 0; round < 10; round += 1) {
      vi.advanceTimersByTime(30_000)
      open({ cleanupInterval: 60 }).dispose()
    }

    expect(cache.size).toBe(0)
  })

  it('goes on after a cache was disposed of', () => {
    const [gone, cache] = [open(), open()]
    cache.set('a', 1, 5)

    gone.dispose()
    vi.advanceTimersByTime(10_000)

    expect(cache.size).toBe(0)
  })

  it.each([0, Infinity])('takes an interval of %d', cleanupInterval => {
    const cache = open({ cleanupInterval })
    cache.set('a', 1, 0.5)

    vi.advanceTimersByTime(3_600_000)

    expect(cache.size).toBe(cleanupInterval === 0 ? 0 : 1)
  })

  it('takes an interval beyond the longest of a timer without calling all the time', () => {
    const now = vi.fn<() => number>(() => 0)
    open({ cleanupInterval: 60 * 86_400, now })
    now.mockClear()

    vi.advanceTimersByTime(3_600_000)

    expect(now).not.toHaveBeenCalled()
  })

  it('reads the clock of each cache', () => {
    let nowMs = 0
    const cache = open({ now: () => nowMs })
    cache.set('a', 1, 5)

    vi.advanceTimersByTime(60_000)
    const before = cache.size
    nowMs = 10_000
    vi.advanceTimersByTime(10_000)

    expect([before, cache.size]).toEqual([1, 0])
  })

  it('does not keep a cache alive that is used no longer, and ends when there is none', async () => {
    const reference = openAndForget()
    const before = vi.getTimerCount()

    await collectGarbage()
    vi.advanceTimersByTime(3_600_000)

    expect(before).toBe(1)
    expect(reference.deref()).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('timers', () => {
  it('do not keep the process alive, neither that of the cleanup nor that of a sweep', async () => {
    const script = fileURLToPath(new URL('__fixtures__/timer-process.ts', import.meta.url))

    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 30_000 })

    expect(JSON.parse(stdout)).toEqual([true, true])
  })
})

/** Leaves no reference to the cache but that of its timer; returns one to what is in it. */
function openAndForget(): WeakRef<object> {
  const cache = new TTLCache<object>({ cleanupTimer: true, cleanupInterval: 3600 })
  const value = { large: 'value' }
  cache.set('a', value)
  return new WeakRef(value)
}
