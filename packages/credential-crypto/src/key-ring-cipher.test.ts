import { createHash } from 'node:crypto'
import { randomNumbers } from '@st/test-setup'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { cipherOf, keysOf, strictCipherOf } from './__fixtures__/known-keys.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'
import { parseFernetToken, sealFernetToken } from './fernet-token.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'

const timestampOf = (token: string) => parseFernetToken(decodeStoredToken(token, false).raw).timestamp

/** A secret of the table of derived keys. */
function secretBehind(derivedKey: string | undefined): string {
  return readFixture('derived-keys').find(row => row.derivedKey === derivedKey)?.secret ?? 'no such key'
}

describe('a cipher and what Python has stored', () => {
  const stored = readFixture('stored-tokens')

  it.each(stored)('decrypts $id: $description', async row => {
    const cipher = await cipherOf(row.secret ?? secretBehind(row.derivedKey))

    const plaintext = cipher.decrypt(row.token)

    const expected = row.plaintextSha256 ?? sha256(row.plaintext ?? 'no plaintext')
    expect(sha256(plaintext)).toBe(expected)
    expect(cipher.needsReencrypt(row.token)).toBe(false)
    expect(timestampOf(row.token)).toBe(BigInt(row.timestamp))
  })

  it('has vectors to be compared with', () => {
    expect(stored).toHaveLength(58)
  })
})

describe('a cipher and every token at the edge', () => {
  const edges = readFixture('edge-tokens')
  const accepted = edges.filter(({ plaintext }) => plaintext !== undefined)
  const refused = edges.filter(({ plaintext }) => plaintext === undefined)

  it.each(accepted)('accepts $id as Python does: $description', async ({ secret, token, plaintext }) => {
    const cipher = await cipherOf(secret)

    expect(cipher.decrypt(token)).toBe(plaintext)
  })

  it.each(refused)('refuses $id as Python does: $description', async ({ secret, token, cause }) => {
    const cipher = await cipherOf(secret)

    const { kind } = await caught(() => cipher.decrypt(token))

    const expected = {
      Error: ['malformed'],
      UnicodeEncodeError: ['malformed'],
      UnicodeDecodeError: ['not_utf8'],
      InvalidToken: ['malformed', 'unsupported_version', 'authentication_failed'],
    }
    expect(Object.entries(expected).find(([name]) => name === cause)?.[1]).toContain(kind)
  })

  it.each(accepted.filter(({ isCanonical }) => isCanonical))('accepts $id strictly', async row => {
    const strict = await strictCipherOf(row.secret)

    expect(strict.decrypt(row.token)).toBe(row.plaintext)
    expect((await cipherOf(row.secret)).needsReencrypt(row.token)).toBe(false)
  })

  it.each(accepted.filter(({ isCanonical }) => !isCanonical))(
    'refuses $id strictly, and rotates it otherwise: $description',
    async ({ secret, token, plaintext }) => {
      const cipher = await cipherOf(secret)
      const strict = await strictCipherOf(secret)

      const rotated = cipher.rotate(token)

      expect((await caught(() => strict.decrypt(token))).kind).toBe('malformed')
      expect((await caught(() => strict.needsReencrypt(token))).kind).toBe('malformed')
      expect(cipher.needsReencrypt(token)).toBe(true)
      expect(strict.decrypt(rotated)).toBe(plaintext)
      expect(timestampOf(rotated)).toBe(timestampOf(token))
    },
  )

  it('has all 274 of them', () => {
    expect([accepted.length, refused.length]).toEqual([98, 176])
  })

  const reference = readFixture('reference-decryptions')

  it.each(reference.filter(({ raises }) => raises === undefined))('accepts: $name', async row => {
    expect((await cipherOf(row.secret)).decrypt(row.stored)).toBe(row.plaintext)
  })

  it.each(reference.filter(({ raises }) => raises !== undefined))('refuses: $name', async row => {
    const cipher = await cipherOf(row.secret)

    const { kind } = await caught(() => cipher.decrypt(row.stored))

    expect(kind).toBe(row.name === 'wrong key' ? 'authentication_failed' : 'malformed')
  })
})

