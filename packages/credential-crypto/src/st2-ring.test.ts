import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { cipherOf } from './__fixtures__/known-keys.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { wipedContents } from './__fixtures__/wiped-contents.ts'
import { openAesGcm, sealAesGcm } from './aes-gcm.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'
import type { CredentialCipher } from './credential-cipher.ts'
import type { CredentialContext } from './credential-context.ts'
import { deriveSt2Key, hasArgon2 } from './st2-key.ts'

const SECRET = 'zFZ0Xh1e4aIO8B2NjYV6rPqTgUwLs7DkM3c9bRmEQyA'
const OTHER_SECRET = '9mQ4tYb1KcXe7RzGv0HnWpDa2LsUf6JoT8iCkEwNqMg'
const PASSPHRASE = 'correct horse battery staple'
const SALT = 'opxaKEye91IYKc8QebCA6Q=='
const CONTEXT = { table: 'provider_credentials', user: '7', provider: 'replicate' }

async function st2Cipher(...secrets: readonly string[]): Promise<CredentialCipher> {
  return createCredentialCipher({ keys: secrets.map(secret => ({ secret })), format: 'st2' })
}

describe('st2 tokens of another implementation', () => {
  const rows = readFixture('st2-tokens').filter(({ kdf }) => kdf !== 'argon2id' || hasArgon2())
  const saltOf = (row: (typeof rows)[number]) => Buffer.from(row.salt ?? '', 'base64')

  it.each(rows)('are read: $token', async ({ secret, salt, kdf, context, plaintext, token, fingerprint }) => {
    const cipher = await createCredentialCipher({ keys: [{ secret, salt, kdf }], format: 'st2' })

    expect(cipher.decrypt(token, context)).toBe(plaintext)
    expect(cipher.needsReencrypt(token)).toBe(false)
    expect(cipher.keyFingerprint).toBe(fingerprint)
  })

  it.each(rows)('are made of the same bytes: $token', async row => {
    const { header, key } = await deriveSt2Key({ secret: row.secret, kdf: row.kdf, salt: saltOf(row) })
    const sealed = Buffer.from(row.token.slice(header.length + 1), 'base64url')
    const payload = Buffer.from(row.plaintext)
    const nonce = Buffer.from(row.nonce, 'hex')

    const additionalData = Buffer.from(`${header}.${netstrings(row.context)}`)

    expect(row.token.startsWith(`${header}.`)).toBe(true)
    expect(sealAesGcm(payload, key, { additionalData, nonce })).toEqual(sealed)
    expect(openAesGcm(sealed, key, additionalData)).toEqual(payload)
  })

  it('choose the derivation by the form of the secret', async () => {
    const chosen = rows.filter(({ kdf }) => kdf !== 'argon2id')
    const read = chosen.map(async ({ secret, salt, context, token }) =>
      (await createCredentialCipher({ keys: [{ secret, salt }] })).decrypt(token, context),
    )

    expect(chosen).toHaveLength(6)
    expect(await Promise.all(read)).toEqual(chosen.map(({ plaintext }) => plaintext))
  })
})

