import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { cipherOf, strictCipherOf } from './__fixtures__/known-keys.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'
import type { CredentialCipher } from './credential-cipher.ts'
import type { CredentialError } from './credential-error.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'

const SECRET = 'a secret'
const HEAD_AND_MAC_BYTES = 57
const BLOCK_BYTES = 16
const plaintexts = ['', 'sixteen bytes...', 'r8_0123456789abcdefghijklmnopqrstuvwxyz0', '密钥🔑']

/** Everything about an error that a program, or a person who reads its log, could tell it from another one by. */
function faceOf(error: CredentialError): string {
  const own = Object.fromEntries(Reflect.ownKeys(error).map(name => [String(name), Reflect.get(error, name)]))
  const { stack: _, ...members } = own
  return JSON.stringify([Object.getPrototypeOf(error).constructor.name, members, error])
}

function* bitFlips(bytes: Buffer): Generator<{ readonly at: number; readonly changed: Buffer }> {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    yield { at: bit >> 3, changed }
  }
}

describe.each(plaintexts)('a stored token of %j', plaintext => {
  it('is refused after any change of one bit, and always in the same words', async () => {
    const cipher = await cipherOf(SECRET)
    const { raw } = decodeStoredToken(cipher.encrypt(plaintext), true)
    const foreign = await caught(async () => (await cipherOf('another secret')).decrypt(encodeStoredToken(raw)))
    const faces = new Set<string>()
    const versions = new Set<string>()

    for (const { at, changed } of bitFlips(raw)) {
      const token = encodeStoredToken(changed)
      for (const call of [
        () => cipher.decrypt(token),
        () => cipher.rotate(token),
        () => cipher.needsReencrypt(token),
      ]) {
        const error = await caught(call)
        ;(at === 0 ? versions : faces).add(faceOf(error))
      }
    }

    expect(foreign.kind).toBe('authentication_failed')
    expect([...faces]).toEqual([faceOf(foreign)])
    expect([...versions]).toHaveLength(1)
    expect([...versions][0]).toContain('unsupported_version')
  })

  it('is refused when cut at any byte: as malformed where no token has this length, else as changed', async () => {
    const cipher = await cipherOf(SECRET)
    const { raw } = decodeStoredToken(cipher.encrypt(plaintext), true)
    const faces = { malformed: new Set<string>(), authentication_failed: new Set<string>() }

    for (let length = 0; length < raw.length; length += 1) {
      const blocks = (length - HEAD_AND_MAC_BYTES) / BLOCK_BYTES
      const kind = blocks >= 1 && Number.isInteger(blocks) ? 'authentication_failed' : 'malformed'
      const error = await caught(() => cipher.decrypt(encodeStoredToken(raw.subarray(0, length))))
      expect([length, error.kind]).toEqual([length, kind])
      faces[kind].add(faceOf(error))
    }

    expect(faces.malformed.size).toBe(1)
    expect(faces.authentication_failed.size).toBeLessThanOrEqual(1)
  })

  it('is refused when its text is cut at any character', async () => {
    const [cipher, strict] = [await cipherOf(SECRET), await strictCipherOf(SECRET)]
    const token = cipher.encrypt(plaintext)

    for (let length = 0; length < token.length; length += 1) {
      const cut = token.slice(0, length)
      const kinds = [(await caught(() => cipher.decrypt(cut))).kind, (await caught(() => strict.decrypt(cut))).kind]
      for (const kind of kinds) expect(['malformed', 'authentication_failed']).toContain(kind)
    }
  })

  it('is refused strictly after any change of one bit of its text', async () => {
    const strict = await strictCipherOf(SECRET)
    const token = strict.encrypt(plaintext)

    for (const { changed } of bitFlips(Buffer.from(token, 'latin1'))) {
      const { kind } = await caught(() => strict.decrypt(changed.toString('latin1')))
      expect(['malformed', 'unsupported_version', 'authentication_failed']).toContain(kind)
    }
  })

  it('gives the same plaintext or none after any change of one bit of its text', async () => {
    const cipher = await cipherOf(SECRET)
    const token = cipher.encrypt(plaintext)
    const accepted = []

    for (const { changed } of bitFlips(Buffer.from(token, 'latin1'))) {
      const text = changed.toString('latin1')
      const outcome = await attempt(() => cipher.decrypt(text))
      if (outcome !== undefined) accepted.push({ outcome, isCanonical: !cipher.needsReencrypt(text) })
    }

    for (const row of accepted) expect(row).toEqual({ outcome: plaintext, isCanonical: false })
  })
})

