import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sealAesGcm } from './aes-gcm.ts'
import { caught } from './__fixtures__/caught.ts'
import { cipherOf } from './__fixtures__/known-keys.ts'
import { nextWarning } from './__fixtures__/next-warning.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { wipedContents } from './__fixtures__/wiped-contents.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'
import { deriveKey } from './derive-key.ts'
import { deriveSt2Key, hasArgon2 } from './st2-key.ts'

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
    ['a key that is no object', { keys: ['a secret'] }],
    ['a key of two unset variables', { keys: [{ secret: undefined, keyFile: undefined }] }],
    ['a member that no key has', { keys: [{ secret: 'a', sallt: 'b' }] }],
    ['a salt that is no string', { keys: [{ secret: 'a', salt: Buffer.alloc(16) }] }],
    ['an unknown derivation', { keys: [{ secret: 'a', kdf: 'md5' }] }],
    ['an unknown form', { keys: [{ secret: 'a' }], format: 'st3' }],
    ['a fingerprint that is none', { keys: [{ secret: 'a' }], expectedFingerprint: 'a secret' }],
    ['to encrypt with a key that anybody can compute', { keys: [{ secret: '', allowEmptyKey: true }] }],
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

describe('a key that is neither a secret nor a file', () => {
  it('is the one that SimpleTuner uses', async () => {
    process.env['SIMPLETUNER_CREDENTIAL_KEY'] = 'of the environment'

    const cipher = await createCredentialCipher({ keys: [{ secret: 'a secret' }, {}] })
    delete process.env['SIMPLETUNER_CREDENTIAL_KEY']

    expect(cipher.decrypt((await cipherOf('of the environment')).encrypt('x'))).toBe('x')
  })

  it('may have its second member undefined where the first is given', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: 'a secret', keyFile: undefined }] })

    expect(cipher.keyFingerprint).toBe((await cipherOf('a secret')).keyFingerprint)
  })

  it('is generated in a form that st2 takes', async () => {
    const cipher = await createCredentialCipher({ format: 'st2' })
    const again = await createCredentialCipher()

    expect(again.decrypt(cipher.encrypt('x'))).toBe('x')
    expect(existsSync(join(homedir(), '.simpletuner', 'credential.key'))).toBe(true)
  })
})

describe('a passphrase', () => {
  const salt = 'opxaKEye91IYKc8QebCA6Q=='

  it('does not write st2 without a salt', async () => {
    const error = await caught(() => createCredentialCipher({ keys: [{ secret: 'a secret' }], format: 'st2' }))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'salt_missing' })
    expect(error.hint).toContain('openssl rand -base64 16')
  })

  it('needs none to read v1 beside a key that writes st2', async () => {
    const keys = [{ keyFile: keyFile('new.key', 'b7ce09d6bbc004e7175c643c7decb0b580ec37bc9712dd2e6aaeb94bae8d2f9f') }]

    const cipher = await createCredentialCipher({ keys: [...keys, { secret: 'a secret' }], format: 'st2' })

    expect(cipher.decrypt((await cipherOf('a secret')).encrypt('x'))).toBe('x')
  })

  it.each(['pbkdf2-sha256', 'argon2id'] as const)('is not derived by %s without a salt', async kdf => {
    const error = await caught(() => createCredentialCipher({ keys: [{ secret: 'a' }, { secret: 'b', kdf }] }))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'salt_missing' })
    expect(error.message).toContain('keys[1]')
  })

  it('with another salt is another key', async () => {
    const ciphers = [salt, 'AAAAAAAAAAAAAAAAAAAAAA=='].map(each =>
      createCredentialCipher({ keys: [{ secret: 'a secret', salt: each }], format: 'st2' }),
    )

    const [one, other] = await Promise.all(ciphers)

    expect(one?.keyFingerprint).not.toBe(other?.keyFingerprint)
  })

  it.runIf(hasArgon2())('is derived by Argon2 where Node has it', async () => {
    const keys = [{ secret: 'a secret', salt, kdf: 'argon2id' }] as const

    const cipher = await createCredentialCipher({ keys, format: 'st2' })

    expect(cipher.decrypt(cipher.encrypt('x'))).toBe('x')
  })

  it.runIf(!hasArgon2())('is refused for Argon2 where Node has none', async () => {
    const keys = [{ secret: 'a secret', salt, kdf: 'argon2id' }] as const

    const error = await caught(() => createCredentialCipher({ keys, format: 'st2' }))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'kdf_unavailable' })
  })

  it('may be declared random', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: 'a secret', kdf: 'hkdf-sha256' }], format: 'st2' })

    expect(cipher.decrypt(cipher.encrypt('x'))).toBe('x')
  })
})

