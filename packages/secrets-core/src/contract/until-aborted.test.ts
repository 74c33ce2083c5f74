import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../__fixtures__/failures.ts'
import { untilAborted } from './until-aborted.ts'

describe('untilAborted', () => {
  it('gives what the work gives, and forgets the signal', async () => {
    const { signal } = new AbortController()

    expect(await untilAborted(signal, Promise.resolve(1))).toBe(1)
    await expect(untilAborted(signal, Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('leaves the work to others', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const controller = new AbortController()
    const impatient = rejectionOf(untilAborted(controller.signal, promise))

    controller.abort('enough')
    resolve('done')

    expect([await impatient, await untilAborted(undefined, promise)]).toEqual(['enough', 'done'])
  })

  it('takes care of a failure that comes after the wait has ended', async () => {
    const { promise, reject } = Promise.withResolvers<string>()

    const reason = await rejectionOf(untilAborted(AbortSignal.abort('enough'), promise))
    reject(new Error('late'))
    // An unhandled rejection would be reported before the next turn, and fail the run.
    await new Promise(resolve => setImmediate(resolve))

    expect(reason).toBe('enough')
  })
})
