import { afterEach, describe, expect, it, vi } from 'vitest'
import { rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { withRetries, type RetrySetting } from './retry.ts'

/** Attempts that fail, with the moments at which they were made. */
class Attempts {
  readonly times: number[] = []
  readonly #outcomes: readonly (Error | string)[]

  constructor(...outcomes: readonly (Error | string)[]) {
    this.#outcomes = outcomes
  }

  run(time: FakeTime, setting: Partial<RetrySetting> = {}): Promise<string> {
    const begunAt = time.nowMs
    const attempt = async (): Promise<string> => {
      const outcome = this.#outcomes[this.times.length] ?? new Error('too many')
      this.times.push(time.nowMs - begunAt)
      if (typeof outcome === 'string') return outcome
      throw outcome
    }
    return withRetries(attempt, {
      rules: { retries: 2, baseMs: 100, capMs: 2000 },
      leftMs: () => begunAt + 3000 - time.nowMs,
      signal: new AbortController().signal,
      pauseAskedFor: () => 0,
      ...setting,
    })
  }
}

const failed = (name: string): Error => new Error(name)

describe('withRetries', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('makes so many further attempts, and rejects with the last failure', async () => {
    using time = new FakeTime()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const attempts = new Attempts(failed('1'), failed('2'), failed('3'))

    const failure = rejectionOf(attempts.run(time))
    await time.pass(3)

    expect([await failure, attempts.times]).toEqual([failed('3'), [0, 50, 150]])
  })

  it('ends with the first success', async () => {
    using time = new FakeTime()
    const attempts = new Attempts(failed('1'), 'done')

    const value = attempts.run(time)
    await time.pass(3)

    expect([await value, attempts.times.length]).toEqual(['done', 2])
  })

  it('does not try again what asking again cannot help', async () => {
    using time = new FakeTime()
    const attempts = new Attempts(failed('1'))

    const failure = await rejectionOf(attempts.run(time, { pauseAskedFor: () => undefined }))

    expect([failure, attempts.times]).toEqual([failed('1'), [0]])
  })

  it.each([
    // Parts of 100, 200, 400, 800, and 1000 from there on.
    [0.25, [0, 25, 75, 175, 375, 625, 875]],
    [0.75, [0, 75, 225, 525, 1125, 1875, 2625]],
  ])('pauses for a random part of a pause that doubles up to a cap, when chance gives %d', async (random, moments) => {
    using time = new FakeTime()
    vi.spyOn(Math, 'random').mockReturnValue(random)
    const attempts = new Attempts(...Array.from({ length: 7 }, (_, index) => failed(`${index}`)))

    const failure = rejectionOf(
      attempts.run(time, { rules: { retries: 6, baseMs: 100, capMs: 1000 }, leftMs: () => Infinity }),
    )
    await time.pass(10)
    await failure

    expect(attempts.times).toEqual(moments)
  })

  it('waits for as long as the source asks for, without chance', async () => {
    using time = new FakeTime()
    const attempts = new Attempts(failed('1'), 'done')

    const value = attempts.run(time, { pauseAskedFor: () => 1500 })
    await time.pass(3)

    expect([await value, attempts.times]).toEqual(['done', [0, 1500]])
  })

  it.each([3000, 60_000, Infinity])(
    'gives up at once when the source asks for %d ms and fewer are left',
    async asked => {
      using time = new FakeTime()
      const attempts = new Attempts(failed('1'))

      const failure = await rejectionOf(attempts.run(time, { pauseAskedFor: () => asked }))

      expect([failure, attempts.times, time.timers]).toEqual([failed('1'), [0], 0])
    },
  )

  it('ends a pause with the reason of an abort', async () => {
    using time = new FakeTime()
    const controller = new AbortController()
    const attempts = new Attempts(failed('1'))
    const failure = rejectionOf(attempts.run(time, { signal: controller.signal, pauseAskedFor: () => 1000 }))
    await time.passMs(10)

    controller.abort('enough')

    expect([await failure, attempts.times, time.timers]).toEqual(['enough', [0], 0])
  })

  it('makes no further attempt once it was told to stop', async () => {
    using time = new FakeTime()
    const attempts = new Attempts(failed('1'))

    const failure = await rejectionOf(attempts.run(time, { signal: AbortSignal.abort('enough') }))

    expect([failure, attempts.times]).toEqual([failed('1'), [0]])
  })
})
