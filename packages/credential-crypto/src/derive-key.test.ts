import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { deriveKey } from './derive-key.ts'

const derivations = [
  ...readFixture('derived-keys'),
  ...readFixture('reference-derivations').map(({ secret, fernetKey }) => ({
    secret,
    derivedKey: fernetKey,
  })),
]

describe('deriveKey', () => {
  it.each(derivations)('gives the key that Python gives: $derivedKey', async ({ secret, derivedKey }) => {
    expect(await deriveKey(secret)).toBe(derivedKey)
  })

  it('has vectors to be compared with', () => {
    expect(derivations).toHaveLength(35)
  })

  it('lets the event loop go on meanwhile', async () => {
    let turns = 0
    setImmediate(() => (turns += 1))

    await deriveKey('secret')

    expect(turns).toBe(1)
  })

  it('refuses a lone surrogate, which Node would turn into U+FFFD', async () => {
    const error = await caught(() => deriveKey('abc\uD800'))

    expect(error.kind).toBe('not_utf8')
  })

  it('refuses anything but a string', async () => {
    // @ts-expect-error -- what untyped code may do
    await expect(deriveKey(undefined)).rejects.toThrow(TypeError)
  })
})
