import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SecretLocator } from './secret-locator.ts'

const token = 'r8_canary/9f+2c"ü'
const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END KEY-----'

function locatorOf(values: Readonly<Record<string, string>>): SecretLocator {
  return new SecretLocator(Object.entries(values).map(([name, value]) => ({ value, keys: [name] })))
}

function found(text: string, values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return locatorOf(values)
    .find(text)
    .map(({ start, end, secret }) => [secret.keys.join(), text.slice(start, end)])
}

describe('SecretLocator', () => {
  it.each([
    ['as it is', token],
    ['in JSON', JSON.stringify(token).slice(1, -1)],
    ['in base64', Buffer.from(token).toString('base64')],
    ['in base64url', Buffer.from(token).toString('base64url')],
    ['in hex', Buffer.from(token).toString('hex')],
    ['percent-encoded', encodeURIComponent(token)],
  ])('finds a value %s, where it stands', (_, spelled) => {
    const places = found(`a = <${spelled}>\n`, { TOKEN: token })

    expect(places).toEqual([['TOKEN', spelled]])
  })

  it('tells each place of several values on one line', () => {
    const text = `x ${token} y s3cret-two,${token};s3cret-two`

    const places = found(text, { TOKEN: token, TWO: 's3cret-two' })

    expect(places.map(([name]) => name)).toEqual(['TOKEN', 'TWO', 'TOKEN', 'TWO'])
  })

  it('tells values that touch each other', () => {
    const places = found('first-value-1second-value-2', { ONE: 'first-value-1', TWO: 'second-value-2' })

    expect(places).toEqual([
      ['ONE', 'first-value-1'],
      ['TWO', 'second-value-2'],
    ])
  })

  it('tells a value of several lines once', () => {
    const places = found(`begin\n${key}\nend ${token}\n${key}`, { KEY: key, TOKEN: token })

    expect(places).toEqual([
      ['KEY', key],
      ['TOKEN', token],
      ['KEY', key],
    ])
  })

  it('names values that are too short, and does not look for them', () => {
    const locator = locatorOf({ PIN: '123', TOKEN: token })

    expect(locator.tooShort).toEqual(['PIN'])
    expect(locator.find('123')).toEqual([])
  })

  it('does not find a short value within a longer word', () => {
    expect(found('x12345 1234', { PIN: '1234' })).toEqual([['PIN', '1234']])
  })

  it('shows no value when it is inspected', () => {
    expect(inspect(locatorOf({ TOKEN: token }), { depth: 20, showHidden: true })).not.toContain('canary')
  })

  it('finds as many as are planted among ten thousand lines', () => {
    const lines = Array.from({ length: 10_000 }, (_, line) => (line % 40 === 0 ? `k: ${token}` : `line ${line}`))

    const places = found(lines.join('\n'), { TOKEN: token })

    expect(places).toHaveLength(250)
  })
})
