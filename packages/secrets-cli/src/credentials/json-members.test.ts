import { describe, expect, it } from 'vitest'
import { jsonMembers } from './json-members.ts'

function spelled(text: string): readonly (readonly [string, string])[] {
  return jsonMembers(text).map(({ name, start, end }) => [name, text.slice(start, end)])
}

describe('jsonMembers', () => {
  it.each<[string, readonly (readonly [string, string])[]]>([
    ['{}', []],
    [' { } ', []],
    ['{"a":1}', [['a', '1']]],
    [
      '{ "a" : -1.5e3 ,\t"b":"x" }',
      [
        ['a', '-1.5e3'],
        ['b', '"x"'],
      ],
    ],
    [
      '{"a":{"b":"}","a":[1,{"c":"]"}]},"d":null}',
      [
        ['a', '{"b":"}","a":[1,{"c":"]"}]}'],
        ['d', 'null'],
      ],
    ],
    [
      String.raw`{"a\"b":"\\","c":"\"}"}`,
      [
        ['a"b', String.raw`"\\"`],
        ['c', String.raw`"\"}"`],
      ],
    ],
    [
      '{"a":[],"a":{},"b":true}',
      [
        ['a', '[]'],
        ['a', '{}'],
        ['b', 'true'],
      ],
    ],
    [String.raw`{"\u0061":" , : "}`, [['a', '" , : "']]],
  ])('finds the members of %s', (text, members) => {
    expect(spelled(text)).toEqual(members)
  })

  it('finds in many objects what JSON.parse finds', () => {
    const values = [
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      ' ',
      'é',
      '\u2028',
      1,
      null,
      true,
      [],
      {},
      ['"]'],
      { a: '}' },
    ]
    for (const first of values) {
      for (const second of values) {
        const object = { [`k${JSON.stringify(first)}`]: first, second }

        for (const text of [JSON.stringify(object), JSON.stringify(object, null, 2)]) {
          const members = spelled(text).map(([name, value]) => [name, JSON.parse(value)])

          expect(Object.fromEntries(members)).toEqual(object)
        }
      }
    }
  })
})
