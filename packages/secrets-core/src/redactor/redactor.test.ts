import { inspect, format } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { RandomText } from './__fixtures__/random-text.ts'
import { randomValues } from './__fixtures__/random-values.ts'
import { tracesOf } from './__fixtures__/traces-of.ts'
import { createRedactor } from './redactor.ts'

const runs = process.env['ST_LONG_TESTS'] === '1' ? 3000 : 50

/** A redactor that knows these values by these labels. */
function redactorOf(values: Readonly<Record<string, string>>) {
  const redactor = createRedactor()
  for (const [label, value] of Object.entries(values)) redactor.protect(value, label)
  return redactor
}

describe('createRedactor', () => {
  it('makes a redactor that leaves everything as it is', () => {
    const redactor = createRedactor()

    expect(redactor.text('token abcdefgh')).toBe('token abcdefgh')
    expect(redactor.skipped).toBe(0)
  })

  it('looks for values of the length that it is told, and longer ones', () => {
    const redactor = createRedactor({ minLength: 6 })
    redactor.protect('hunt7', 'SHORT')
    redactor.protect('hunter', 'LONG')

    expect(redactor.text('hunt7 hunter')).toBe('hunt7 [LONG]')
    expect(redactor.skipped).toBe(1)
  })

  it.each([3, 0, -1, 4.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a minLength of %s', minLength => {
    expect(() => createRedactor({ minLength })).toThrow(RangeError)
  })

  it('takes undefined for the default', () => {
    const redactor = createRedactor({ minLength: undefined })
    redactor.protect('hunt', 'PIN')

    expect(redactor.text('hunt')).toBe('[PIN]')
  })
})

describe('protect', () => {
  it('works for values that are added after others were looked for', () => {
    const redactor = redactorOf({ A: 'first-value' })
    const before = redactor.text('first-value second-value')

    redactor.protect('second-value', 'B')

    expect(before).toBe('[A] second-value')
    expect(redactor.text('first-value second-value')).toBe('[A] [B]')
  })

  it('counts each value that is too short once, and leaves it', () => {
    const redactor = redactorOf({ A: 'abc', B: 'abc', C: 'xyz', D: '', E: ' ab\n', F: '\n\n\n\n\n\n\n\n\n' })

    expect(redactor.skipped).toBe(5)
    expect(redactor.text('abc\n\n\n\n\n\n\n\n\n\n xyz')).toBe('abc\n\n\n\n\n\n\n\n\n\n xyz')
  })

  it.each([
    ['a value that is no string', [12_345_678, 'A']],
    ['a label that is no string', ['a-value-to-hide', undefined]],
  ])('refuses %s without showing it', (_, values) => {
    // What untyped code may pass.
    const protect = createRedactor().protect.bind(createRedactor()) as (...values: unknown[]) => void

    const attempt = () => protect(...values)

    expect(attempt).toThrow(TypeError)
    expect(attempt).not.toThrow(/12345678|a-value-to-hide/)
  })

  it('costs no more for a value that is known already, whatever the number of values', () => {
    const redactor = createRedactor()
    for (let index = 0; index < 1000; index += 1) redactor.protect(`value-number-${index}`, 'A')
    redactor.text('x')

    for (let index = 0; index < 100_000; index += 1) redactor.protect(`value-number-${index % 1000}`, 'B')

    expect(redactor.text('value-number-7 value-number-999')).toBe('[A] [A]')
  })
})

describe('text', () => {
  it('is the same text where nothing is known', () => {
    expect(redactorOf({ A: 'some-value' }).text('nothing here')).toBe('nothing here')
  })

  it('refuses what is no string', () => {
    const text = createRedactor().text.bind(createRedactor()) as (input: unknown) => string

    expect(() => text(new Error('x'))).toThrow(/redactor.value/)
  })

  it('finds 1000 values among each other', () => {
    const values = Array.from({ length: 1000 }, (_, index) => new RandomText(index + 1).text('abcdef0123456789', 24))
    const redactor = createRedactor()
    for (const [index, value] of values.entries()) redactor.protect(value, `KEY_${index}`)

    const redacted = redactor.text(values.join(', '))

    expect(redacted).toBe(values.map((_, index) => `[KEY_${index}]`).join(', '))
  })
})

describe('values that overlap', () => {
  it('are replaced by the longer one where it holds the other', () => {
    const redactor = redactorOf({ INNER: 'abcdefgh', OUTER: 'xxabcdefghxx', START: 'xxabcdef' })

    expect(redactor.text('xxabcdefghxx xxabcdefgh abcdefgh')).toBe('[OUTER] [START][INNER] [INNER]')
  })

  it('leave no trace of one that ends where the longer one does', () => {
    expect(redactorOf({ INNER: 'abcdefgh', OUTER: 'xxabcdefgh' }).text('xxabcdefgh')).toBe('[OUTER]')
  })

  it('leave nothing of themselves where one begins in the other', () => {
    const redactor = redactorOf({ A: '01234567', B: '456789ab', C: '89abcdef' })

    expect(redactor.text('-0123456789abcdef-')).toBe('-[A][B][C]-')
  })

  it('have one marker where a value overlaps itself', () => {
    expect(redactorOf({ A: 'abababab' }).text('abababababa')).toBe('[A]a')
    expect(redactorOf({ A: 'aaaaaaaa' }).text('a'.repeat(30))).toBe('[A]')
  })

  it('have a marker each where they stand side by side', () => {
    expect(redactorOf({ A: 'abcdefgh' }).text('abcdefghabcdefgh')).toBe('[A][A]')
  })

  it('let a short one stand alone next to one that is replaced', () => {
    const redactor = redactorOf({ LONG: 'abcdefgh', PIN: 'hunt7' })

    expect(redactor.text('hunt7abcdefgh abcdefghhunt7 hunt7abcdefghhunt7')).toBe(
      '[PIN][LONG] [LONG][PIN] [PIN][LONG][PIN]',
    )
    expect(redactor.text('xhunt7abcdefgh abcdefghhunt7x')).toBe('xhunt7[LONG] [LONG]hunt7x')
  })

  it('do not let two short ones make a word', () => {
    const redactor = redactorOf({ A: 'data', B: 'base' })

    expect(redactor.text('database data base')).toBe('database [A] [B]')
  })
})

