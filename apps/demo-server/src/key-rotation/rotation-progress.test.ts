import { describe, expect, it } from 'vitest'
import type { KeyRotationStatus } from './key-rotation.ts'
import { rotationEvents } from './rotation-events.ts'
import { RotationMeter, type RotationProgress } from './rotation-progress.ts'
import { RotationRunner } from './rotation-runner.ts'

const begun: KeyRotationStatus = {
  id: 1,
  state: 'reencrypting',
  isPaused: false,
  fingerprint: 'f',
  total: 100,
  processed: 0,
  failed: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
}

describe('RotationMeter', () => {
  it('tells how fast it goes and how long it still takes, over both states', () => {
    let nowMs = 0
    const meter = new RotationMeter(() => new Date(nowMs))
    const measure = (status: Partial<KeyRotationStatus>, seconds: number): RotationProgress => {
      nowMs += seconds * 1000
      return meter.measure({ ...begun, ...status })
    }

    const first = measure({}, 0)
    const second = measure({ processed: 50 }, 1)
    const third = measure({ state: 'verifying', processed: 10, failed: 0 }, 1)
    const paused = measure({ state: 'verifying', processed: 10, isPaused: true }, 1)
    const goesOn = measure({ state: 'verifying', processed: 10 }, 1)
    const done = measure({ state: 'done', processed: 100 }, 1)

    expect([first.progress, first.rate]).toEqual([0, undefined])
    expect([second.progress, second.rate, second.secondsLeft]).toEqual([0.25, 50, 3])
    expect([third.progress, third.rate]).toEqual([0.55, 55])
    expect([paused.progress, paused.rate, goesOn.rate]).toEqual([0.55, undefined, undefined])
    expect([done.progress, done.rate]).toEqual([1, undefined])
  })
})

describe('rotationEvents', () => {
  const progress = (processed: number): RotationProgress => ({ ...begun, processed, progress: 0 })

  async function take(
    looks: readonly (RotationProgress | undefined)[],
    options: object = {},
  ): Promise<readonly string[]> {
    const left = [...looks]
    const events: string[] = []
    const { signal } = new AbortController()
    for await (const event of rotationEvents({ look: async () => left.shift(), signal, lookMs: 0, ...options })) {
      events.push(event.split('\n')[0] ?? '')
    }
    return events
  }

  it('tells what is new, and now and then that it is still there', async () => {
    const same = Array.from({ length: 4 }, () => progress(1))

    const events = await take([...same, { ...progress(2), rate: 5 }, { ...progress(2), rate: 6 }, undefined], {
      quietLooks: 2,
    })

    expect(events).toEqual(['retry: 1000', 'event: progress', ': still here', 'event: progress', 'event: end'])
  })

  it('ends by itself after a while, so that rights are looked at again, and when it is told to', async () => {
    const stopped = new AbortController()
    stopped.abort()

    const limited = await take([progress(1), progress(2), progress(3)], { looks: 2 })
    const aborted = await take([progress(1)], { signal: stopped.signal })

    expect(limited).toEqual(['retry: 1000', 'event: progress', 'event: progress'])
    expect(aborted).toEqual(['retry: 1000'])
  })
})

describe('RotationRunner', () => {
  it('looks once more when it was woken while it was about to end, and not after it was stopped', async () => {
    const gates = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    let calls = 0
    const runner = new RotationRunner({ resume: async () => gates[calls++]?.promise })

    runner.wake()
    runner.wake()
    gates[0]?.resolve(undefined)
    gates[1]?.resolve(undefined)
    await new Promise(setImmediate)
    const before = calls
    await runner.stop()
    runner.wake()

    expect([before, calls]).toEqual([2, 2])
  })

  it('tells why it cannot go on, and tries again', async () => {
    const failures: unknown[] = []
    const failure = new Error('no')
    const runner = new RotationRunner({ resume: async () => Promise.reject(failure) })

    runner.start(error => void failures.push(error))
    await new Promise(setImmediate)
    runner.wake()
    await runner.stop()

    expect(failures).toEqual([failure, failure])
  })
})
