import { describe, expect, it } from 'vitest'
import { JointAbort } from './joint-abort.ts'

describe('JointAbort', () => {
  it('aborts when the last of the callers has left, with its reason', () => {
    const [joint, first, second] = [new JointAbort(), new AbortController(), new AbortController()]
    joint.add(first.signal)
    joint.add(second.signal)

    first.abort('first')
    const before = joint.signal.aborted
    second.abort('second')

    expect([before, joint.signal.aborted, joint.signal.reason]).toEqual([false, true, 'second'])
  })

  it('waits for a caller who came after another had left', () => {
    const [joint, early, late] = [new JointAbort(), new AbortController(), new AbortController()]
    const stays = new AbortController()
    joint.add(early.signal)
    joint.add(stays.signal)
    early.abort()

    joint.add(late.signal)
    stays.abort()
    const before = joint.signal.aborted
    late.abort()

    expect([before, joint.signal.aborted]).toEqual([false, true])
  })

  it('does not abort without callers', () => {
    expect(new JointAbort().signal.aborted).toBe(false)
  })
})
