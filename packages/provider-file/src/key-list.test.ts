import { describe, expect, it } from 'vitest'
import { keyList } from './key-list.ts'

describe('keyList', () => {
  it('quotes keys, and escapes what a terminal would obey or hide', () => {
    expect(keyList(['A', 'b"c', '\u001B[2J', '\u009B2J', '\u202Egpj'])).toBe(
      String.raw`"A", "b\"c", "\u001b[2J", "\u009b2J", "\u202egpj"`,
    )
  })

  it('shortens long keys, and long lists', () => {
    const keys = Array.from({ length: 25 }, (_, index) => `K${index}`)

    expect(keyList(['k'.repeat(65_536)])).toBe(`"${'k'.repeat(60)}…"`)
    expect(keyList(keys)).toMatch(/^"K0", .*"K9" and 15 more$/)
  })
})