describe('the empty key, which SimpleTuner makes of a blank file', () => {
  const blank = readFixture('key-files').find(({ secret, token }) => secret === '' && token !== undefined)

  it.each([
    ['a blank file', () => ({ keyFile: keyFile('blank.key', ' \n'), allowEmptyKey: true })],
    ['memory', () => ({ secret: '', allowEmptyKey: true })],
    ['memory, with a salt', () => ({ secret: '', allowEmptyKey: true, salt: 'opxaKEye91IYKc8QebCA6Q==' })],
  ])('from %s decrypts what is to be moved to another key', async (_, source) => {
    const cipher = await createCredentialCipher({ keys: [{ secret: 'a secret' }, source()] })

    const rotated = cipher.rotate(blank?.token ?? '')

    expect((await cipherOf('a secret')).decrypt(rotated)).toBe(blank?.plaintext)
  })

  it('reads no st2 token, which only somebody else can have made', async () => {
    const salt = 'opxaKEye91IYKc8QebCA6Q=='
    const made = await deriveSt2Key({ secret: '', kdf: 'pbkdf2-sha256', salt: Buffer.from(salt, 'base64') })
    const sealed = sealAesGcm('x', made.key, { additionalData: Buffer.from(`${made.header}.`) })
    const token = `${made.header}.${sealed.toString('base64url')}`
    const cipher = await createCredentialCipher({
      keys: [{ secret: 'a secret' }, { secret: '', allowEmptyKey: true, salt }],
    })

    expect((await caught(() => cipher.decrypt(token))).kind).toBe('unknown_key')
  })

  it('is refused unless it is asked for', async () => {
    const keys = [{ secret: 'a secret' }, { keyFile: keyFile('blank.key', ' \n') }]

    expect((await caught(() => createCredentialCipher({ keys }))).detail).toBe('empty')
  })
})

describe('the expected fingerprint', () => {
  const random = 'b7ce09d6bbc004e7175c643c7decb0b580ec37bc9712dd2e6aaeb94bae8d2f9f'

  it('may be that of any key, in either form', async () => {
    const v1 = await cipherOf(random)
    const st2 = await createCredentialCipher({ keys: [{ secret: random }], format: 'st2' })
    const keys = [{ secret: 'a secret' }, { secret: random }]

    const making = [v1, st2].map(({ keyFingerprint }) =>
      createCredentialCipher({ keys, expectedFingerprint: keyFingerprint }),
    )

    expect(await Promise.all(making)).toHaveLength(2)
  })

  it('of another key is a mismatch: the key does not belong to the data', async () => {
    const expectedFingerprint = (await cipherOf('another secret')).keyFingerprint

    const error = await caught(() => createCredentialCipher({ keys: [{ secret: 'a secret' }], expectedFingerprint }))

    expect(error).toMatchObject({ kind: 'key_mismatch', code: 'ST_CRYPTO_KEY_MISMATCH' })
    expect(error.message).toContain(expectedFingerprint)
  })
})

describe('the derivation of several keys', () => {
  it('is done once for all who ask meanwhile', async () => {
    const secret = 'asked for by many'
    const single = await wipedContents(() => createCredentialCipher({ keys: [{ secret }] }))

    const many = await wipedContents(() =>
      Promise.all(Array.from({ length: 10 }, () => createCredentialCipher({ keys: [{ secret }, { secret }] }))),
    )

    expect(single.filter(content => content === secret)).toHaveLength(1)
    expect(many.filter(content => content === secret)).toHaveLength(1)
  })

  it('leaves file access a thread of the pool', async () => {
    const order: string[] = []
    const deriving = Array.from({ length: 6 }, async (_, index) => {
      await createCredentialCipher({ keys: [{ secret: `secret ${index}` }] })
      order.push('key')
    })

    // Six at once would fill the pool, so that this would wait for the first two of them to end.
    await stat(homedir())
    order.push('file')
    await Promise.all(deriving)

    expect(order).toEqual(['file', 'key', 'key', 'key', 'key', 'key', 'key'])
  })

  it('begins only when every secret is there', async () => {
    const sources = [{ secret: 'a secret' }, { keyFile: join(homedir(), 'none.key') }, { secret: '' }]

    const wiped = await wipedContents(() => caught(() => createCredentialCipher({ keys: sources })))

    expect(wiped).toEqual([])
  })

  it('wipes secret and key', async () => {
    const wiped = await wipedContents(() => createCredentialCipher({ keys: [{ secret: 'wiped secret' }] }))

    const key = Buffer.from(await deriveKey('wiped secret'), 'base64url').toString('latin1')
    expect(wiped).toEqual(['wiped secret', key])
  })
})
