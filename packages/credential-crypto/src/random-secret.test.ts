import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { wipedContents } from './__fixtures__/wiped-contents.ts'
import { isRandomSecret } from './random-secret.ts'

describe('isRandomSecret', () => {
  it.each(['base64url', 'base64', 'hex'] as const)('knows 32 random bytes in %s', encoding => {
    const secrets = Array.from({ length: 500 }, () => randomBytes(32).toString(encoding))

    expect(secrets.filter(secret => !isRandomSecret(secret))).toEqual([])
  })

  it.each([
    ['upper case', randomBytes(32).toString('hex').toUpperCase()],
    ['base64url with padding', `${randomBytes(32).toString('base64url')}=`],
  ])('knows them in %s', (_, secret) => {
    expect(isRandomSecret(secret)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['words', 'correct horse battery staple'],
    ['43 letters that a person may think up', 'correcthorsebatterystaplecorrecthorsebatteA'],
    ['small letters and dashes, many different ones', 'uick-brown-fox-jumps-over-the-lazy-dog-012A'],
    ['two capitals', 'QuickBrown-fox-jumps-over-lazy-dogs-01234-w'],
    ['two small letters', 'auICK-BROWN-FOX-JUMPS-OVER-LAZY-DOGS-012340'],
    ['few letters repeated', `${'ABCabc'.repeat(7)}A`],
    ['one letter repeated', 'A'.repeat(43)],
    ['64 zeros', '0'.repeat(64)],
    ['a date repeated', '20261122'.repeat(8)],
    ['31 bytes', randomBytes(31).toString('base64url')],
    ['33 bytes', randomBytes(33).toString('base64url')],
    ['a line end behind it', `${randomBytes(32).toString('base64url')}\n`],
    ['a space in it', randomBytes(32).toString('base64url').replace(/^./, ' ')],
    ['63 hexadecimal digits', randomBytes(32).toString('hex').slice(1)],
    ['two pads', `${randomBytes(32).toString('base64url')}==`],
  ])('takes %s for a passphrase', (_, secret) => {
    expect(isRandomSecret(secret)).toBe(false)
  })

  it('wipes what it decodes', async () => {
    const bytes = randomBytes(32)

    const wiped = await wipedContents(() => isRandomSecret(bytes.toString('base64url')))

    expect(wiped).toEqual([bytes.toString('latin1')])
  })
})
