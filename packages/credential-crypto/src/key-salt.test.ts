import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { keySalt } from './key-salt.ts'

const bytes = Buffer.from(`${'fb'.repeat(8)}${'ff'.repeat(8)}`, 'hex')

describe('keySalt', () => {
  it.each([
    ['as openssl writes it', bytes.toString('base64')],
    ['without padding', bytes.toString('base64').replaceAll('=', '')],
    ['as it stands in a token', bytes.toString('base64url')],
  ])('reads 16 bytes %s', (_, text) => {
    expect(keySalt(text, 'keys[0]')).toEqual(bytes)
  })

  it('may be as long as 64 bytes', () => {
    expect(keySalt(Buffer.alloc(64, 1).toString('base64'), 'keys[0]')).toHaveLength(64)
  })

  it('is empty where there is none', () => {
    expect(keySalt(undefined, 'keys[0]')).toHaveLength(0)
  })

  it.each([
    ['nothing', ''],
    ['15 bytes', Buffer.alloc(15, 1).toString('base64')],
    ['65 bytes', Buffer.alloc(65, 1).toString('base64')],
    ['other characters', `${bytes.toString('base64url').slice(1)}!`],
    ['a line end', `${bytes.toString('base64')}\n`],
    ['a space in it', bytes.toString('base64').replace('/', ' ')],
    ['a character cut off, which leaves no byte whole', `${Buffer.alloc(18, 1).toString('base64')}A`],
  ])('is refused when it is %s', async (_, text) => {
    const error = await caught(() => keySalt(text, 'keys[1]'))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'salt_malformed' })
    expect(error.message).toContain('keys[1]')
  })
})
