import { describe, expect, it } from 'vitest'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { keyText } from './key-text.ts'

const rows = readFixture('key-files')

describe('keyText', () => {
  it.each(rows)('reads what Python reads, or nothing where Python cannot: $description', ({ content, secret }) => {
    expect(keyText(Buffer.from(content, 'base64'))).toBe(secret)
  })

  it('has files of both kinds', () => {
    expect(rows.filter(({ secret }) => secret !== undefined)).toHaveLength(20)
    expect(rows.filter(({ secret }) => secret === undefined)).toHaveLength(2)
  })

  it('strips exactly what Python strips', () => {
    const stripped = Array.from({ length: 0x1_0000 }, (_, code) => code)
      .filter(code => code < 0xd800 || code > 0xdfff)
      .filter(code => keyText(Buffer.from(String.fromCodePoint(code))) === '')

    expect(stripped).toEqual([
      0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003,
      0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
    ])
  })
})
