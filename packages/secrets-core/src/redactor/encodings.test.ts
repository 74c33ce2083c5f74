import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { base64Inside, printedForms } from './__fixtures__/printed-forms.ts'
import { RandomText } from './__fixtures__/random-text.ts'
import { randomValues } from './__fixtures__/random-values.ts'
import { tracesOf } from './__fixtures__/traces-of.ts'
import { createRedactor } from './redactor.ts'

/** Where a value may stand; what is next to it belongs neither to base64 nor to an escape. */
const places: Readonly<Record<string, (printed: string) => string>> = {
  alone: printed => printed,
  'at the start': printed => `${printed} was refused`,
  'at the end': printed => `refused: ${printed}`,
  'in a line': printed => `2026-11-22 [info] token ${printed}, 3 tries\n`,
  'in JSON': printed => `{"level":"info","token":"${printed}","tries":3}`,
  'in JSON in JSON': printed => `{"body":"{\\"token\\":\\"${printed}\\",\\"tries\\":3}"}`,
  'in a query': printed => `GET https://example.org/?token=${printed}&tries=3`,
  'in a header': printed => `authorization: Bearer ${printed}\r\naccept: */*`,
  'in markup': printed => `<input value="${printed}">`,
  twice: printed => `${printed};${printed}`,
  'between characters of two units': printed => `🔑${printed}🔑`,
}

const forms = Object.keys(printedForms(''))

describe.each(Object.entries(randomValues(new RandomText(1))))('a value of the shape %s', (_, value) => {
  const redactor = createRedactor()
  redactor.protect(value, 'TOKEN')

  it.each(forms)('is replaced in the form of %s, wherever it stands', form => {
    const printed = printedForms(value)[form] ?? value

    const redacted = Object.entries(places).map(([place, text]) => [place, redactor.text(text(printed))])

    expect(redacted).toEqual(Object.entries(places).map(([place, text]) => [place, text('[TOKEN]')]))
  })

  it('is replaced at every alignment of longer base64', () => {
    const redacted = base64Inside(value).map(printed => redactor.text(`Basic ${printed}\n`))

    for (const text of redacted) expect(text).toMatch(/^Basic [\w+/-]{0,6}\[TOKEN\][\w+/-]{0,6}={0,2}\n$/)
  })

  it('stands in hex of any text', () => {
    const hex = Buffer.from(`before ${value} behind`).toString('hex')

    const redacted = redactor.text(hex)

    expect(redacted).toBe(`${Buffer.from('before ').toString('hex')}[TOKEN]${Buffer.from(' behind').toString('hex')}`)
  })
})

describe('a value of more bytes than util.inspect shows', () => {
  const bytes = Buffer.from('0123456789 '.repeat(6))
  const redactor = createRedactor()
  redactor.protect(bytes.toString(), 'TOKEN')

  it('is replaced in what it shows of them', () => {
    expect(redactor.text(inspect(bytes))).toBe('<Buffer [TOKEN] ... 16 more bytes>')
  })

  it('is replaced as a whole where all are shown', () => {
    expect(redactor.text(bytes.toString('hex').replaceAll(/..(?!$)/g, '$& '))).toBe('[TOKEN]')
  })
})

describe('a value that ends as an escape begins', () => {
  it('is replaced without what follows in JSON', () => {
    const redactor = createRedactor()
    redactor.protect('some-value\\', 'TOKEN')

    expect(redactor.text(JSON.stringify({ a: 'some-value\\' }))).toBe('{"a":"[TOKEN]"}')
    expect(redactor.text(JSON.stringify(JSON.stringify({ a: 'some-value\\' })))).toBe('"{\\"a\\":\\"[TOKEN]\\"}"')
  })
})

describe('a value of several words', () => {
  it('is replaced by its very long words, too, but not by others', () => {
    const redactor = createRedactor()
    redactor.protect(`Bearer ${'abcd'.repeat(8)} ${'-'.repeat(40)} ${'x'.repeat(31)}`, 'TOKEN')

    expect(redactor.text(`Bearer ${'abcd'.repeat(8)}, ${'-'.repeat(40)}, ${'x'.repeat(31)}`)).toBe(
      `Bearer [TOKEN], ${'-'.repeat(40)}, ${'x'.repeat(31)}`,
    )
  })
})

