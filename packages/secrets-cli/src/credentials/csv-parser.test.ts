import { describe, expect, it } from 'vitest'
import { csvField, CsvParser, type CsvRow, csvValue } from './csv-parser.ts'

function rowsOf(text: string, chunkLength = text.length, delimiter = ','): readonly CsvRow[] {
  const parser = new CsvParser(delimiter)
  const rows: CsvRow[] = []
  for (let start = 0; start < text.length; start += chunkLength) {
    rows.push(...parser.add(text.slice(start, start + chunkLength)))
  }
  return [...rows, ...parser.end()]
}

function valuesOf(rows: readonly CsvRow[]): readonly (readonly string[])[] {
  return rows.map(row => row.fields.map(field => csvValue(row, field)))
}

describe('CsvParser', () => {
  it.each<[string, readonly (readonly string[])[]]>([
    ['', []],
    ['a', [['a']]],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['"a,1","b""c","d\r\ne"\r\n', [['a,1', 'b"c', 'd\r\ne']]],
    ['""\n,\n\n', [[''], ['', ''], ['']]],
    ['\uFEFF"a",b\n', [['a', 'b']]],
    ['a\rb\n', [['a\rb']]],
  ])('reads %j', (text, values) => {
    expect(valuesOf(rowsOf(text))).toEqual(values)
  })

  it.each([
    ['a\nb"c\n', 2, 'has a quote within'],
    ['"a"b\n', 1, 'has text behind a closing quote'],
    ['a\n"a"\r,b\n', 2, 'has text behind a closing quote'],
    ['a\n\n"b\nc\n', 3, 'is never closed'],
  ])('refuses %j', (text, line, problem) => {
    expect(() => rowsOf(text)).toThrow(expect.objectContaining({ line, message: expect.stringContaining(problem) }))
  })

  it('takes another delimiter', () => {
    expect(valuesOf(rowsOf('a,b;"c;d"\n', 100, ';'))).toEqual([['a,b', 'c;d']])
  })

  it.each([1, 2, 3, 5])('reads the same in chunks of %i, and every row as it is written', chunkLength => {
    const text = '\uFEFFid,"na""me"\r\n1,"x\r\n,y"\r\n\r\n2,é😀\n"3",""'

    const rows = rowsOf(text, chunkLength)

    expect(rows).toEqual(rowsOf(text))
    expect(rows.map(row => row.text).join('')).toBe(text)
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 4, 5, 6])
  })

  it('reads back what it writes', () => {
    for (const value of ['', 'a', 'a,b', 'a"b', '"', 'a\nb', 'a\rb', ' a ', ';', '=1+1']) {
      for (const wasQuoted of [true, false]) {
        expect(valuesOf(rowsOf(`x,${csvField(value, wasQuoted, ',')},y\n`))).toEqual([['x', value, 'y']])
      }
    }
  })
})
