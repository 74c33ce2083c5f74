import { describe, expect, it } from 'vitest'
import { CredentialError } from './credential-error.ts'

describe('CredentialError', () => {
  it('has a code made from its kind', () => {
    const error = new CredentialError('authentication_failed', 'no')

    expect(error.code).toBe('ST_CRYPTO_AUTHENTICATION_FAILED')
    expect(error.name).toBe('CredentialError')
  })

  it('knows an error of another copy of this package', () => {
    class OtherCopy extends Error {}
    const foreign = new OtherCopy('no')
    Object.defineProperty(foreign, Symbol.for('@st/credential-crypto.error'), { value: true })

    expect(CredentialError.isInstance(foreign)).toBe(true)
    expect(CredentialError.isInstance(new CredentialError('malformed', 'no'))).toBe(true)
  })

  it.each([new Error('no'), undefined, null, 'text', { kind: 'malformed' }])('does not take %s for one', value => {
    expect(CredentialError.isInstance(value)).toBe(false)
  })

  it('writes into JSON what a log needs, and leaves out what is not known', () => {
    const error = new CredentialError('key_refused', 'Key file k is empty', {
      path: 'k',
      detail: 'empty',
      hint: undefined,
    })

    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'CredentialError',
      message: 'Key file k is empty',
      kind: 'key_refused',
      code: 'ST_CRYPTO_KEY_REFUSED',
      detail: 'empty',
      path: 'k',
    })
    expect(Object.keys(error)).not.toContain('hint')
  })
})
