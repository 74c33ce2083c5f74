import { createHmac, createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { readVectors } from './__fixtures__/wycheproof/read-vectors.ts'
import { openAesGcm, sealAesGcm } from './aes-gcm.ts'
import { encodeBase64Url } from './base64-url.ts'
import { fernetKeys } from './fernet-keys.ts'
import { isAuthentic, sealFernetToken } from './fernet-token.ts'
import { Fernet } from './fernet.ts'
import { deriveHkdf } from './hkdf.ts'
import { derivePbkdf2 } from './pbkdf2.ts'

const HEAD_BYTES = 25
const MAC_BYTES = 32
const bytes = (hexadecimal: string) => Buffer.from(hexadecimal, 'hex')
const text = (data: Uint8Array) => Buffer.from(data).toString('hex')

/** A Fernet key whose encrypting half is given. */
function fernetKeyOf(encryption: string): Buffer {
  return Buffer.concat([Buffer.alloc(16, 7), bytes(encryption)])
}

describe('Fernet and the AES-CBC vectors of Wycheproof', () => {
  const vectors = readVectors('aes-cbc-pkcs5')
  const valid = vectors.filter(({ isValid }) => isValid)
  const invalid = vectors.filter(({ isValid }) => !isValid)

  /** The ciphertext in a token that is sound otherwise, so that nothing but the ciphertext can be the reason. */
  function signed(key: Buffer, iv: string, ciphertext: string): string {
    const head = Buffer.alloc(9)
    head.writeUInt8(0x80)
    const body = Buffer.concat([head, bytes(iv), bytes(ciphertext)])
    return encodeBase64Url(Buffer.concat([body, createHmac('sha256', key.subarray(0, 16)).update(body).digest()]))
  }

  it.each(valid)('decrypts $id', ({ key, iv, message, ciphertext }) => {
    const fernetKey = fernetKeyOf(key)

    const payload = new Fernet(encodeBase64Url(fernetKey)).decrypt(signed(fernetKey, iv, ciphertext))

    expect(text(payload)).toBe(message)
  })

  it.each(valid)('encrypts $id', ({ key, iv, message, ciphertext }) => {
    const raw = sealFernetToken(bytes(message), fernetKeys(fernetKeyOf(key)), { timestamp: 0n, iv: bytes(iv) })

    expect(text(raw.subarray(HEAD_BYTES, -MAC_BYTES))).toBe(ciphertext)
  })

  it.each(invalid)('refuses $id: $comment', async ({ key, iv, ciphertext }) => {
    const fernetKey = fernetKeyOf(key)
    const fernet = new Fernet(encodeBase64Url(fernetKey))

    const error = await caught(() => fernet.decrypt(signed(fernetKey, iv, ciphertext)))

    expect(error.kind).toBe(ciphertext === '' ? 'malformed' : 'authentication_failed')
  })

  it('refuses all wrong padding in the same words as a wrong key', async () => {
    const errors = []
    for (const { key, iv, ciphertext } of invalid.filter(vector => vector.ciphertext !== '')) {
      const fernetKey = fernetKeyOf(key)
      const otherKey = Buffer.concat([Buffer.alloc(16, 8), bytes(key)])
      const [own, other] = [fernetKey, otherKey].map(each => new Fernet(encodeBase64Url(each)))
      errors.push(await caught(() => own?.decrypt(signed(fernetKey, iv, ciphertext))))
      errors.push(await caught(() => other?.decrypt(signed(fernetKey, iv, ciphertext))))
    }

    expect(errors).toHaveLength(94)
    expect(new Set(errors.map(error => JSON.stringify(error)))).toHaveProperty('size', 1)
  })

  it('are all there', () => {
    expect([valid.length, invalid.length]).toEqual([24, 48])
  })
})

describe('the signature of a Fernet token and the HMAC-SHA256 vectors of Wycheproof', () => {
  const vectors = readVectors('hmac-sha256')

  it.each(vectors)('agree on $id (valid: $isValid)', ({ key, message, tag, isValid }) => {
    const signing = createSecretKey(bytes(key))
    const token = {
      timestamp: 0n,
      iv: Buffer.alloc(16),
      ciphertext: Buffer.alloc(16),
      signed: bytes(message),
      mac: bytes(tag),
    }

    expect(isAuthentic(token, { signing, encryption: signing })).toBe(isValid)
  })

  it('are all there, with keys of the length that Fernet has among them', () => {
    expect(vectors).toHaveLength(87)
    expect(vectors.filter(({ key }) => key.length === 32)).toHaveLength(3)
    expect(vectors.filter(({ isValid }) => !isValid)).toHaveLength(54)
  })
})

describe('sealing and the AES-GCM vectors of Wycheproof', () => {
  const vectors = readVectors('aes-gcm')
  const valid = vectors.filter(({ isValid }) => isValid)
  const invalid = vectors.filter(({ isValid }) => !isValid)
  const sealedOf = ({ iv, ciphertext, tag }: (typeof vectors)[number]) => bytes(iv + ciphertext + tag)

  it.each(valid)('seals $id', vector => {
    const { key, iv, additionalData, message } = vector
    const seal = { nonce: bytes(iv), additionalData: bytes(additionalData) }

    const sealed = sealAesGcm(bytes(message), createSecretKey(bytes(key)), seal)

    expect(text(sealed)).toBe(text(sealedOf(vector)))
  })

  it.each(valid)('opens $id, and not with other additional data', async vector => {
    const { key, additionalData, message } = vector
    const other = Buffer.concat([bytes(additionalData), Buffer.alloc(1)])

    const payload = openAesGcm(sealedOf(vector), createSecretKey(bytes(key)), bytes(additionalData))

    expect(text(payload)).toBe(message)
    const error = await caught(() => openAesGcm(sealedOf(vector), createSecretKey(bytes(key)), other))
    expect(error.kind).toBe('authentication_failed')
  })

  it.each(invalid)('refuses $id: $comment', async vector => {
    const { key, additionalData } = vector

    const error = await caught(() => openAesGcm(sealedOf(vector), createSecretKey(bytes(key)), bytes(additionalData)))

    expect(error.kind).toBe('authentication_failed')
  })

  it('are all there', () => {
    expect([valid.length, invalid.length]).toEqual([39, 27])
  })
})

describe('derivation and the vectors of Wycheproof', () => {
  const passwords = readVectors('pbkdf2-hmac-sha256')
  const inputKeys = readVectors('hkdf-sha256')

  // A longer output begins with the one of 32 bytes, which is all that is ever derived.
  it.each(passwords)('agree on PBKDF2-HMAC-SHA256 $id', async ({ password, salt, iterations, key }) => {
    expect(text(await derivePbkdf2(bytes(password), bytes(salt), iterations))).toBe(key.slice(0, 64))
  })

  it.each(inputKeys)('agree on HKDF-SHA256 $id', ({ inputKey, salt, info, length, key }) => {
    const purpose = { salt: bytes(salt), info: bytes(info), length }

    expect(text(deriveHkdf(bytes(inputKey), purpose))).toBe(key)
  })

  it('are all there', () => {
    expect([passwords.length, inputKeys.length]).toEqual([10, 35])
  })
})
