import { createHmac, createSecretKey, hkdfSync, pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { readVectors } from './__fixtures__/wycheproof/read-vectors.ts'
import { encodeBase64Url } from './base64-url.ts'
import { fernetKeys } from './fernet-keys.ts'
import { isAuthentic, sealFernetToken } from './fernet-token.ts'
import { Fernet } from './fernet.ts'

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

// The package fixes iterations, salts and labels, so that no published vector fits its own functions; the vectors of
// SimpleTuner do. These show only that Node and OpenSSL, on this machine, derive as everybody else does.
describe('what Node derives', () => {
  it.each(readVectors('pbkdf2-hmac-sha256'))('is PBKDF2-HMAC-SHA256 as in Wycheproof $id', vector => {
    const { password, salt, iterations, length, key } = vector

    expect(text(pbkdf2Sync(bytes(password), bytes(salt), iterations, length, 'sha256'))).toBe(key)
  })

  it.each(readVectors('hkdf-sha256'))('is HKDF-SHA256 as in Wycheproof $id', vector => {
    const { inputKey, salt, info, length, key } = vector

    expect(text(new Uint8Array(hkdfSync('sha256', bytes(inputKey), bytes(salt), bytes(info), length)))).toBe(key)
  })
})