describe('a label', () => {
  it('is the first that a value was given', () => {
    const redactor = createRedactor()
    redactor.protect('some-value', 'FIRST')
    redactor.protect('some-value', 'SECOND')

    expect(redactor.text('some-value')).toBe('[FIRST]')
  })

  it('may be that of several values', () => {
    const redactor = createRedactor()
    redactor.protect('current-value', 'TOKEN')
    redactor.protect('previous-value', 'TOKEN')

    expect(redactor.text('current-value previous-value')).toBe('[TOKEN] [TOKEN]')
  })

  it.each([
    ['db/main:password', '[db/main:password]'],
    ['$& $1 $$', '[$& $1 $$]'],
    ['schlüssel 🔑', '[schlüssel 🔑]'],
    ['', '[secret]'],
    ['a]b[c', '[a_b_c]'],
    ['a"b\\c', '[a_b_c]'],
    ['a\nb\r\u2028\u202E\u001B[0m', '[a_b_____0m]'],
    ['\uD83D', '[_]'],
    ['x'.repeat(64), `[${'x'.repeat(64)}]`],
    ['x'.repeat(65), `[${'x'.repeat(64)}…]`],
    [`${'x'.repeat(63)}🔑`, `[${'x'.repeat(63)}_…]`],
  ])('%j is written as %s', (label, marker) => {
    expect(redactorOf({ [label]: 'some-value' }).text('some-value')).toBe(marker)
  })

  it('that is a known value is not written', () => {
    const redactor = redactorOf({ 'some-value': 'some-value', 'of hunt7': 'other-value', PIN: 'hunt7' })

    expect(redactor.text('some-value other-value hunt7')).toBe('[secret] [secret] [PIN]')
  })

  it('that becomes a known value is not written any more', () => {
    const redactor = redactorOf({ 'a-label': 'some-value' })
    const before = redactor.text('some-value')

    redactor.protect('a-label', 'OTHER')

    expect(before).toBe('[a-label]')
    expect(redactor.text('some-value')).toBe('[secret]')
  })

  it('gives way to one that is no value, and in the end to signs', () => {
    const redactor = redactorOf({ hunt7: 'hunt7', A: 'secret' })
    const first = redactor.text('hunt7')

    redactor.protect('redacted', 'B')

    expect(first).toBe('[redacted]')
    expect(redactor.text('hunt7')).toBe('[***]')
  })

  it('that holds part of the value in brackets is not written', () => {
    expect(redactorOf({ 'x]': 'long-value', y: '[x_]' }).text('long-value')).toBe('[secret]')
  })
})

describe('redacting twice', () => {
  const glue = [' ', '"', '\n', ', ', '=', '\\n', '%20', '/', '+', ':', '_', 'a', '', '🔑']

  it('changes nothing', () => {
    const random = new RandomText(7)
    for (let run = 0; run < runs; run += 1) {
      const values = Object.values(randomValues(random)).concat(['hunt7', '1234', 'a b c', random.text('abc', 5)])
      const redactor = redactorOf(Object.fromEntries(values.map((value, index) => [`KEY_${index}`, value])))
      const printed = Array.from({ length: 40 }, () => random.pick(values) + random.pick(glue)).join('')

      const once = redactor.text(printed)

      expect(redactor.text(once)).toBe(once)
    }
  })

  it('leaves a marker whose label another value holds', () => {
    const redactor = redactorOf({ TOKEN: 'some-value', A: 'my [TOKEN] is' })

    expect(redactor.text('some-value [TOKEN]')).toBe('[TOKEN] [TOKEN]')
  })
})

describe('a redactor', () => {
  it('shows nothing of what it knows', () => {
    const values = randomValues(new RandomText(11))
    const redactor = redactorOf(values)
    redactor.text('x')

    const shown = [
      inspect(redactor, { depth: 20, showHidden: true }),
      inspect(redactor, { depth: 20, customInspect: false, getters: true }),
      format('%s %o %O %j', redactor, redactor, redactor, redactor),
      JSON.stringify(redactor),
      JSON.stringify({ ...redactor }),
      Object.prototype.toString.call(redactor),
      inspect(structuredClone(redactor), { showHidden: true }),
      serialize(redactor).toString('latin1'),
      inspect(Reflect.ownKeys(redactor)),
    ].join('\n')

    expect(Object.values(values).filter(value => tracesOf(value, shown).length > 0)).toEqual([])
  })
})