describe('a cipher that writes st2', () => {
  it.each(['', 'a', '\0', '\uFEFFmark', 'tail\n', '密钥🔑', '\uFFFD\uFFFF', 'x'.repeat(200_000)])(
    'gives back what it encrypted (%#)',
    async plaintext => {
      const cipher = await st2Cipher(SECRET)

      expect(cipher.decrypt(cipher.encrypt(plaintext))).toBe(plaintext)
      expect(cipher.decrypt(cipher.encrypt(plaintext, CONTEXT), CONTEXT)).toBe(plaintext)
    },
  )

  it('writes its fingerprint into each token, and another nonce', async () => {
    const cipher = await st2Cipher(SECRET)

    const tokens = Array.from({ length: 100 }, () => cipher.encrypt('same'))

    for (const token of tokens) {
      expect(token).toMatch(new RegExp(String.raw`^st2\.${cipher.keyFingerprint}\.[\w-]{43}$`))
    }
    expect(new Set(tokens.map(token => token.slice(21, 37))).size).toBe(100)
  })

  it('writes the salt of a passphrase into each token, so that it cannot be lost', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: PASSPHRASE, salt: SALT }], format: 'st2' })
    const token = cipher.encrypt('x', CONTEXT)

    const salt = token.split('.')[2]
    const restored = await createCredentialCipher({ keys: [{ secret: PASSPHRASE, salt }] })

    expect(restored.decrypt(token, CONTEXT)).toBe('x')
  })

  it('reads v1 too, and a cipher that writes v1 reads st2', async () => {
    const [v1, st2] = [await cipherOf(SECRET), await st2Cipher(SECRET)]

    expect(st2.decrypt(v1.encrypt('x'))).toBe('x')
    expect(st2.decrypt(v1.encrypt('x'), CONTEXT)).toBe('x')
    expect(v1.decrypt(st2.encrypt('x', CONTEXT), CONTEXT)).toBe('x')
  })

  it('has keys of its own: no key of one form is one of the other', async () => {
    const [v1, st2] = [await cipherOf(SECRET), await st2Cipher(SECRET)]
    const byKdf = await Promise.all(
      (['hkdf-sha256', 'pbkdf2-sha256'] as const).map(kdf =>
        createCredentialCipher({ keys: [{ secret: PASSPHRASE, salt: SALT, kdf }], format: 'st2' }),
      ),
    )

    const fingerprints = [v1, st2, await cipherOf(PASSPHRASE), ...byKdf].map(({ keyFingerprint }) => keyFingerprint)

    expect(new Set(fingerprints).size).toBe(5)
    for (const fingerprint of fingerprints) expect(fingerprint).toMatch(/^[0-9a-f]{16}$/)
  })

  it('names a key that it does not have', async () => {
    const token = (await st2Cipher(OTHER_SECRET)).encrypt('x', CONTEXT)
    const cipher = await st2Cipher(SECRET)

    const errors = [
      await caught(() => cipher.decrypt(token, CONTEXT)),
      await caught(() => cipher.rotate(token, CONTEXT)),
      await caught(() => cipher.needsReencrypt(token)),
    ]

    expect(errors.map(({ kind, code }) => [kind, code])).toEqual(
      errors.map(() => ['unknown_key', 'ST_CRYPTO_UNKNOWN_KEY']),
    )
  })

  it('does not find the key of a passphrase without its salt', async () => {
    const salted = await createCredentialCipher({ keys: [{ secret: PASSPHRASE, salt: SALT }], format: 'st2' })
    const token = salted.encrypt('x')

    const error = await caught(async () => (await cipherOf(PASSPHRASE)).decrypt(token))

    expect(error.kind).toBe('unknown_key')
    expect(error.hint).toContain('salt')
  })

  it('takes nothing but strings', async () => {
    const cipher = await st2Cipher(SECRET)

    // @ts-expect-error -- what untyped code may do
    expect(() => cipher.encrypt(undefined)).toThrow(TypeError)
    // @ts-expect-error -- what untyped code may do
    expect(() => cipher.decrypt(null)).toThrow(TypeError)
    expect((await caught(() => cipher.encrypt('abc\uD83D'))).kind).toBe('not_utf8')
  })
})

