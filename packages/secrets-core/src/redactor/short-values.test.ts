import { describe, expect, it } from 'vitest'
import { createRedactor } from './redactor.ts'

/** A redactor that knows one value. */
function redactorOf(value: string) {
  const redactor = createRedactor()
  redactor.protect(value, 'PIN')
  return redactor
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}

describe('a value of 4 to 7 characters', () => {
  const redactor = redactorOf('hunt7')

  it.each([
    ['hunt7', '[PIN]'],
    ['pin hunt7 refused', 'pin [PIN] refused'],
    ['pin=hunt7', 'pin=[PIN]'],
    ['{"pin":"hunt7"}', '{"pin":"[PIN]"}'],
    ['hunt7\nhunt7', '[PIN]\n[PIN]'],
    ['-hunt7-', '-[PIN]-'],
    ['密码是hunt7。', '密码是[PIN]。'],
    ['🔑hunt7🔑', '🔑[PIN]🔑'],
    ['\u001B[1;31mhunt7\u001B[0m', '\u001B[1;31m[PIN]\u001B[0m'],
  ])('is replaced where it stands alone: %j', (text, redacted) => {
    expect(redactor.text(text)).toBe(redacted)
  })

  it.each(['hunt71', 'xhunt7', '_hunt7', 'hunt7_', 'éhunt7', 'hunt7é', 'hunt7\u0301', 'жhunt7', 'Hunt7', 'hunt 7'])(
    'is left where a word goes on: %j',
    text => {
      expect(redactor.text(text)).toBe(text)
    },
  )

  it.each([
    ['a line end in JSON', '{"log":"a\\nhunt7\\n"}', '{"log":"a\\n[PIN]\\n"}'],
    ['a line end in JSON in JSON', '{"log":"{\\"a\\":\\"b\\\\nhunt7\\"}"}', '{"log":"{\\"a\\":\\"b\\\\n[PIN]\\"}"}'],
    ['a quote escaped by code', '\\u0022hunt7\\u0022', '\\u0022[PIN]\\u0022'],
    ['a quote escaped in two digits', '\\x27hunt7\\x27', '\\x27[PIN]\\x27'],
    ['a colour in JSON', '"\\u001b[31mhunt7\\u001b[0m"', '"\\u001b[31m[PIN]\\u001b[0m"'],
    ['a colour of many digits', '\u001B[38;2;255;255;255mhunt7', '\u001B[38;2;255;255;255m[PIN]'],
    ['what moves the cursor', '\u001B[1G\u001B[2Khunt7', '\u001B[1G\u001B[2K[PIN]'],
    ['what shows the cursor', '"\\x1b[?25hhunt7"', '"\\x1b[?25h[PIN]"'],
    ['colours as shells have them', '\\e[1mhunt7\\033[0mhunt7', '\\e[1m[PIN]\\033[0m[PIN]'],
    ['a space in a query', '?q=pin%20hunt7%20', '?q=pin%20[PIN]%20'],
    ['a sign in a query', '%3Dhunt7%26', '%3D[PIN]%26'],
  ])('is replaced next to %s', (_, text, redacted) => {
    expect(redactor.text(text)).toBe(redacted)
  })

  it.each([
    ['a letter in a query', '%41hunt7', 'hunt7%41'],
    ['a letter escaped by code', '\\u0041hunt7', 'hunt7\\u0041'],
    ['a letter of another script escaped by code', '\\u00e9hunt7', 'hunt7\\u0436'],
  ])('is left next to %s', (_, before, behind) => {
    expect([before, behind].map(text => redactor.text(text))).toEqual([before, behind])
  })

  it.each([
    ['every byte percent-encoded', '%68%75%6e%74%37', '%65%68%75%6e%74%37'],
    ['every character escaped', '\\u0068\\u0075\\u006e\\u0074\\u0037', '\\u0068\\u0075\\u006e\\u0074\\u0037\\u0065'],
    [
      'in JSON, escaped by code',
      '\\\\u0068\\\\u0075\\\\u006e\\\\u0074\\\\u0037',
      '\\\\u0068\\\\u0075\\\\u006e\\\\u0074\\\\u0037\\\\u0065',
    ],
  ])('with %s is replaced where it stands alone', (_, alone, inWord) => {
    expect(redactor.text(`a ${alone} b`)).toBe('a [PIN] b')
    expect(redactor.text(inWord)).toBe(inWord)
  })
})

describe('a value of 4 to 7 characters that ends in no word character', () => {
  it('needs no border there', () => {
    expect(redactorOf('$e+a!').text('x$e+a!x')).toBe('x[PIN]x')
  })

  it('is replaced in JSON', () => {
    expect(redactorOf('a"b\\c').text(JSON.stringify({ pin: 'a"b\\c' }))).toBe('{"pin":"[PIN]"}')
  })

  it('is replaced in a query', () => {
    expect(redactorOf('a b&c').text(`?${new URLSearchParams({ pin: 'a b&c', n: '1' }).toString()}`)).toBe(
      '?pin=[PIN]&n=1',
    )
  })
})

