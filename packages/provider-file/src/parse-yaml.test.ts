import { describe, expect, it } from 'vitest'
import { parseYaml } from './parse-yaml.ts'
import { TextFault } from './text-fault.ts'

describe('parseYaml', () => {
  it.each([
    ['flow lists', (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['flow mappings', (depth: number) => `${'{a: '.repeat(depth)}x${'}'.repeat(depth)}`],
    ['block lists', (depth: number) => `${'- '.repeat(depth)}x`],
    ['explicit keys', (depth: number) => `${'? '.repeat(depth)}x`],
    [
      'indented mappings',
      (depth: number) => Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
    ],
  ])('follows %s 30 deep, and no more than a hundred', (_what, nested) => {
    expect(parseYaml(nested(30)).errors).toEqual([])
    expect(() => parseYaml(nested(110))).toThrow(TextFault)
  })

  it('stops reading a megabyte of brackets at once', () => {
    expect(() => parseYaml('['.repeat(1024 * 1024))).toThrow('is YAML nested too deeply')
  })

  it('says that there is a second document, and where', () => {
    expect(parseYaml('a: 1\n---\nb: 2\n').errors).toMatchObject([{ code: 'MULTIPLE_DOCS' }])
  })

  it.each(['', '# comment\n', '---\n'])('gives a document without contents for %j', text => {
    expect(parseYaml(text).errors).toEqual([])
  })

  it('leaves the stack traces of others as they were, also when it fails', () => {
    const before = Error.stackTraceLimit

    parseYaml('"'.repeat(1000))
    expect(() => parseYaml('['.repeat(1000))).toThrow(TextFault)

    expect(Error.stackTraceLimit).toBe(before)
    expect(before).toBeGreaterThan(0)
  })
})
