import { describe, expect, it } from 'vitest'
import { EditRefusal, editedText } from './edited-text.ts'
import { yamlFormat } from './yaml-format.ts'

function withValue(text: string, value = 'NO'): string {
  return editedText(yamlFormat, text, { key: 'KEY', value })
}

function withoutKey(text: string): string {
  return editedText(yamlFormat, text, { key: 'KEY', value: undefined })
}

describe('a YAML text with a changed value', () => {
  it.each([
    [
      'plain, with a comment',
      '# top\nKEY: old # mine\n\n# next\nB: 0123\n',
      '# top\nKEY: "NO" # mine\n\n# next\nB: 0123\n',
    ],
    ['in single quotes', "KEY: 'old'\n", 'KEY: "NO"\n'],
    ['in double quotes over two lines', 'KEY:\n  "ol\n  d" # mine\nB: 1\n', 'KEY:\n  "NO" # mine\nB: 1\n'],
    ['below its key and a comment', 'KEY: # mine\n  old\nB: 1\n', 'KEY: # mine\n  "NO"\nB: 1\n'],
    ['left out', 'KEY:\nB: 1\n', 'KEY: "NO"\nB: 1\n'],
    ['left out, with a comment', 'KEY: # mine\nB: 1\n', 'KEY: "NO" # mine\nB: 1\n'],
    ['null', 'KEY: ~\nB: null\n', 'KEY: "NO"\nB: null\n'],
    ['a literal block', 'KEY: | # mine\n  a\n  b\n\nB: 1\n', 'KEY: "NO" # mine\n\nB: 1\n'],
    ['a folded block at the end, without a newline', 'B: 1\nKEY: >-\n  a\n  b', 'B: 1\nKEY: "NO"'],
    ['tagged', 'KEY: !!str 12\nB: 1\n', 'KEY:  "NO"\nB: 1\n'],
    ['an alias', 'B: &b 1\nKEY: *b\n', 'B: &b 1\nKEY: "NO"\n'],
    ['a list in the column of its key', 'KEY:\n- a\n- b\nB: 1\n', 'KEY: "NO"\nB: 1\n'],
    ['a mapping', 'KEY:\n  a: 1\nB: 1\n', 'KEY: "NO"\nB: 1\n'],
    ['a mapping in braces', 'KEY: {a: 1} # mine\nB: 1\n', 'KEY: "NO" # mine\nB: 1\n'],
    ['after a question mark', '? KEY\n: old\nB: 1\n', '? KEY\n: "NO"\nB: 1\n'],
    ['there twice', 'KEY: 1\nKEY: 2\n', 'KEY: 1\nKEY: "NO"\n'],
    ['indented', '  KEY: old\n  B: {x: 1}\n', '  KEY: "NO"\n  B: {x: 1}\n'],
    ['in braces', '{"KEY":"old", "B":1 } # end\n', '{"KEY":"NO", "B":1 } # end\n'],
    ['left out in braces', '{KEY: , B: 1}\n', '{KEY: "NO" , B: 1}\n'],
    ['in a document with markers', '%YAML 1.2\n---\nKEY: old\n...\n', '%YAML 1.2\n---\nKEY: "NO"\n...\n'],
    ['among Windows line ends', 'KEY: old\r\nB: 1\r\n', 'KEY: "NO"\r\nB: 1\r\n'],
    ['among lone carriage returns', 'KEY: old\rB: 1\r', 'KEY: "NO"\rB: 1\r'],
    ['merged from elsewhere', 'base: &b {KEY: old}\n<<: *b\n', 'base: &b {KEY: old}\n<<: *b\nKEY: "NO"\n'],
    ['anchored', 'KEY: &k old # mine\nB: *k\nC: *k\n', 'KEY:  "NO" # mine\nB: &k "old"\nC: *k\n'],
    ['anchored null', 'KEY: &k ~\nB: *k\n', 'KEY:  "NO"\nB: &k null\n'],
  ])('changes nothing else: %s', (_how, text, expected) => {
    expect(withValue(text)).toBe(expected)
  })

  it.each([
    ['a question mark without a value', '? KEY\n? B\n'],
    ['a key without a colon in braces', '{KEY, B}\n'],
    ['a mapping that another key merges', 'KEY: &k {T: 1}\n<<: *k\n'],
    ['a mapping that another key repeats', 'KEY: &k {T: 1}\nB: *k\n'],
  ])('is refused where something else would change: %s', (_how, text) => {
    expect(() => withValue(text)).toThrow(EditRefusal)
  })
})

