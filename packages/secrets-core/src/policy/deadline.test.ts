import { describe, expect, it, vi } from 'vitest'
import { rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { DeadlineError, pause, withDeadline } from './deadline.ts'

const never = async (): Promise<never> => new Promise(() => undefined)

describe('withDeadline', () => {
  it('gives what the work gives, and leaves no timer behind', async () => {
    using time = new FakeTime()

    const value = await withDeadline(1000, async () => 'done')

    expect([value, time.timers]).toEqual(['done', 0])
  })

  it('rejects with what the work rejects with, or throws at once', async () => {
    using time = new FakeTime()
    const failure = new Error('failed')

    const rejected = await rejectionOf(withDeadline(1000, () => Promise.reject(failure)))
    const thrown = await rejectionOf(
      withDeadline(1000, () => {
        throw failure
      }),
    )

    expect([rejected, thrown, time.timers]).toEqual([failure, failure, 0])
  })

  it('ends work that ignores its signal, at the deadline and not before', async () => {
    using time = new FakeTime()
    const settled = vi.fn<(error: unknown) => void>()
    let signal: AbortSignal | undefined
    const work = withDeadline(1000, async given => {
      signal = given
      return never()
    })
    work.catch(settled)

    await time.passMs(999)
    const before = [signal?.aborted, settled.mock.calls.length]
    await time.passMs(1)

    expect(before).toEqual([false, 0])
    expect(signal?.aborted).toBe(true)
    expect(settled.mock.calls).toEqual([[new DeadlineError(1000)]])
    expect(settled.mock.calls[0]?.[0]).toMatchObject({ name: 'DeadlineError', timeoutMs: 1000 })
  })

  it('gives up at once where no time is left', async () => {
    using time = new FakeTime()
    const work = rejectionOf(withDeadline(-5, never))

    await time.passMs(0)

    expect(await work).toBeInstanceOf(DeadlineError)
  })

  it('waits for as long as a timer can, where more is allowed', async () => {
    using time = new FakeTime()
    const work = withDeadline(2 ** 40, async signal => {
      await pause(5000, signal)
      return signal.aborted
    })

    await time.passMs(5000)

    expect(await work).toBe(false)
  })

  it("ends with the parent's reason, and hands it to the work", async () => {
    using time = new FakeTime()
    const parent = new AbortController()
    let signal: AbortSignal | undefined
    const work = rejectionOf(
      withDeadline(
        1000,
        async given => {
          signal = given
          return never()
        },
        parent.signal,
      ),
    )

    parent.abort('enough')

    expect([await work, signal?.reason, time.timers]).toEqual(['enough', 'enough', 0])
  })

  it('does not begin when the parent has aborted before', async () => {
    const start = vi.fn<() => Promise<void>>(async () => undefined)

    const reason = await rejectionOf(withDeadline(1000, start, AbortSignal.abort('enough')))

    expect([reason, start.mock.calls.length]).toEqual(['enough', 0])
  })

  it('stops listening to the parent once it has ended', async () => {
    const parent = new AbortController()
    const remove = vi.spyOn(parent.signal, 'removeEventListener')

    await withDeadline(1000, async () => 'done', parent.signal)

    expect(remove).toHaveBeenCalledWith('abort', expect.any(Function))
  })
})

describe('pause', () => {
  it('ends early with the reason of an abort, and leaves no timer behind', async () => {
    using time = new FakeTime()
    const controller = new AbortController()
    const pausing = rejectionOf(pause(1000, controller.signal))

    controller.abort('enough')

    expect([await pausing, time.timers]).toEqual(['enough', 0])
  })
})
