import { describe, expect, it } from 'vitest'
import { decodeLenientBase64 } from './lenient-base64.ts'

const decode = (text: string) => decodeLenientBase64(Buffer.from(text, 'latin1'))?.toString('latin1')

describe('decodeLenientBase64', () => {
  // Expected values are those of CPython 3.11, base64.urlsafe_b64decode.
  it.each([
    ['', ''],
    ['Zm9v', 'foo'],
    ['Zm8=', 'fo'],
    ['Zg==', 'f'],
    ['+/8=', '\u00FB\u00FF'],
    ['-_8=', '\u00FB\u00FF'],
    ['+_8=', '\u00FB\u00FF'],
    [' Z\tm\r\n9 v ', 'foo'],
    ['Zm9v!%."\0', 'foo'],
    ['Zm9v\u00E9', 'foo'],
    ['Zh==', 'f'],
    ['Zg== and more', 'f'],
    ['Zg=\n=', 'f'],
    ['Zm8=====', 'fo'],
    ['====', ''],
    ['=Zm9v', 'foo'],
    ['Z=m9v', 'foo'],
    ['Zm=9v', 'foo'],
    ['Zm==9v', 'f'],
    ['Zm9=v', 'fo'],
    ['Zm9v=', 'foo'],
    ['Zm=9vZg==', 'foof'],
    ['Zg=Z=', 'f\u0006'],
    ['Zm9vZg==Zm9v', 'foof'],
  ])('reads %j as Python does', (text, expected) => {
    expect(decode(text)).toBe(expected)
  })

  it.each(['Z', 'Zg', 'Zg=', 'Zm9', 'Zm9vZ', 'Zm=9', 'Zm=9vZg=', 'Z==='])('refuses %j as Python does', text => {
    expect(decode(text)).toBeUndefined()
  })
})
