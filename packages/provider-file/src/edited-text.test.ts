import { describe, expect, it } from 'vitest'
import { damaged } from './__fixtures__/damaged.ts'
import { seededRandom } from './__fixtures__/seeded-random.ts'
import { EditRefusal, editedText } from './edited-text.ts'
import { jsonFormat } from './json-format.ts'
import type { ParsedSecrets, SecretsFormat } from './secrets-format.ts'
import { TextFault } from './text-fault.ts'
import { yamlFormat } from './yaml-format.ts'

/** A share of the trials; `npm run test:long` runs them all. */
const rounds = process.env['ST_LONG_TESTS'] === '1' ? 40_000 : 400

const samples: readonly (readonly [format: SecretsFormat, text: string])[] = [
  [jsonFormat, '{"A":"1","KEY":"two","n":12345678901234567890,"o":{"x":[1,{"y":null}]}}'],
  [jsonFormat, '{\n  "KEY": "1",\n  "A": "\\u0041",\n  "KEY": 2.0\n}\n'],
  [yamlFormat, '# top\nA: one # c\nKEY: "two"\nB: |\n  a\n\n  b\nC:\n  - x\n  - {y: z}\n'],
  [yamlFormat, 'A: &a one\nKEY: *a\nm: &m {T: x, U: y}\n<<: *m\nU: >-\n  folded\n  text\n'],
  [yamlFormat, '{"A":"1", KEY: two, b: [1, 2]}\n'],
  [yamlFormat, "---\n? KEY\n: &k 'it''s'\nA: *k\nB: !!int 5\nC: ~\n...\n"],
]
const values = [
  'plain',
  'NO',
  '',
  ' lead',
  'two\nlines',
  '"quotes\' and \\',
  '# no comment',
  'a: b',
  '密🔑',
  '\u0085\u2028',
]

function parsedIfReadable(format: SecretsFormat, text: string): ParsedSecrets | undefined {
  try {
    return format.parse(text)
  } catch (error) {
    if (!(error instanceof TextFault)) throw error
    return undefined
  }
}

function editedIfPossible(format: SecretsFormat, text: string, value: string | undefined): string | undefined {
  try {
    return editedText(format, text, { key: 'KEY', value })
  } catch (error) {
    if (!(error instanceof EditRefusal)) throw error
    return undefined
  }
}

describe('editedText', () => {
  it(`changes one key and nothing else in ${rounds} damaged texts, or refuses`, () => {
    const random = seededRandom(1988)
    const count = { unreadable: 0, refused: 0, edited: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const [format, sample] = samples[random(samples.length)] ?? samples[0] ?? [jsonFormat, '{}']
      const text = damaged(sample, random)
      const value = random(4) === 0 ? undefined : values[random(values.length)]
      const before = parsedIfReadable(format, text)
      const edited = before && editedIfPossible(format, text, value)
      count[before ? (edited === undefined ? 'refused' : 'edited') : 'unreadable'] += 1
      if (before === undefined || edited === undefined) continue

      const after = format.parse(edited)

      expect({ text, value: after.values.get('KEY') }).toEqual({ text, value })
      expect({ text, others: withoutKey(after) }).toEqual({ text, others: withoutKey(before) })
    }

    expect(count.edited).toBeGreaterThan(rounds / 4)
    expect(count.unreadable).toBeGreaterThan(rounds / 8)
    expect(count.refused).toBeLessThan(count.edited / 20)
  })

  it.each([jsonFormat, yamlFormat])('stores every value of a list one after the other in $language', format => {
    let text: string | undefined
    for (const [index, value] of values.entries()) text = editedText(format, text, { key: `K${index}`, value })

    expect([...format.parse(text ?? '').values]).toEqual(values.map((value, index) => [`K${index}`, value]))
  })

  it('refuses a result that does not read back as it should', () => {
    const broken: SecretsFormat = { ...jsonFormat, withValue: () => '{"KEY":"v"}' }

    expect(() => editedText(broken, '{"A":"1"}', { key: 'KEY', value: 'v' })).toThrow(EditRefusal)
    expect(editedText(broken, '{}', { key: 'KEY', value: 'v' })).toBe('{"KEY":"v"}')
  })

  it('refuses a result that cannot be read, or loses what is unusable', () => {
    for (const result of ['{', '{"A":"1","KEY":"v"}', '{"A":"1","O":[],"KEY":"v"}']) {
      const broken: SecretsFormat = { ...jsonFormat, withValue: () => result }

      expect(() => editedText(broken, '{"A":"1","O":{}}', { key: 'KEY', value: 'v' })).toThrow(EditRefusal)
    }
  })

  it('refuses a result that the disk would change', () => {
    const broken: SecretsFormat = { ...jsonFormat, withValue: (_text, _key, value) => `{"KEY":"${value}"}` }

    expect(() => editedText(broken, undefined, { key: 'KEY', value: '\uD83D' })).toThrow(EditRefusal)
  })

  it('names neither the old nor the new value when it refuses', () => {
    const text = 'KEY: &k {T: old-canary}\n<<: *k\n'

    expect(() => editedText(yamlFormat, text, { key: 'KEY', value: 'new-canary' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('canary') }),
    )
  })

  it('does not touch a text that cannot be read', () => {
    expect(() => editedText(jsonFormat, '{"A"', { key: 'KEY', value: 'v' })).toThrow(TextFault)
  })
})

function withoutKey({ values: all, unusable }: ParsedSecrets): unknown {
  return [all, unusable].map(map => new Map([...map].filter(([key]) => key !== 'KEY')))
}