describe('base64 of a value of 4 to 7 characters', () => {
  // 4, 5 and 6 bytes end at different bits of a character.
  const pins = ['hunt', 'hunt7', 'hunt77']

  it.each(pins)('is replaced where it stands alone: %s', pin => {
    const redactor = redactorOf(pin)

    expect(redactor.text(`pin ${base64(pin)}, again`)).toBe('pin [PIN], again')
    expect(redactor.text(base64(pin).replaceAll('=', ''))).toBe('[PIN]')
    expect(redactor.text(`{"pin":"${base64(pin)}"}\n`)).toBe('{"pin":"[PIN]"}\n')
    expect(redactor.text(`/pins/${base64(pin).replaceAll('=', '')}/last`)).toBe('/pins/[PIN]/last')
  })

  it.each(pins.flatMap(pin => ['u', 'us', 'use', 'user'].map(user => [`${user}:${pin}`, pin])))(
    'is replaced where the value stands alone in what was encoded: %s',
    (text, pin) => {
      const redactor = redactorOf(pin)

      for (const end of ['', ';', ';x', '; x', '\0']) {
        const redacted = redactor.text(`Basic ${base64(text + end)}\n`)
        expect(redactor.text(base64(text + end))).toBe(redacted.slice('Basic '.length, -1))
        expect(redacted).toMatch(/^Basic [\w+/-]{0,6}\[PIN\][\w+/-]{0,4}={0,2}\n$/)
      }
    },
  )

  it.each(
    pins.flatMap(pin =>
      [`x${pin}`, `xx${pin}`, `xxx${pin}`, `${pin}x`, `${pin}xx`, `: ${pin}x`, `é${pin}`, `${pin}é`].map(text => [
        text,
        pin,
      ]),
    ),
  )('is left where a word goes on in what was encoded: %s', (text, pin) => {
    const redactor = redactorOf(pin)

    expect(redactor.text(base64(text))).toBe(base64(text))
    expect(redactor.text(base64(text).replaceAll('=', ''))).toBe(base64(text).replaceAll('=', ''))
  })

  it.each(pins)('is left inside a word: %s', pin => {
    const encoded = base64(pin).replaceAll('=', '')
    const letters = ['x', 'xx', 'xxx', 'abcd']
    const inside = letters.flatMap(each => [each + encoded + each, `${each}${encoded}, `, `, ${encoded}${each}`])

    expect(inside.map(text => redactorOf(pin).text(text))).toEqual(inside)
  })

  it('is left where a word goes on and a sign holds bits of both', () => {
    const encoded = base64('xoébcd')

    expect(encoded).toBe('eG/DqWJjZA==')
    expect(redactorOf('ébcd').text(encoded)).toBe(encoded)
  })

  it('is left where it was cut off', () => {
    const cut = base64('user:hunt7').slice(0, -3)

    expect(redactorOf('hunt7').text(cut)).toBe(cut)
  })

  it('is replaced with its escaped signs', () => {
    const redactor = redactorOf('>>>?')

    expect(redactor.text('Pj4+Pw== Pj4-Pw Pj4%2BPw%3D%3D Pj4%2bPw')).toBe('[PIN] [PIN] [PIN] [PIN]')
    expect(redactorOf('???!').text('"Pz8\\/IQ=="')).toBe('"[PIN]"')
  })
})

describe('hex of a value of 4 to 7 characters', () => {
  const redactor = redactorOf('hunt7')

  it.each([
    [hex('hunt7'), '[PIN]'],
    [hex('hunt7').toUpperCase(), '[PIN]'],
    [`0x${hex('hunt7')}`, '0x[PIN]'],
    [`'\\x${hex('hunt7')}'`, `'\\x[PIN]'`],
    [hex('user:hunt7!'), `${hex('user:')}[PIN]21`],
    ['<Buffer 68 75 6e 74 37>', '<Buffer [PIN]>'],
    ['<Buffer 3a 68 75 6e 74 37 3b>', '<Buffer 3a [PIN] 3b>'],
  ])('is replaced where the value stands alone: %s', (text, redacted) => {
    expect(redactor.text(text)).toBe(redacted)
  })

  it.each([
    hex('xhunt7'),
    hex('hunt7x'),
    hex('éhunt7'),
    hex('hunt7é'),
    `g${hex('hunt7')}`,
    `${hex('hunt7')}g`,
    '<Buffer 78 68 75 6e 74 37>',
    '<Buffer 68 75 6e 74 37 78>',
  ])('is left where a word goes on: %s', text => {
    expect(redactor.text(text)).toBe(text)
  })
})

describe('a list of the bytes of a value of 4 to 7 characters', () => {
  const redactor = redactorOf('hunt7')
  const list = [...Buffer.from('hunt7')].join(',')

  it.each([
    [JSON.stringify(Buffer.from('hunt7')), '{"type":"Buffer","data":[[PIN]]}'],
    [`[58,${list},59]`, '[58,[PIN],59]'],
    ['[ 58, 104, 117, 110, 116, 55, 59 ]', '[ 58, [PIN], 59 ]'],
  ])('is replaced where the value stands alone: %s', (text, redacted) => {
    expect(redactor.text(text)).toBe(redacted)
  })

  it.each([`[1${list}]`, `[${list}0]`, `[97,${list}]`, `[${list},97]`, '[ 104, 117, 110, 116, 55, 97 ]'])(
    'is left where a word or a number goes on: %s',
    text => {
      expect(redactor.text(text)).toBe(text)
    },
  )
})

describe('a value of 8 characters', () => {
  it('is replaced inside words, too', () => {
    expect(redactorOf('hunter78').text('xhunter78x')).toBe('x[PIN]x')
  })
})
