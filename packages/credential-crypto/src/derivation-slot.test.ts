import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { CredentialError } from './credential-error.ts'
import { derivationSlots, inDerivationSlot } from './derivation-slot.ts'

describe('inDerivationSlot', () => {
  it('lets no more run at once than there are slots, and everything in the order it came', async () => {
    let running = 0
    let most = 0
    const started: number[] = []
    const work = async (index: number): Promise<number> => {
      started.push(index)
      running += 1
      most = Math.max(most, running)
      await new Promise(resolve => setImmediate(resolve))
      running -= 1
      return index
    }
    const indexes = [0, 1, 2, 3, 4, 5, 6]

    const results = await Promise.all(indexes.map(index => inDerivationSlot(() => work(index))))

    expect(most).toBe(derivationSlots())
    expect(started).toEqual(indexes)
    expect(results).toEqual(indexes)
  })

  it('gives the slot back after a failure', async () => {
    const fail = () => Promise.reject(new CredentialError('key_refused', 'no'))

    for (let round = 0; round < 5; round += 1) await caught(() => inDerivationSlot(fail))

    expect(await inDerivationSlot(async () => 'done')).toBe('done')
  })

  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [64, 2],
  ])('has on %i processors %i slots: half the pool, and a processor for the event loop', (processors, slots) => {
    expect(derivationSlots(processors)).toBe(slots)
  })
})
