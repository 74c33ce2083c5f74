import { describe, expect, it } from 'vitest'
import { parseLosslessJson } from './lossless-json.ts'

describe('parseLosslessJson', () => {
  it.each([
    '12345678901234567890',
    '1.10',
    '-0',
    '1e400',
    '{"a":[1.0,{"b":9007199254740993}],"__proto__":0.1}',
    '"1.10"',
    'null',
  ])('reads %s so that it is written as it was', text => {
    expect(JSON.stringify(parseLosslessJson(text))).toBe(text)
  })

  it('throws for what is no JSON', () => {
    expect(() => parseLosslessJson('{a}')).toThrow(SyntaxError)
  })
})