const CONTEXT = { table: 'credentials', id: '7', provider: 'replicate' }
const RANDOM_SECRET = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA'

let made: Promise<readonly CredentialCipher[]> | undefined

/** Ciphers that write the form `st2`, under a key that is random and under a passphrase; made once. */
function st2Ciphers(): Promise<readonly CredentialCipher[]> {
  const keys = [{ secret: RANDOM_SECRET }, { secret: SECRET, salt: 'AAECAwQFBgcICQoLDA0ODw' }]
  made ??= Promise.all(keys.map(key => createCredentialCipher({ keys: [key], format: 'st2' })))
  return made
}

/** The parts of a token: what names the key, and what is sealed. */
function partsOf(token: string): { readonly header: string; readonly sealed: Buffer } {
  const dot = token.lastIndexOf('.')
  return { header: token.slice(0, dot), sealed: Buffer.from(token.slice(dot + 1), 'base64url') }
}

describe.each(plaintexts)('an st2 token of %j', plaintext => {
  it('is refused after any change of one bit, and in another context, always in the same words', async () => {
    for (const cipher of await st2Ciphers()) {
      const token = cipher.encrypt(plaintext, CONTEXT)
      const { header, sealed } = partsOf(token)
      const moved = await caught(() => cipher.decrypt(token, { ...CONTEXT, id: '8' }))
      const faces = new Set<string>()

      for (const { changed } of bitFlips(sealed)) {
        const other = `${header}.${changed.toString('base64url')}`
        for (const call of [() => cipher.decrypt(other, CONTEXT), () => cipher.rotate(other, CONTEXT)]) {
          faces.add(faceOf(await caught(call)))
        }
      }

      expect(moved.kind).toBe('authentication_failed')
      expect([...faces]).toEqual([faceOf(moved)])
      expect(cipher.decrypt(token, CONTEXT)).toBe(plaintext)
      expect(cipher.rotate(token, CONTEXT)).toBe(token)
    }
  })

  it('is refused when cut at any byte: as malformed where nonce and tag do not fit, else as changed', async () => {
    for (const cipher of await st2Ciphers()) {
      const { header, sealed } = partsOf(cipher.encrypt(plaintext, CONTEXT))
      const faces = new Set<string>()

      for (let length = 0; length < sealed.length; length += 1) {
        const cut = `${header}.${sealed.subarray(0, length).toString('base64url')}`
        const error = await caught(() => cipher.decrypt(cut, CONTEXT))
        expect([length, error.kind]).toEqual([length, length < 28 ? 'malformed' : 'authentication_failed'])
        faces.add(faceOf(error))
      }

      expect(faces.size).toBeLessThanOrEqual(2)
    }
  })

  it('is refused when its text is cut at any character, or has one bit changed', async () => {
    for (const cipher of await st2Ciphers()) {
      const token = cipher.encrypt(plaintext, CONTEXT)
      const others = Array.from(bitFlips(Buffer.from(token, 'latin1')), ({ changed }) => changed.toString('latin1'))
      for (let length = 0; length < token.length; length += 1) others.push(token.slice(0, length))
      const kinds = new Set<string>()

      for (const other of others) {
        kinds.add((await caught(() => cipher.decrypt(other, CONTEXT))).kind)
      }

      for (const kind of kinds) {
        expect(['malformed', 'unsupported_version', 'unknown_key', 'authentication_failed']).toContain(kind)
      }
    }
  })

  it('is refused with another key, in the words of that', async () => {
    const [random, passphrase] = await st2Ciphers()
    const token = random?.encrypt(plaintext, CONTEXT) ?? ''

    const error = await caught(() => passphrase?.decrypt(token, CONTEXT))

    expect(error.kind).toBe('unknown_key')
  })
})

/** What a call gives, or nothing where it fails as it may. */
async function attempt(call: () => string): Promise<string | undefined> {
  try {
    return call()
  } catch {
    return caught(call).then(() => undefined)
  }
}
