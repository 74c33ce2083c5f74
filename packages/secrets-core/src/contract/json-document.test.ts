import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { jsonDocumentOf, parseJson, parseJsonDocument } from './json-document.ts'
import { SecretError } from './secret-error.ts'

function failureOf(run: () => unknown): SecretError {
  try {
    run()
  } catch (error) {
    if (SecretError.isInstance(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('parseJsonDocument', () => {
  it('keeps strings verbatim, an empty one included', () => {
    const { values } = parseJsonDocument('{"A": " r8_x\\n", "EMPTY": ""}')

    expect([...values]).toEqual([
      ['A', ' r8_x\n'],
      ['EMPTY', ''],
    ])
  })

  it.each(['12345678901234567890', '1.10', '-0', '1e5', '1E+400', '0.30000000000000004'])(
    'gives the number %s by its source text',
    number => {
      const { values } = parseJsonDocument(`{"N": ${number}}`)

      expect(values.get('N')).toBe(number)
    },
  )

  it('gives booleans as text and leaves null out', () => {
    const { values, unusable } = parseJsonDocument('{"T": true, "F": false, "N": null}')

    expect(Object.fromEntries(values)).toEqual({ T: 'true', F: 'false' })
    expect(unusable.size).toBe(0)
  })

  it('names arrays and objects as unusable', () => {
    const { values, unusable } = parseJsonDocument('{"L": ["x"], "O": {"x": 1}, "A": "1"}')

    expect([...values]).toEqual([['A', '1']])
    expect(Object.fromEntries(unusable)).toEqual({ L: 'array', O: 'object' })
  })

  it('takes the last of equal keys', () => {
    expect(parseJsonDocument('{"A": "1", "A": "2"}').values.get('A')).toBe('2')
  })

  it('treats __proto__ as an ordinary key and pollutes nothing', () => {
    const { values, unusable } = parseJsonDocument(
      '{"__proto__": "p", "constructor": {"prototype": {"polluted": "x"}}}',
    )

    expect(values.get('__proto__')).toBe('p')
    expect(unusable.get('constructor')).toBe('object')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('drops one byte order mark, not two', () => {
    expect(parseJsonDocument('\uFEFF{"A": "1"}').values.get('A')).toBe('1')
    expect(failureOf(() => parseJsonDocument('\uFEFF\uFEFF{"A": "1"}')).kind).toBe('malformed')
  })

  it.each([
    ['["a"]', 'an array'],
    ['null', 'null'],
    ['true', 'a boolean'],
    ['"hunter2"', 'a string or a number'],
    ['42', 'a string or a number'],
  ])('refuses %s, which is no object', (text, type) => {
    const error = failureOf(() => parseJsonDocument(text, { subject: 'Secret "app"', provider: 'aws' }))

    expect(error).toMatchObject({ kind: 'malformed', provider: 'aws' })
    expect(error.message).toBe(`Secret "app" is not a JSON object, but ${type}.`)
  })

  it.each([
    ['', 'it ends too early (line 1, column 1)'],
    ['{"A": "1"', 'it ends too early (line 1, column 10)'],
    ['{"A": "hunter2', 'unexpected text at line 1, column 7'],
    ['{"A": hunter2}', 'unexpected text at line 1, column 7'],
    ['{\n  "A": "1",\n  "B": \'hunter2\'\n}', 'unexpected text at line 3, column 8'],
    ['{"A": "1",}', 'unexpected text at line 1, column 11'],
    ['{"A": 01}', 'unexpected text at line 1, column 8'],
    ['{"A": NaN}', 'unexpected text at line 1, column 7'],
    ['{"A": TRUE}', 'unexpected text at line 1, column 7'],
    ['{"A" "1"}', 'unexpected text at line 1, column 6'],
    ['{A: "1"}', 'unexpected text at line 1, column 2'],
    ['{"A": "tab\there"}', 'unexpected text at line 1, column 7'],
    ['{"A": "\\x"}', 'unexpected text at line 1, column 7'],
    ['{"A": "1"} trailing', 'unexpected text at line 1, column 12'],
    ['{"A": [1, 2}', 'unexpected text at line 1, column 12'],
    ['{"A": {"B": 1]', 'unexpected text at line 1, column 14'],
    ['<html>', 'unexpected text at line 1, column 1'],
    ['just-a-token', 'unexpected text at line 1, column 1'],
  ])('says where %j stops being JSON', (text, place) => {
    const error = failureOf(() => parseJsonDocument(text))

    expect(error.kind).toBe('malformed')
    expect(error.message).toBe(`The document is not JSON: ${place}.`)
  })

  it('says when it is nested too deeply to be read', () => {
    const error = failureOf(() => parseJsonDocument(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))

    expect(error.message).toBe('The document is not JSON: it is nested too deeply.')
  })

  it('finds the place in a string of a megabyte', () => {
    const error = failureOf(() => parseJsonDocument(`{"A": "${'x'.repeat(1024 * 1024)}", }`))

    expect(error.message).toContain(`column ${1024 * 1024 + 11}`)
  })

  it.each(['{"K": hunter2canary}', '{"K": "hunter2canary', 'hunter2canary', '"hunter2canary" x', '["hunter2canary"]'])(
    'shows nothing of %j in its error',
    text => {
      const error = failureOf(() => parseJsonDocument(text))

      const traces = [
        error.message,
        error.stack,
        inspect(error, { depth: 20, showHidden: true }),
        JSON.stringify(error),
      ]
      expect(traces.join('\n')).not.toContain('hunter2')
      expect(error.cause).toBeUndefined()
    },
  )
})

describe('parseJson', () => {
  it('gives a document that lies inside an answer', () => {
    const answer = parseJson('{"data": {"data": {"N": 12345678901234567890, "A": "1"}, "metadata": {"version": 3}}}')

    expect(answer).toEqual({ data: { data: { N: '12345678901234567890', A: '1' }, metadata: { version: '3' } } })
  })
})

describe('jsonDocumentOf', () => {
  it('refuses undefined', () => {
    expect(failureOf(() => jsonDocumentOf(undefined)).kind).toBe('malformed')
  })
})