describe('the context of an st2 token', () => {
  it('keeps a value from being moved to another row, which v1 cannot', async () => {
    const [st2, v1] = [await st2Cipher(SECRET), await cipherOf(SECRET)]
    const [alice, bob] = [
      { ...CONTEXT, user: '1' },
      { ...CONTEXT, user: '2' },
    ]

    const moved = st2.encrypt("alice's", alice)

    expect((await caught(() => st2.decrypt(moved, bob))).kind).toBe('authentication_failed')
    expect((await caught(() => st2.rotate(moved, bob))).kind).toBe('authentication_failed')
    expect(v1.decrypt(v1.encrypt("alice's", alice), bob)).toBe("alice's")
  })

  it.each<[string, CredentialContext | undefined]>([
    ['none', undefined],
    ['an empty one', {}],
    ['one with another value', { ...CONTEXT, user: '8' }],
    ['one with another name', { table: 'provider_credentials', User: '7', provider: 'replicate' }],
    ['one with a member more', { ...CONTEXT, id: '1' }],
    ['one with a member less', { table: 'provider_credentials', user: '7' }],
    ['one with the borders elsewhere', { ...CONTEXT, user: '7,8:provider', provider: 'replicate' }],
  ])('must be the same: not %s', async (_, context) => {
    const cipher = await st2Cipher(SECRET)
    const token = cipher.encrypt('x', CONTEXT)

    expect(cipher.decrypt(token, CONTEXT)).toBe('x')
    expect((await caught(() => cipher.decrypt(token, context))).kind).toBe('authentication_failed')
  })

  it('may have its members in any order', async () => {
    const cipher = await st2Cipher(SECRET)

    const token = cipher.encrypt('x', { b: '1', a: '2' })

    expect(cipher.decrypt(token, { a: '2', b: '1' })).toBe('x')
  })
})

describe('a changed st2 token', () => {
  it('is refused in one and the same way as a wrong key and a wrong context, whichever bit was changed', async () => {
    const cipher = await st2Cipher(SECRET)
    const token = cipher.encrypt('r8_my_api_token', CONTEXT)
    const header = token.slice(0, 21)
    const sealed = Buffer.from(token.slice(21), 'base64url')
    const errors = [
      await caught(() => cipher.decrypt(token)),
      // The same name on another key.
      await caught(async () => cipher.decrypt(header + (await st2Cipher(OTHER_SECRET)).encrypt('x').slice(21))),
      await caught(async () => (await cipherOf(SECRET)).decrypt((await cipherOf(OTHER_SECRET)).encrypt('x'))),
    ]

    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(sealed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      errors.push(await caught(() => cipher.decrypt(header + changed.toString('base64url'), CONTEXT)))
    }
    for (let length = 28; length < sealed.length; length += 1) {
      errors.push(await caught(() => cipher.decrypt(header + sealed.toString('base64url', 0, length), CONTEXT)))
    }

    expect(errors).toHaveLength(3 + 8 * 43 + 15)
    expect(new Set(errors.map(error => JSON.stringify(error)))).toHaveProperty('size', 1)
    expect(errors[0]?.kind).toBe('authentication_failed')
  })

  it('is refused whichever bit of its text was changed', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: PASSPHRASE, salt: SALT }], format: 'st2' })
    const token = Buffer.from(cipher.encrypt('', CONTEXT))
    const kinds = new Set<string>()

    for (let bit = 0; bit < token.length * 8; bit += 1) {
      const changed = Buffer.from(token)
      changed.writeUInt8(token.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      kinds.add((await caught(() => cipher.decrypt(changed.toString('latin1'), CONTEXT))).kind)
    }

    expect([...kinds].toSorted()).toEqual(['authentication_failed', 'malformed', 'unknown_key', 'unsupported_version'])
  })

  it('is refused wherever it is cut', async () => {
    const cipher = await st2Cipher(SECRET)
    const token = cipher.encrypt('r8_my_api_token', CONTEXT)
    const kinds = new Set<string>()

    for (let length = 0; length < token.length; length += 1) {
      kinds.add((await caught(() => cipher.decrypt(token.slice(0, length), CONTEXT))).kind)
    }

    expect([...kinds].toSorted()).toEqual(['authentication_failed', 'malformed'])
  })

  it.each([
    ['padding behind it', (token: string) => `${token}=`],
    ['complete padding behind it', (token: string) => `${token}==`],
    ['a line end behind it', (token: string) => `${token}\n`],
    ['a space before it', (token: string) => ` ${token}`],
    ['a space in it', (token: string) => `${token.slice(0, 30)} ${token.slice(30)}`],
    ['a dot more', (token: string) => `${token.slice(0, 30)}.${token.slice(30)}`],
    ['U+FEFF behind it', (token: string) => `${token}\uFEFF`],
    ['its key in capitals', (token: string) => token.toUpperCase().replace('ST2', 'st2')],
    ['bits behind the last byte', (token: string) => `${token.slice(0, -1)}${changedLowBit(token.at(-1) ?? '')}`],
    ['another alphabet', (token: string) => token.replaceAll('-', '+').replaceAll('_', '/')],
    ['a letter whose low byte is the right one', (token: string) => withHighByte(token)],
    ['nothing sealed', (token: string) => token.slice(0, 21)],
    ['no key', (token: string) => `st2.${token.slice(21)}`],
    ['a salt too short', (token: string) => `${token.slice(0, 21)}AAAA.${token.slice(21)}`],
  ])('is malformed with %s', async (_, change) => {
    const cipher = await st2Cipher(SECRET)
    // 1 payload byte: the last character has two bits that no byte takes.
    const token = tokenWithBothSigns(cipher)

    expect(cipher.decrypt(token)).toBe('x')
    expect((await caught(() => cipher.decrypt(change(token)))).kind).toBe('malformed')
  })

  it('of a form that is yet to come is of an unsupported version', async () => {
    const cipher = await st2Cipher(SECRET)
    const token = cipher.encrypt('x').replace('st2', 'st3')

    expect((await caught(() => cipher.decrypt(token))).kind).toBe('unsupported_version')
    expect((await caught(() => cipher.needsReencrypt(token))).kind).toBe('unsupported_version')
  })

  it('is known for its payload when that is not text', async () => {
    const { header, key } = await deriveSt2Key({ secret: SECRET, kdf: 'hkdf-sha256', salt: Buffer.alloc(0) })
    const sealed = sealAesGcm(Buffer.from([0xff]), key, { additionalData: Buffer.from(`${header}.`) })
    const token = `${header}.${sealed.toString('base64url')}`

    const error = await caught(async () => (await st2Cipher(SECRET)).decrypt(token))

    expect(error.kind).toBe('not_utf8')
  })
})

