import { describe, expect, it } from 'vitest'
import { RandomText } from './__fixtures__/random-text.ts'
import { needlesOf } from './needle.ts'

describe('needlesOf', () => {
  const text = new RandomText(1).text('abcdefghijklmnopqrstuvwxyz"/+ ', 1000)
  const needles = needlesOf({ text, label: 'A', isShort: false })

  it('has each spelling once', () => {
    const few = needlesOf({ text: 'abcdefgh', label: 'A', isShort: false })

    const heads = few.map(({ head }) => head)

    expect(new Set(heads).size).toBe(heads.length)
    expect(heads).toContain('abcdefgh')
  })

  it('keeps the beginnings of long spellings only, because there are many', () => {
    const [first, ...others] = needles.map(({ head }) => head)

    expect(first).toBe(text)
    expect(Math.max(...others.map(head => head.length))).toBe(128)
  })

  it('finds long spellings as a whole', () => {
    const json = JSON.stringify(text)
    const needle = needles.find(({ head }) => head === json.slice(1, 129))

    expect(needle?.standsAt(json, 1)).toBe(true)
    expect(needle?.standsAt(json.slice(0, -2), 1)).toBe(false)
    expect(needle?.standsAt(`${json.slice(0, -2)}x`, 1)).toBe(false)
    expect([128, 129, -2].map(length => needle?.beginsWith(json.slice(1, length)))).toEqual([true, true, true])
    expect(needle?.beginsWith(json.slice(1, -1))).toBe(false)
    expect(needle?.beginsWith(`${json.slice(1, 140)}x`)).toBe(false)
  })
})
