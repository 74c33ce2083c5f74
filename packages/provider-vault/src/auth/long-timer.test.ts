import { afterEach, describe, expect, it, vi } from 'vitest'
import { LongTimer } from './long-timer.ts'

const day = 86_400_000

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('LongTimer', () => {
  it.each([0, 1, 24 * day, 25 * day, 3650 * day])('runs once after %i ms', async delayMs => {
    vi.useFakeTimers({ now: 0 })
    const run = vi.fn<() => void>()
    new LongTimer(Date.now).set(delayMs, run)

    await vi.advanceTimersByTimeAsync(Math.max(0, delayMs - 1))
    const early = run.mock.calls.length
    await vi.advanceTimersByTimeAsync(1)
    await vi.advanceTimersByTimeAsync(30 * day)

    expect(early).toBe(delayMs === 0 ? 1 : 0)
    expect(run).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('runs at once what is overdue, and forgets what was set before', async () => {
    vi.useFakeTimers({ now: 1000 })
    const [before, overdue, cleared] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()]
    const timer = new LongTimer(Date.now)

    timer.set(2000, before)
    timer.set(500, overdue)
    await vi.advanceTimersByTimeAsync(0)
    timer.set(2000, cleared)
    timer.clear()
    await vi.advanceTimersByTimeAsync(5000)

    expect([before, overdue, cleared].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 0])
  })

  it('does not keep the process alive', () => {
    const setTimer = vi.spyOn(globalThis, 'setTimeout')
    const timer = new LongTimer(Date.now)

    timer.set(Date.now() + day, () => {})

    expect(setTimer.mock.results[0]?.value.hasRef()).toBe(false)
    timer.clear()
  })
})