describe('rotating st2 tokens', () => {
  it('brings v1 to st2 and binds the value to its context', async () => {
    const cipher = await st2Cipher(SECRET)
    const v1 = (await cipherOf(SECRET)).encrypt('x')

    const rotated = cipher.rotate(v1, CONTEXT)

    expect(cipher.needsReencrypt(v1)).toBe(true)
    expect(rotated).toMatch(/^st2\./)
    expect(cipher.decrypt(rotated, CONTEXT)).toBe('x')
    expect((await caught(() => cipher.decrypt(rotated))).kind).toBe('authentication_failed')
    expect(cipher.needsReencrypt(rotated)).toBe(false)
    expect(cipher.rotate(rotated, CONTEXT)).toBe(rotated)
  })

  it('brings st2 back to v1, for as long as Python is to read it', async () => {
    const v1 = await cipherOf(SECRET)
    const token = (await st2Cipher(SECRET)).encrypt('x', CONTEXT)

    const rotated = v1.rotate(token, CONTEXT)

    expect(v1.needsReencrypt(token)).toBe(true)
    expect(v1.needsReencrypt(rotated)).toBe(false)
    expect(v1.decrypt(rotated)).toBe('x')
  })

  it('brings a token to the first key, in either order of the keys', async () => {
    const [ab, ba] = [await st2Cipher(SECRET, OTHER_SECRET), await st2Cipher(OTHER_SECRET, SECRET)]
    const token = ab.encrypt('x', CONTEXT)

    const rotated = ba.rotate(token, CONTEXT)

    expect([ab.decrypt(token, CONTEXT), ba.decrypt(token, CONTEXT)]).toEqual(['x', 'x'])
    expect([ab.needsReencrypt(token), ba.needsReencrypt(token)]).toEqual([false, true])
    expect([ab.needsReencrypt(rotated), ba.needsReencrypt(rotated)]).toEqual([true, false])
    expect((await st2Cipher(OTHER_SECRET)).decrypt(rotated, CONTEXT)).toBe('x')
  })

  it('keeps a payload that is not text, byte for byte', async () => {
    const { header, key } = await deriveSt2Key({ secret: OTHER_SECRET, kdf: 'hkdf-sha256', salt: Buffer.alloc(0) })
    const sealed = sealAesGcm(Buffer.from([0xff, 0xfe]), key, { additionalData: Buffer.from(`${header}.`) })
    const cipher = await st2Cipher(SECRET, OTHER_SECRET)

    const rotated = cipher.rotate(`${header}.${sealed.toString('base64url')}`)

    const own = await deriveSt2Key({ secret: SECRET, kdf: 'hkdf-sha256', salt: Buffer.alloc(0) })
    const bytes = Buffer.from(rotated.slice(21), 'base64url')
    expect(openAesGcm(bytes, own.key, Buffer.from(`${own.header}.`))).toEqual(Buffer.from([0xff, 0xfe]))
  })
})

