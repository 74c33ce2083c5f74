import { describe, expect, it } from 'vitest'
import { decodeBase64Url, encodeBase64Url } from './base64-url.ts'

describe('base64url with padding', () => {
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
    ['\u00FB\u00FF', '-_8='],
  ])('writes and reads %j as %s (RFC 4648 §10)', (text, encoded) => {
    const bytes = Buffer.from(text, 'latin1')

    expect(encodeBase64Url(bytes)).toBe(encoded)
    expect(decodeBase64Url(encoded)).toEqual(bytes)
  })

  it.each([
    ['missing padding', 'Zg'],
    ['too much padding', 'Zm9v='],
    ['the standard alphabet', '+/8='],
    ['white space', 'Zm 9v'],
    ['a line end', 'Zm9v\n'],
    ['bits beyond the last byte', 'Zh=='],
    ['text after the padding', 'Zg==Zg=='],
    ['a character that is no base64', 'Zm9%'],
    ['a character whose low byte is base64', 'Zm9\u0176'],
    ['a single character', 'Z'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase64Url(text)).toBeUndefined()
  })
})
