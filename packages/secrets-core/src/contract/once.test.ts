import { describe, expect, it } from 'vitest'
import { once } from './once.ts'

describe('once', () => {
  it('makes a thing once, for callers at the same time too', async () => {
    let made = 0
    const make = once(async () => (made += 1))

    expect(await Promise.all([make(), make()])).toEqual([1, 1])
    expect(await make()).toBe(1)
  })

  it('forgets a failure', async () => {
    let tries = 0
    const make = once(async () => {
      tries += 1
      if (tries === 1) throw new Error('no network')
      return tries
    })

    await expect(make()).rejects.toThrow('no network')
    expect(await make()).toBe(2)
  })
})
