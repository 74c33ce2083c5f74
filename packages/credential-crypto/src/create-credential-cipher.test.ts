import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { cipherOf } from './__fixtures__/known-keys.ts'
import { nextWarning } from './__fixtures__/next-warning.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'

function keyFile(name: string, content: string, mode = 0o600): string {
  const path = join(homedir(), name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('createCredentialCipher', () => {
  it('takes keys from files and from memory, in the order given', async () => {
    const keys = [
      { keyFile: keyFile('new.key', 'new\r\n') },
      { keyFile: keyFile('old.key', 'old') },
      { secret: 'older' },
    ]

    const cipher = await createCredentialCipher({ keys })

    const [fresh, old, older] = [await cipherOf('new'), await cipherOf('old'), await cipherOf('older')]
    expect(cipher.keyFingerprint).toBe(fresh.keyFingerprint)
    expect([fresh, old, older].map(each => cipher.decrypt(each.encrypt('x')))).toEqual(['x', 'x', 'x'])
  })

  it('uses a secret as it is', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: ' a secret\n' }] })

    expect(cipher.keyFingerprint).not.toBe((await cipherOf('a secret')).keyFingerprint)
  })

  it('does not look at the default key when it is given one', async () => {
    process.env['SIMPLETUNER_CREDENTIAL_KEY'] = 'of the environment'

    const cipher = await createCredentialCipher({ keys: [{ secret: 'a secret' }] })
    delete process.env['SIMPLETUNER_CREDENTIAL_KEY']

    expect(cipher.keyFingerprint).toBe((await cipherOf('a secret')).keyFingerprint)
    expect(existsSync(join(homedir(), '.simpletuner'))).toBe(false)
  })

  it('does not create a key file that it was told to read', async () => {
    const path = join(homedir(), 'none.key')

    const error = await caught(() => createCredentialCipher({ keys: [{ keyFile: path }], ephemeral: true }))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'missing', path })
    expect(existsSync(path)).toBe(false)
  })

  it('uses an insecure key file when told so', async () => {
    const path = keyFile('a.key', 'a secret', 0o644)
    const warning = nextWarning()

    const cipher = await createCredentialCipher({ keys: [{ keyFile: path }], insecurePermissions: 'warn' })

    expect((await caught(() => createCredentialCipher({ keys: [{ keyFile: path }] }))).detail).toBe('insecure')
    expect((await warning).code).toBe('ST_CRYPTO_INSECURE_KEY_FILE')
    expect(cipher.keyFingerprint).toBe((await cipherOf('a secret')).keyFingerprint)
  })

  it.each([
    ['empty', '', 'empty'],
    ['damaged by U+FFFD', 'abc\uFFFD', 'not_utf8'],
    ['holding a lone surrogate', 'abc\uD800', 'not_utf8'],
  ])('refuses a secret that is %s', async (_, secret, detail) => {
    const error = await caught(() => createCredentialCipher({ keys: [{ secret: 'good' }, { secret }] }))

    expect(error).toMatchObject({ kind: 'key_refused', detail })
  })

  it('takes U+FFFD in a file, where it is what somebody wrote', async () => {
    const cipher = await createCredentialCipher({ keys: [{ keyFile: keyFile('a.key', 'abc\uFFFD') }] })

    expect(cipher.decrypt(cipher.encrypt('x'))).toBe('x')
  })

  it.each([
    ['no keys', { keys: [] }],
    ['a key of an unset variable', { keys: [{ secret: undefined }] }],
    ['a key of two sources', { keys: [{ secret: 'a', keyFile: 'b' }] }],
    ['a key that is no string', { keys: [{ keyFile: new URL('file:///a.key') }] }],
    ['keys that are no array', { keys: 'secret' }],
    ['an option it does not have', { keys: [{ secret: 'a' }], stric: true }],
    ['an unknown way to treat permissions', { insecurePermissions: 'ignore' }],
  ])('refuses %s, without making a key', async (_, options) => {
    // What untyped code may pass.
    const make = createCredentialCipher as (options: unknown) => Promise<unknown>

    await expect(make(options)).rejects.toThrow(TypeError)

    expect(existsSync(join(homedir(), '.simpletuner'))).toBe(false)
  })
})
