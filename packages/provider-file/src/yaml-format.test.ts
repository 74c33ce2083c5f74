import { describe, expect, it } from 'vitest'
import { yamlFormat } from './yaml-format.ts'

function valuesIn(text: string): Record<string, string> {
  return Object.fromEntries(yamlFormat.parse(text).values)
}

describe('yamlFormat', () => {
  it('lets the keys of the mapping win over merged ones, and null take them away', () => {
    expect(valuesIn('b: &b {T: merged, U: merged, V: merged}\nT: own\n<<: *b\nU: ~\n')).toEqual({
      T: 'own',
      V: 'merged',
    })
  })

  it('lets the earlier of several merged mappings win, and the later of several merge keys', () => {
    const anchors = 'a: &a {K: a, L: a}\nb: &b {K: b, M: b}\n'

    expect(valuesIn(`${anchors}<<: [*a, *b]\n`)).toEqual({ K: 'a', L: 'a', M: 'b' })
    expect(valuesIn(`${anchors}<<: *a\n<<: *b\n`)).toEqual({ K: 'b', L: 'a', M: 'b' })
  })

  it('merges what a merged mapping merges', () => {
    expect(valuesIn('a: &a {K: a, L: a}\nb: &b {<<: *a, L: b}\n<<: *b\n')).toEqual({ K: 'a', L: 'b' })
  })

  it('takes a quoted << for an ordinary key', () => {
    expect(valuesIn('"<<": text\n')).toEqual({ '<<': 'text' })
  })

  it.each(['<<: text\n', '<<: [a]\n', '<<: ~\n'])('refuses to merge what is no mapping: %j', text => {
    expect(() => yamlFormat.parse(text)).toThrow('is not valid YAML')
  })

  it('gives an anchor that is set again its new value from there on', () => {
    expect(valuesIn('a: &x one\nb: *x\nc: &x two\nd: *x\n')).toEqual({ a: 'one', b: 'one', c: 'two', d: 'two' })
  })

  it('resolves aliases that stand for keys', () => {
    expect(valuesIn('a: &x KEY\n*x : v\n')).toEqual({ a: 'KEY', KEY: 'v' })
  })

  it.each([
    ['!!int 0123', '0123'],
    ['!!float 1.10', '1.10'],
    ['!!bool NO', 'NO'],
    ['!!timestamp 2026-01-01', '2026-01-01'],
    ['!!str', ''],
    ['! 12', '12'],
    ['!!str null', 'null'],
  ])('reads the text behind the tag in %s', (source, value) => {
    expect(valuesIn(`KEY: ${source}\n`)).toEqual({ KEY: value })
  })

  it('reads scalars as they are written, also where a directive asks for YAML 1.1', () => {
    expect(valuesIn('%YAML 1.1\n---\na: 0123\nb: NO\nc: 1_0\n')).toEqual({ a: '0123', b: 'NO', c: '1_0' })
  })

  it('counts what is tagged null as missing', () => {
    expect(valuesIn('a: !!null ""\nb: x\n')).toEqual({ b: 'x' })
  })

  it.each(['a: [!custom x]\n', 'a:\n  b: !custom x\n', '!custom\na: x\n', '!custom k: v\n'])(
    'refuses an unknown tag anywhere: %j',
    text => {
      expect(() => yamlFormat.parse(text)).toThrow(/^uses a YAML tag that is not known \(line \d, column \d+\)$/)
    },
  )

  it('does not follow a mapping that merges itself', () => {
    expect(() => yamlFormat.parse('&a\n<<: *a\nk: v\n')).toThrow('too many YAML aliases')
  })

  it('does not multiply what is merged many times over', () => {
    const first = Array.from({ length: 200 }, (_, index) => `K${index}: v`).join(', ')
    const levels = Array.from({ length: 6 }, (_, level) => {
      const aliases = Array.from({ length: 200 }, () => `*m${level}`).join(', ')
      return `m${level + 1}: &m${level + 1} {<<: [${aliases}]}\n`
    })

    expect(() => yamlFormat.parse(`m0: &m0 {${first}}\n${levels.join('')}<<: *m6\n`)).toThrow('too many YAML aliases')
  })

  it('does not expand aliases of what no key can use', () => {
    const levels = Array.from({ length: 60 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]\n`)

    const { values, unusable } = yamlFormat.parse(`a0: &a0 [x]\n${levels.join('')}token: ok\n`)

    expect([...values]).toEqual([['token', 'ok']])
    expect(unusable.size).toBe(61)
  })

  it('reads 50,000 keys', () => {
    const { values } = yamlFormat.parse(Array.from({ length: 50_000 }, (_, index) => `k${index}: v\n`).join(''))

    expect(values.size).toBe(50_000)
  })

  it('refuses null characters, and says where they are', () => {
    expect(() => yamlFormat.parse('a: 1\nb: x\0y\n')).toThrow(
      'holds null characters, as no text does (line 2, column 5)',
    )
  })

  it('names the keys that are written twice, and not those that win over merged ones', () => {
    const text = 'a: 1\n"a": 2\nb: &b {c: 1}\n<<: *b\nc: 2\n? [x]\n: 1\n? [y]\n: 2\n'

    expect([...yamlFormat.parse(text).duplicates]).toEqual(['a', '<complex key>'])
  })

  it.each([
    ['flow', `a: ${'[ '.repeat(20_000)}${'] '.repeat(20_000)}\n`],
    ['block', `a:\n${'- '.repeat(20_000)}x\n`],
  ])('refuses nesting that the parser cannot follow (%s)', (_style, text) => {
    expect(() => yamlFormat.parse(text)).toThrow('is YAML nested too deeply')
  })
})
