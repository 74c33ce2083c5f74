import { describe, expect, it } from 'vitest'
import { ReplayMemory } from './replay-memory.ts'

describe('ReplayMemory', () => {
  it('knows a webhook again for 600 seconds', () => {
    let nowMs = 0
    const memory = new ReplayMemory({ now: () => nowMs })

    const first = memory.note('msg_1')
    nowMs = 599_999
    const again = memory.note('msg_1')
    nowMs = 600_000

    expect([first, again, memory.note('msg_1'), memory.note('msg_2')]).toEqual(['new', 'seen', 'new', 'new'])
  })

  it('refuses rather than forgets when it is full, until there is room', () => {
    let nowMs = 0
    const memory = new ReplayMemory({ now: () => nowMs, maxSize: 2 })
    memory.note('a')
    nowMs = 300_000
    memory.note('b')

    const full = [memory.note('c'), memory.note('a')]
    nowMs = 661_000

    expect([...full, memory.note('c'), memory.note('b')]).toEqual(['full', 'seen', 'new', 'seen'])
  })

  it('forgets a webhook that could not be worked on', () => {
    const memory = new ReplayMemory()
    memory.note('a')

    memory.forget('a')

    expect(memory.note('a')).toBe('new')
  })
})
