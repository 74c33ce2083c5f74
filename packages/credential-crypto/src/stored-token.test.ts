import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'

describe('a stored token', () => {
  it.each([0, 1, 2, 3, 72, 73, 74, 65_536])('of %i bytes is read as it was written', length => {
    const raw = randomBytes(length)

    const decoded = decodeStoredToken(encodeStoredToken(raw), true)

    expect(decoded.raw).toEqual(raw)
    expect(decoded.isCanonical).toBe(true)
  })

  it('is base64url with padding, twice', () => {
    const text = encodeStoredToken(Buffer.from([0x80, 0xfb, 0xff, 0xfe]))

    expect(Buffer.from(text, 'base64').toString('latin1')).toBe('gPv__g==')
    expect(text).toBe('Z1B2X19nPT0=')
  })

  it('in another spelling is read, and known for it', () => {
    const decoded = decodeStoredToken(' Z1B2\nX19nPT0= ', false)

    expect(decoded.raw).toEqual(Buffer.from([0x80, 0xfb, 0xff, 0xfe]))
    expect(decoded.isCanonical).toBe(false)
  })

  it('in another spelling is refused when reading strictly', async () => {
    const error = await caught(() => decodeStoredToken('Z1B2X19nPT0=\n', true))

    expect(error.kind).toBe('malformed')
  })

  it.each([
    ['U+0142, whose low byte is a B, in place of a B', 'Z1B2X19nPT0=', 'Z1\u01422X19nPT0='],
    ['é behind it', 'Z1B2X19nPT0=', 'Z1B2X19nPT0=\u00E9'],
    ['U+FEFF before it', 'Z1B2X19nPT0=', '\uFEFFZ1B2X19nPT0='],
    ['a lone surrogate behind it', 'Z1B2X19nPT0=', 'Z1B2X19nPT0=\uD800'],
    ['é behind complete padding', 'Z1B2X19nPT0=', 'Z1B2X19nPT0====\u00E9'],
  ])('is refused with %s: only ASCII is skipped', async (_, sound, text) => {
    decodeStoredToken(sound, true)

    expect((await caught(() => decodeStoredToken(text, false))).kind).toBe('malformed')
  })

  it('that is in base64 only once is answered with a hint at the Fernet class', async () => {
    const token = 'gAAAAABlU_EAAAECAwQFBgcICQoLDA0ODwqA5wAqUYx8msO61ZnbAeJ_xvWByoNVzFnRW4eymxqnCF00BHZmBCdOtw0dOMbfpg=='

    const error = await caught(() => decodeStoredToken(token, true))

    expect(error.hint).toContain('Fernet class')
  })
})
