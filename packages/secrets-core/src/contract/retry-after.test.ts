import { describe, expect, it } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const now = Date.UTC(2026, 10, 22, 12, 0, 0)

describe('retryAfterMs', () => {
  it.each([
    ['4', 4000],
    ['0', 0],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['99999999999999999999', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected)
  })
})
