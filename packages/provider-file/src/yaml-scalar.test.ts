import { describe, expect, it } from 'vitest'
import { yamlScalar } from './yaml-scalar.ts'

describe('yamlScalar', () => {
  it.each(['r8_token', 'hf_x', 'a', 'v1.2-x', 'path/to+x', '_', 'yesterday', 'nullable'])('writes %s plain', text => {
    expect(yamlScalar(text, false)).toBe(text)
  })

  const blanksAndSigns = [
    '',
    ' ',
    'a b',
    ' a',
    'a ',
    'a:',
    'a: b',
    'a #b',
    '#a',
    '- a',
    '-',
    '?',
    '=',
    '<<',
    '~',
    '*a',
    '&a',
  ]
  const reservedSigns = [
    '!a',
    '%a',
    '@a',
    '`a',
    '"a"',
    "'a'",
    '{a}',
    '[a]',
    'a,b',
    '|',
    '>',
    '---',
    '...',
    'a\tb',
    'a\nb',
    '密',
  ]
  /** What YAML 1.1 readers take for something other than text. */
  const typed = [
    '0',
    '0123',
    '1e5',
    '1_000',
    '1:30',
    '.5',
    '.inf',
    '-1',
    '+1',
    '0x1F',
    '2026-01-01',
    '1234567890123456',
  ]
  const words = ['yes', 'No', 'NO', 'on', 'Off', 'y', 'N', 'true', 'False', 'null', 'NULL', 'Null']

  it.each([...blanksAndSigns, ...reservedSigns, ...typed, ...words])('writes %j in double quotes', text => {
    expect(yamlScalar(text, false)).toBe(JSON.stringify(text))
  })

  it('writes everything in double quotes where JSON may be expected', () => {
    expect(yamlScalar('plain', true)).toBe('"plain"')
  })

  it('escapes what JSON leaves alone and YAML readers refuse or take for a line break', () => {
    expect(yamlScalar('\u007F\u0085\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF\u0000', false)).toBe(
      String.raw`"\u007f\u0085\u009f\u2028\u2029\ufeff\ufffe\uffff\u0000"`,
    )
  })
})
