import { describe, expect, it } from 'vitest'
import { keyMatcher } from './key-matcher.ts'

describe('keyMatcher', () => {
  it.each([
    [['A'], 'A', true],
    [['A'], 'a', false],
    [['A'], 'AB', false],
    [['A*'], 'AB\nC', true],
    [['*_TOKEN', 'X'], 'HF_TOKEN', true],
    [['A*B*C'], 'AxBxC', true],
    [['a.b+(c)[d]$'], 'a.b+(c)[d]$', true],
    [['a.b'], 'axb', false],
    [['***'], '', true],
    [[], 'A', false],
  ])('%j fits %j: %s', (patterns, key, fits) => {
    expect(keyMatcher(patterns)(key)).toBe(fits)
  })
})
