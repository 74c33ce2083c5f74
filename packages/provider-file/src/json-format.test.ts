import { describe, expect, it } from 'vitest'
import { jsonFormat } from './json-format.ts'

describe('jsonFormat', () => {
  describe('withValue', () => {
    it('lays a new file out with two spaces and a final newline', () => {
      expect(jsonFormat.withValue(undefined, 'KEY', 'value')).toBe('{\n  "KEY": "value"\n}\n')
    })

    it('changes one value and leaves every other character of a laid out file alone', () => {
      const text =
        '{\n  "first": 12345678901234567890,\n  "KEY": "old",\n  "nested": {\n    "a": [1, 2.0, {"b": null}]\n  },\n  "e": 1E+5\n}\n'

      expect(jsonFormat.withValue(text, 'KEY', 'new')).toBe(text.replace('"old"', '"new"'))
    })

    it('adds a key at the end, and leaves every other character of a laid out file alone', () => {
      const text = '{\n  "b": "2",\n  "a": 1.10\n}\n'

      expect(jsonFormat.withValue(text, 'KEY', 'v')).toBe('{\n  "b": "2",\n  "a": 1.10,\n  "KEY": "v"\n}\n')
    })

    it('puts one member on a line where a file is written in one line, with values and their order as they were', () => {
      const text = '{"2":"b","1":"a","big":12345678901234567890,"nested":{"x":[1, 2]}}'

      expect(jsonFormat.withValue(text, 'KEY', 'v')).toBe(
        '{\n  "2": "b",\n  "1": "a",\n  "big": 12345678901234567890,\n  "nested": {"x":[1, 2]},\n  "KEY": "v"\n}\n',
      )
    })

    it.each([
      ['{\n    "a": "1"\n}', '{\n    "a": "1",\n    "KEY": "v"\n}\n'],
      ['{\n\t"a": "1"\n}\n\n', '{\n\t"a": "1",\n\t"KEY": "v"\n}\n\n'],
      ['{\r\n  "a": "1"\r\n}\r\n', '{\r\n  "a": "1",\r\n  "KEY": "v"\r\n}\r\n'],
      ['{}', '{\n  "KEY": "v"\n}\n'],
    ])('keeps the indentation and the line ends of %j', (text, expected) => {
      expect(jsonFormat.withValue(text, 'KEY', 'v')).toBe(expected)
    })

    it('keeps how the key is written', () => {
      expect(jsonFormat.withValue('{\n  "\\u004bEY": "old"\n}\n', 'KEY', 'new')).toBe('{\n  "\\u004bEY": "new"\n}\n')
    })

    it('changes the last of duplicate keys, which is the one that counts', () => {
      const text = jsonFormat.withValue('{"KEY":"1","KEY":"2"}', 'KEY', 'new')

      expect(text).toBe('{\n  "KEY": "1",\n  "KEY": "new"\n}\n')
      expect(jsonFormat.parse(text).values.get('KEY')).toBe('new')
    })

    it('writes what JSON has to escape', () => {
      const value = '"\\\n\u0000\u001F\uD83D 🔑'

      const text = jsonFormat.withValue(undefined, '"key"', value)

      expect(text).toContain('\\ud83d')
      expect(jsonFormat.parse(text).values.get('"key"')).toBe(value)
    })
  })

  describe('withoutKey', () => {
    it('removes every duplicate, so that none comes to light', () => {
      expect(jsonFormat.withoutKey('{"KEY":"1","a":2.50,"KEY":"2"}', 'KEY')).toBe('{\n  "a": 2.50\n}\n')
    })

    it('leaves an empty object when the last key goes', () => {
      expect(jsonFormat.withoutKey('{\n  "KEY": "1"\n}\n', 'KEY')).toBe('{}\n')
    })
  })

  it('counts the last of duplicate keys, also when it holds nothing or something else', () => {
    const { values, unusable } = jsonFormat.parse('{"a":"1","a":null,"b":[],"b":"2","c":"3","c":{}}')

    expect([...values]).toEqual([['b', '2']])
    expect([...unusable]).toEqual([['c', 'object']])
  })

  it('names the keys that are written twice', () => {
    expect([...jsonFormat.parse('{"a":1,"b":2,"\\u0061":3,"a":4}').duplicates]).toEqual(['a'])
  })
})
