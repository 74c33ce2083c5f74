import { describe, expect, it } from 'vitest'
import { damaged } from './__fixtures__/damaged.ts'
import { seededRandom } from './__fixtures__/seeded-random.ts'
import { readJsonObject } from './json-object-text.ts'
import { TextFault } from './text-fault.ts'

/** A share of the trials; `npm run test:long` runs them all. */
const rounds = process.env['ST_LONG_TESTS'] === '1' ? 200_000 : 2000

/** What `JSON.parse` makes of a text: an object, or nothing. */
function referenceOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function membersOf(text: string): object | undefined {
  try {
    const { members } = readJsonObject(text)
    return Object.fromEntries(members.map(({ key, valueSource }) => [key, JSON.parse(valueSource)]))
  } catch (error) {
    if (!(error instanceof TextFault)) throw error
    return undefined
  }
}

const samples = [
  '{"a":1,"b":"x","c":[1,{"d":null}],"e":{"f":[],"g":{}}}',
  ' \t\r\n{ "a" : -0.5e+10 , "\\u0061\\n\\"" : "\\ud83d\\udd11 \\/" }\n',
  '{"true":true,"false":false,"null":null,"":""}',
  '{"__proto__":{"polluted":1},"a":[[[[]]]],"a":[{}, {"b":[0,1E5]}]}',
]
describe('readJsonObject', () => {
  it.each(samples)('reads %j as JSON.parse does', text => {
    expect(membersOf(text)).toEqual(referenceOf(text))
    expect(referenceOf(text)).toBeDefined()
  })

  it(`accepts and refuses what JSON.parse does, for ${rounds} damaged texts`, () => {
    const random = seededRandom(7159)
    let refused = 0
    for (let round = 0; round < rounds; round += 1) {
      const text = damaged(samples[random(samples.length)] ?? '', random)
      const expected = referenceOf(text)

      expect({ text, members: membersOf(text) }).toEqual({ text, members: expected })
      refused += expected === undefined ? 1 : 0
    }

    expect(refused).toBeGreaterThan(1000)
    expect(refused).toBeLessThan(19_000)
  })

  it('keeps every member as it is written, duplicates included', () => {
    const { members } = readJsonObject('{ "a" : 12345678901234567890, "a":1.0,"\\u0062": [ 1 ,2 ] }')

    expect(members).toEqual([
      { key: 'a', keySource: '"a"', valueSource: '12345678901234567890' },
      { key: 'a', keySource: '"a"', valueSource: '1.0' },
      { key: 'b', keySource: '"\\u0062"', valueSource: '[ 1 ,2 ]' },
    ])
  })

  it('reads nesting of any depth', () => {
    const depth = 200_000

    const { members } = readJsonObject(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)

    expect(members[0]?.valueSource).toHaveLength(2 * depth)
  })

  it.each([
    ['', 'line 1, column 1'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{\n  "a": 1,\r\n  "b" 2\n}', 'line 3, column 7'],
    ['{"a":01}', 'line 1, column 7'],
    ['{"a":"x\ny"}', 'line 1, column 8'],
    ['{"a":"\\x"}', 'line 1, column 7'],
    ['{"a":NaN}', 'line 1, column 6'],
    ['{"a":1} {"b":2}', 'line 1, column 9'],
    ['{"a":"unfinished', 'line 1, column 17'],
  ])('says where %j is wrong, and nothing of what is there', (text, position) => {
    expect(() => readJsonObject(text)).toThrow(/^is not valid JSON \(line \d+, column \d+\)$/)
    expect(() => readJsonObject(text)).toThrow(position)
  })

  it.each(['[]', '"text"', '12', 'null', ' true '])('tells %j, which is no object, from what is no JSON', text => {
    expect(() => readJsonObject(text)).toThrow('is valid JSON but no object')
  })
})