describe('a cipher', () => {
  it.each(['', 'a', ' ', '\0', '\uFEFFmark', 'tail\n', '密钥🔑', 'e\u0301', '\uFFFD\uFFFF', 'x'.repeat(65_537)])(
    'gives back what it encrypted (%#)',
    async plaintext => {
      const cipher = await cipherOf('a secret')

      expect(cipher.decrypt(cipher.encrypt(plaintext))).toBe(plaintext)
    },
  )

  it('gives back any well-formed text', async () => {
    const cipher = await cipherOf('a secret')
    const random = randomNumbers(20_261_122)

    for (let round = 0; round < 500; round += 1) {
      const plaintext = textOf(random)
      const token = cipher.encrypt(plaintext)
      expect(cipher.decrypt(token)).toBe(plaintext)
      expect(cipher.needsReencrypt(token)).toBe(false)
    }
  })

  it('writes another token each time', async () => {
    const cipher = await cipherOf('a secret')

    expect(cipher.encrypt('same')).not.toBe(cipher.encrypt('same'))
  })

  it.each([
    [0, 136],
    [16, 160],
    [40, 188],
    [1024, 1952],
    [65_536, 116_640],
  ])('needs for %i bytes %i characters', async (bytes, characters) => {
    const cipher = await cipherOf('a secret')

    expect(cipher.encrypt('x'.repeat(bytes))).toHaveLength(characters)
  })

  it('refuses a lone surrogate, which Node would turn into U+FFFD', async () => {
    const cipher = await cipherOf('a secret')

    expect((await caught(() => cipher.encrypt('abc\uD83D'))).kind).toBe('not_utf8')
  })

  it('takes nothing but strings', async () => {
    const cipher = await cipherOf('a secret')

    // @ts-expect-error -- what untyped code may do
    expect(() => cipher.encrypt(undefined)).toThrow(TypeError)
    // @ts-expect-error -- what untyped code may do
    expect(() => cipher.decrypt(null)).toThrow(TypeError)
  })

  it('names its key by a fingerprint that follows from the secret alone', async () => {
    const again = await createCredentialCipher({ keys: [{ secret: 'a secret' }] })
    const other = await cipherOf('another secret')

    expect(again.keyFingerprint).toMatch(/^[0-9a-f]{16}$/)
    expect(again.keyFingerprint).toBe((await cipherOf('a secret')).keyFingerprint)
    expect(again.keyFingerprint).not.toBe(other.keyFingerprint)
  })

  it('answers in the same words to a wrong key, a changed token and wrong padding', async () => {
    const cipher = await cipherOf('edge secret one')
    const padding = readFixture('edge-tokens').find(({ id }) => id === 'edge-a-080')
    const foreign = (await cipherOf('another secret')).encrypt('x')
    const { raw } = decodeStoredToken(cipher.encrypt('x'), true)
    raw.writeUInt8(raw.readUInt8(30) ^ 1, 30)

    const errors = [
      await caught(() => cipher.decrypt(foreign)),
      await caught(() => cipher.decrypt(encodeStoredToken(raw))),
      await caught(() => cipher.decrypt(padding?.token ?? '')),
      await caught(() => cipher.needsReencrypt(foreign)),
      await caught(() => cipher.rotate(foreign)),
    ]

    expect(padding?.description).toBe('pad byte 0x00')
    expect(new Set(errors.map(error => JSON.stringify(error)))).toHaveProperty('size', 1)
    expect(errors[0]?.kind).toBe('authentication_failed')
  })
})

describe('a cipher over several keys', () => {
  const rotations = readFixture('rotations')

  it.each(rotations)('rotates what Python has stored ($timestamp)', async row => {
    const cipher = await createCredentialCipher({ keys: [{ secret: row.newSecret }, { secret: row.oldSecret }] })
    const onlyNew = await cipherOf(row.newSecret)

    const rotated = cipher.rotate(row.oldToken)

    expect(cipher.needsReencrypt(row.oldToken)).toBe(true)
    expect(cipher.needsReencrypt(rotated)).toBe(false)
    expect(onlyNew.decrypt(rotated)).toBe(row.plaintext)
    expect(timestampOf(rotated)).toBe(BigInt(row.timestamp))
  })

  it.each(rotations)('reads what Python has rotated ($timestamp)', async row => {
    const cipher = await createCredentialCipher({ keys: [{ secret: row.oldSecret }, { secret: row.newSecret }] })

    expect(cipher.decrypt(row.rotatedToken)).toBe(row.plaintext)
    expect(timestampOf(row.rotatedToken)).toBe(BigInt(row.timestamp))
  })

  it.each(rotations)('does not decrypt without the key ($timestamp)', async row => {
    const cipher = await createCredentialCipher({ keys: [{ secret: row.newSecret }, { secret: row.unrelatedSecret }] })

    expect((await caught(() => cipher.decrypt(row.oldToken))).kind).toBe('authentication_failed')
  })

  it('encrypts with the first and decrypts with all, in either order', async () => {
    const [a, b] = [{ secret: 'key a' }, { secret: 'key b' }]
    const [ab, ba] = [await createCredentialCipher({ keys: [a, b] }), await createCredentialCipher({ keys: [b, a] })]

    const token = ab.encrypt('x')

    expect((await cipherOf('key a')).decrypt(token)).toBe('x')
    expect([ab.decrypt(token), ba.decrypt(token)]).toEqual(['x', 'x'])
    expect([ab.needsReencrypt(token), ba.needsReencrypt(token)]).toEqual([false, true])
    expect([ab.keyFingerprint, ba.keyFingerprint]).toEqual([
      (await cipherOf('key a')).keyFingerprint,
      (await cipherOf('key b')).keyFingerprint,
    ])
  })

  it('leaves a token alone that needs nothing', async () => {
    const cipher = await cipherOf('a secret')
    const token = cipher.encrypt('x')

    expect(cipher.rotate(token)).toBe(token)
  })

  it('rotates a payload that is not text, byte for byte', async () => {
    const token = encodeStoredToken(sealFernetToken(Buffer.from([0xff, 0xfe]), await keysOf('key a')))
    const cipher = await createCredentialCipher({ keys: [{ secret: 'key b' }, { secret: 'key a' }] })

    const rotated = cipher.rotate(token)

    expect(cipher.needsReencrypt(rotated)).toBe(false)
    expect((await caught(() => cipher.decrypt(rotated))).kind).toBe('not_utf8')
  })
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function textOf(random: () => number): string {
  const characters = Array.from({ length: Math.floor(random() * 60) }, () => {
    const code = Math.floor(random() * (random() < 0.5 ? 0x80 : 0x11_0000))
    return code >= 0xd800 && code <= 0xdfff ? 'x' : String.fromCodePoint(code)
  })
  return characters.join('')
}