describe('base64', () => {
  const redactor = createRedactor()
  redactor.protect('correct horse', 'PASSWORD')

  it.each([
    ['user:correct horse', 'dXNlcj[PASSWORD]'],
    ['a:correct horse', 'YT[PASSWORD]'],
    ['correct horse;', '[PASSWORD]s='],
    ['correct horse; and more', '[PASSWORD]sgYW5kIG1vcmU='],
  ])('of %j keeps what holds no bit of the value', (text, redacted) => {
    expect(redactor.text(Buffer.from(text).toString('base64'))).toBe(redacted)
  })

  it.each([
    ['as it is', 'Y29ycmVjdCBob3JzZQ=='],
    ['in a query', 'Y29ycmVjdCBob3JzZQ%3D%3D'],
    ['in a query in lower case', 'Y29ycmVjdCBob3JzZQ%3d%3d'],
    ['in the JSON of Gson', 'Y29ycmVjdCBob3JzZQ\\u003d\\u003d'],
  ])('is replaced with its padding %s', (_, printed) => {
    expect(redactor.text(`"${printed}"`)).toBe('"[PASSWORD]"')
    expect(redactor.text(`${printed}=`)).toBe('[PASSWORD]=')
  })

  it.each([
    ['€', '+', '%2B', '%2b'],
    ['🔑', '/', '%2F', '%2f'],
  ])('takes the character that it shares with a following %s with it, escaped or not', (next, ...spellings) => {
    const hosts = createRedactor()
    hosts.protect('correct hosts', 'PASSWORD')
    const base64 = Buffer.from(`correct hosts${next}`).toString('base64')
    const [core, rest] = [base64.slice(0, 17), base64.slice(18)]

    const redacted = spellings.map(shared => hosts.text(`"${core}${shared}${rest}"`))

    expect(base64.charAt(17)).toBe(spellings[0])
    expect(redacted).toEqual(spellings.map(() => `"[PASSWORD]${rest}"`))
    expect(hosts.text(`"${core}\\/${rest}"`)).toBe(`"[PASSWORD]${rest}"`)
  })

  it.each([
    ['c', '+', '%2B', '%2b'],
    ['to', '/', '%2F', '%2f'],
  ])('takes the character that it shares with a preceding %s with it, escaped or not', (previous, ...spellings) => {
    const euros = createRedactor()
    euros.protect('€uro password', 'PASSWORD')
    const base64 = Buffer.from(`${previous}€uro password`).toString('base64').replaceAll('=', '')
    const [before, core] = [base64.slice(0, previous.length), base64.slice(previous.length + 1)]

    const redacted = spellings.map(shared => euros.text(`"${before}${shared}${core}"`))

    expect(base64.charAt(previous.length)).toBe(spellings[0])
    expect(redacted).toEqual(spellings.map(() => `"${before}[PASSWORD]"`))
    expect(euros.text(`"${before}\\/${core}"`)).toBe(`"${before}[PASSWORD]"`)
  })

  it('of bytes of one character each, as btoa makes it, is replaced', () => {
    const french = createRedactor()
    french.protect('mot de passe à moi', 'PASSWORD')

    expect(french.text(btoa('mot de passe à moi'))).toBe('[PASSWORD]')
    expect(french.text(Buffer.from('mot de passe à moi', 'latin1').toString('hex'))).toBe('[PASSWORD]')
  })
})

describe('a value of several lines', () => {
  const lines = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', 'BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj', 'short+last+line=']
  const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
  const redactor = createRedactor()
  redactor.protect(pem, 'KEY')

  it('is replaced as a whole', () => {
    expect(redactor.text(`key:\n${pem}end`)).toBe('key:\n[KEY]end')
  })

  it('is replaced with either kind of line end', () => {
    const windows = createRedactor()
    windows.protect('first part\r\nsecond part\r\n', 'KEY')

    expect(redactor.text(`key:\r\n${pem.replaceAll('\n', '\r\n')}end`)).toBe('key:\r\n[KEY]\r\nend')
    expect(windows.text('first part\nsecond part\n')).toBe('[KEY]\n')
  })

  it('is replaced without the white space around it', () => {
    expect(redactor.text(`key: ${pem.trim()}, end`)).toBe('key: [KEY], end')
  })

  it('is replaced line by line where something stands before each', () => {
    const quoted = pem.trim().replaceAll(/^/gm, '| ')

    expect(redactor.text(quoted)).toBe(
      ['| -----BEGIN PRIVATE KEY-----', '| [KEY]', '| [KEY]', '| [KEY]', '| -----END PRIVATE KEY-----'].join('\n'),
    )
  })

  it('is replaced where it is shown line by line and is JSON that holds a key', () => {
    const json = JSON.stringify({ type: 'service_account', private_key: pem }, null, 2)
    const account = createRedactor()
    account.protect(json, 'ACCOUNT')

    const shown = account.text(inspect({ json }))

    expect(shown).toContain(`'  "private_key": "-----BEGIN PRIVATE [ACCOUNT] PRIVATE KEY-----\\\\n"\\n'`)
    expect(shown).toContain(`'  "type": "service_account",\\n'`)
  })

  it('is replaced line by line where its lines are indented', () => {
    const indented = createRedactor()
    indented.protect(`key: |\n  ${lines.join('\n  ')}`, 'KEY')

    expect(indented.text(lines.join(', '))).toBe('[KEY], [KEY], [KEY]')
  })

  it('leaves lines of a document that others have too', () => {
    const document = createRedactor()
    document.protect(`{\n  "type": "service_account",\n  "ok": true\n}\n${'-'.repeat(20)}\n`, 'ACCOUNT')
    const text = `  "type": "service_account",\n}\n${'-'.repeat(20)}\n`

    expect(document.text(text)).toBe(text)
  })
})

describe('a document of more than 4096 characters', () => {
  const document = `${'{"key": "é/+\n'.repeat(400)}}`
  const redactor = createRedactor()
  redactor.protect(document, 'DOCUMENT')
  const usual = ['as it is', 'JSON.stringify', 'encodeURIComponent', 'base64', 'base64url', 'hex']

  it.each(usual)('is replaced in the form of %s', form => {
    const printed = printedForms(document)[form] ?? ''

    expect(redactor.text(`<${printed}>`)).toBe('<[DOCUMENT]>')
  })

  it('is replaced in JSON in JSON', () => {
    expect(redactor.text(JSON.stringify(JSON.stringify(document)))).toBe('"\\"[DOCUMENT]\\""')
  })
})

describe('the traces that other tests look for', () => {
  const value = 'correct horse "battery"'

  it.each(Object.entries(printedForms(value)))('are seen in the form of %s', (_, printed) => {
    expect(tracesOf(value, `<${printed}>`)).not.toEqual([])
  })

  it('are seen in any base64', () => {
    expect(base64Inside(value).map(printed => tracesOf(value, printed).length > 0)).not.toContain(false)
  })
})