describe('memory', () => {
  it('that held a plaintext is wiped, in both forms', async () => {
    const [v1, st2] = [await cipherOf(SECRET), await st2Cipher(SECRET)]
    const tokens = [v1.encrypt('plaintext one'), st2.encrypt('plaintext two')]

    const wiped = await wipedContents(() => tokens.map(token => st2.decrypt(token)))

    expect(wiped).toEqual(expect.arrayContaining(['plaintext one', 'plaintext two']))
  })

  it('that held a plaintext is wiped after rotating, and after a failure', async () => {
    const [v1, st2] = [await cipherOf(SECRET), await st2Cipher(SECRET)]
    const tokens = [v1.encrypt('plaintext one'), st2.encrypt('plaintext two')]

    const rotated = await wipedContents(() => [st2.rotate(tokens[0] ?? ''), v1.rotate(tokens[1] ?? '')])
    const failed = await wipedContents(() => caught(() => st2.decrypt(tokens[1] ?? '', CONTEXT)))

    expect(rotated).toEqual(expect.arrayContaining(['plaintext one', 'plaintext two']))
    expect(failed).toEqual(['plaintext two'])
  })

  it('that held a key or a secret is wiped', async () => {
    const secret = `${SECRET.slice(1)}Z`
    const { key } = await deriveSt2Key({ secret, kdf: 'hkdf-sha256', salt: Buffer.alloc(0) })

    const wiped = await wipedContents(() => deriveSt2Key({ secret, kdf: 'hkdf-sha256', salt: Buffer.alloc(0) }))

    expect(wiped).toContain(secret)
    expect(wiped).toContain(key.export().toString('latin1'))
    // The secret, what was stretched from it, the key.
    expect(wiped.filter(content => content.length >= 32)).toHaveLength(3)
  })
})

/** As the decision record describes it. */
function netstrings(context: Readonly<Record<string, string>>): string {
  const texts = Object.keys(context)
    .toSorted()
    .flatMap(name => [name, context[name] ?? ''])
  return texts.map(text => `${Buffer.byteLength(text)}:${text},`).join('')
}

/** A token in which `-` and `_` both come up, so that another alphabet would show. */
function tokenWithBothSigns(cipher: CredentialCipher): string {
  for (;;) {
    const token = cipher.encrypt('x')
    if (/-.*_|_.*-/.test(token)) return token
  }
}

function changedLowBit(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet.charAt(alphabet.indexOf(character) ^ 1)
}

function withHighByte(token: string): string {
  return token.slice(0, 30) + String.fromCharCode(token.charCodeAt(30) + 0x100) + token.slice(31)
}

it('never uses a nonce twice, also from one draw to the next', async () => {
  const key = (await deriveSt2Key({ secret: SECRET, kdf: 'hkdf-sha256', salt: Buffer.alloc(0) })).key
  const nonces = Array.from({ length: 2000 }, () =>
    sealAesGcm(randomBytes(8), key, { additionalData: Buffer.alloc(0) }).toString('hex', 0, 12),
  )

  expect(new Set(nonces).size).toBe(2000)
})