describe('a YAML text with a new key', () => {
  it.each([
    ['an empty text', '', 'KEY: v\n'],
    ['comments only', '# top\n', '# top\nKEY: v\n'],
    ['a text without a final newline', 'B: 1', 'B: 1\nKEY: v\n'],
    ['a start marker only', '---\n', '---\nKEY: v\n'],
    ['a start marker without a newline', '---', '---\nKEY: v\n'],
    ['null', '~\n', '\nKEY: v\n'],
    ['null after a marker', '--- ~ # none\n', '---  # none\nKEY: v\n'],
    ['markers around nothing', '# c\n---\n# d\n...\n', '# c\n---\n# d\nKEY: v\n...\n'],
    ['a document end marker', 'B: 1\n...\n', 'B: 1\nKEY: v\n...\n'],
    ['an indented mapping', '  B: 1\n', '  B: 1\n  KEY: v\n'],
    ['a nested mapping with a comment at its end', 'B:\n  c: 1\n  # d\n', 'B:\n  c: 1\n  # d\nKEY: v\n'],
    ['a literal block at the end', 'B: |\n  a\n', 'B: |\n  a\nKEY: v\n'],
    ['a literal block that keeps its newlines', 'B: |+\n  a\n\n', 'B: |+\n  a\n\nKEY: v\n'],
    ['a left out value at the end', 'B:', 'B:\nKEY: v\n'],
    ['Windows line ends', 'B: 1\r\n', 'B: 1\r\nKEY: v\r\n'],
    ['braces', '{B: 1}\n', '{B: 1, "KEY": "v"}\n'],
    ['empty braces', '{}\n', '{"KEY": "v"}\n'],
    ['braces over several lines', '{\n  B: 1, # c\n}\n', '{\n  B: 1, "KEY": "v", # c\n}\n'],
    ['JSON', '{"B":1}', '{"B":1, "KEY": "v"}'],
    ['an anchor and a merge key', 'b: &b {T: 1}\n<<: *b\n', 'b: &b {T: 1}\n<<: *b\nKEY: v\n'],
  ])('has it at the end of %s', (_what, text, expected) => {
    expect(withValue(text, 'v')).toBe(expected)
  })

  it('has it after a question mark when it is too long to stand before a colon', () => {
    const key = 'k'.repeat(2000)

    const text = editedText(yamlFormat, 'B: 1\n', { key, value: 'v' })

    expect(text).toBe(`B: 1\n? ${key}\n: v\n`)
    expect(yamlFormat.parse(text).values.get(key)).toBe('v')
  })
})

describe('a YAML text without a key', () => {
  it.each([
    [
      'plain',
      '# top\nA: 1 # one\n# two\nKEY: old # mine\n# three\nB: 2\n',
      '# top\nA: 1 # one\n# two\n# three\nB: 2\n',
    ],
    ['left out, with a comment', 'KEY: # mine\nB: 1\n', 'B: 1\n'],
    ['the last one', 'KEY: 1\n', ''],
    ['at the end without a newline', 'A: 1\nKEY: 2', 'A: 1\n'],
    ['a block', 'KEY: |\n  a\n\n  b\nB: 1\n', 'B: 1\n'],
    ['a list', 'KEY:\n- a\n- b\nB: 1\n', 'B: 1\n'],
    ['after a question mark', '? KEY\n: 1\n? B\n', '? B\n'],
    ['there three times', 'KEY: 1\nA: 1\nKEY: 2\nB: 2\nKEY: 3\n', 'A: 1\nB: 2\n'],
    ['first in braces', '{KEY: 1, A: 2}\n', '{A: 2}\n'],
    ['last in braces', '{A: 1, KEY: 2, }\n', '{A: 1, }\n'],
    ['alone in braces', '{ KEY: 1 }\n', '{  }\n'],
    ['there three times in braces', '{KEY: 1, A: 1, KEY: 2, B: 2, KEY: 3}\n', '{A: 1, B: 2}\n'],
    ['anchored', 'KEY: &k old\nB: *k\nC: *k\n', 'B: &k "old"\nC: *k\n'],
    ['anchored as a key of another pair', 'KEY: &k old\n*k : 1\n', '&k "old" : 1\n'],
    ['anchored and repeated by its own duplicate', 'KEY: &k old\nKEY: *k\nB: 1\n', 'B: 1\n'],
  ])('keeps everything else: %s', (_how, text, expected) => {
    expect(withoutKey(text)).toBe(expected)
  })

  it.each([
    ['it is merged from elsewhere', 'base: &b {KEY: old}\n<<: *b\n'],
    ['another key merges it', 'KEY: &k {T: 1}\n<<: *k\n'],
  ])('is refused where %s', (_why, text) => {
    expect(() => withoutKey(text)).toThrow(EditRefusal)
  })

  it('keeps keys that are no text, whatever they are asked for as', () => {
    const text = '? [a, b]\n: x\nA: y\n'

    expect(yamlFormat.withoutKey(text, '<complex key>')).toBe(text)
  })
})
