import { chmodSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { createCredentialCipher, deriveKey, Fernet, reencrypt } from './index.ts'

const SECRET = 'canary-secret-Kx41'
const PLAINTEXT = 'canary-plaintext-Qp93'

/** Every way in which a value may end up in a log. */
function logged(value: unknown): string {
  const stack = value instanceof Error ? `${value.message}\n${value.stack}` : ''
  return [inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value), String(value), stack].join('\n')
}

function keyFile(content: string | Buffer, mode = 0o600): string {
  const path = join(homedir(), 'a.key')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('nothing secret is shown', () => {
  it('by a cipher', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: SECRET }, { secret: 'other' }] })
    const key = await deriveKey(SECRET)

    const shown = logged(cipher)

    expect(shown).toContain(cipher.keyFingerprint)
    expect(shown).not.toContain(SECRET)
    expect(shown).not.toContain(key.slice(0, 10))
    expect(shown).not.toContain('KeyObject')
    expect(JSON.parse(JSON.stringify(cipher))).toEqual({ keyFingerprint: cipher.keyFingerprint })
  })

  it('by a Fernet object', async () => {
    const key = await deriveKey(SECRET)

    const shown = logged(new Fernet(key))

    expect(shown).toContain('Fernet')
    expect(shown).not.toContain(key.slice(0, 10))
    expect(shown).not.toContain('KeyObject')
  })

  it('by the errors about a token', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: SECRET }] })
    const other = await createCredentialCipher({ keys: [{ secret: 'other' }], strict: true })
    const fernet = new Fernet(await deriveKey('other'))
    const token = cipher.encrypt(PLAINTEXT)
    const inner = Buffer.from(token, 'base64').toString('latin1')

    const errors = [
      await caught(() => other.decrypt(token)),
      await caught(() => other.decrypt(`${token}\n`)),
      await caught(() => cipher.decrypt(PLAINTEXT)),
      await caught(() => cipher.decrypt(inner)),
      await caught(() => cipher.rotate(PLAINTEXT)),
      await caught(() => cipher.encrypt(`${PLAINTEXT}\uD800`)),
      await caught(() => fernet.decrypt(token)),
      await caught(() => fernet.decrypt(inner)),
      await caught(() => fernet.decrypt(fernet.encrypt(PLAINTEXT), { ttl: -1 })),
      await caught(() => fernet.encrypt(`${PLAINTEXT}\uD800`)),
    ]

    for (const error of errors) {
      const shown = logged(error)
      expect(shown).not.toContain(PLAINTEXT)
      expect(shown).not.toContain(token.slice(0, 8))
      expect(shown).not.toContain(inner.slice(0, 8))
      expect(error.cause).toBeUndefined()
    }
  })

  it('by the errors about an st2 token', async () => {
    const key = 'b7ce09d6bbc004e7175c643c7decb0b580ec37bc9712dd2e6aaeb94bae8d2f9f'
    const cipher = await createCredentialCipher({ keys: [{ secret: key }], format: 'st2' })
    const other = await createCredentialCipher({ keys: [{ secret: `${key.slice(1)}0` }], format: 'st2' })
    const context = { user: 'canary-context-Wm77' }
    const token = cipher.encrypt(PLAINTEXT, context)
    const sealed = token.slice(21)

    const errors = [
      await caught(() => cipher.decrypt(token)),
      await caught(() => cipher.decrypt(token, { user: PLAINTEXT })),
      await caught(() => other.decrypt(token, context)),
      await caught(() => other.rotate(token, context)),
      await caught(() => other.needsReencrypt(token)),
      await caught(() => cipher.decrypt(`st2.${PLAINTEXT}`)),
      await caught(() => cipher.decrypt(`st3.${PLAINTEXT}`)),
      await caught(() => cipher.decrypt(token.slice(0, 40), context)),
      await caught(() => cipher.encrypt(`${PLAINTEXT}\uD800`, context)),
      await caught(() => cipher.encrypt(PLAINTEXT, { user: `${PLAINTEXT}\uD800` })),
    ]

    expect(new Set(errors.map(({ kind }) => kind)).size).toBe(5)
    for (const error of errors) {
      const shown = logged(error)
      expect(shown).not.toContain(PLAINTEXT)
      expect(shown).not.toContain('canary-context')
      expect(shown).not.toContain(sealed.slice(0, 8))
      expect(shown).not.toContain(key.slice(0, 8))
      expect(error.cause).toBeUndefined()
    }
  })

  it('by a cipher that writes st2', async () => {
    const keys = [{ secret: SECRET, salt: 'opxaKEye91IYKc8QebCA6Q==' }]
    const cipher = await createCredentialCipher({ keys, format: 'st2' })

    const shown = logged(cipher)

    expect(shown).not.toContain(SECRET)
    expect(shown).not.toContain('KeyObject')
    expect(JSON.parse(JSON.stringify(cipher))).toEqual({ keyFingerprint: cipher.keyFingerprint })
  })

  it('by a report or a failure of reencrypt', async () => {
    const cipher = await createCredentialCipher({ keys: [{ secret: SECRET }] })
    const rows = [PLAINTEXT, cipher.encrypt(PLAINTEXT)]

    const report = await reencrypt(rows, { cipher, token: row => row, write: () => {} })

    expect(report.failed).toHaveLength(1)
    expect(logged(report)).not.toContain(PLAINTEXT)
  })

  it('by the errors about a key', async () => {
    const sources = [
      { secret: `${SECRET}\uFFFD` },
      { keyFile: keyFile(SECRET, 0o644) },
      { keyFile: join(keyFile(SECRET, 0o644), 'below') },
    ]

    const errors = [
      ...(await Promise.all(sources.map(source => caught(() => createCredentialCipher({ keys: [source] }))))),
      await caught(() =>
        createCredentialCipher({ keys: [{ keyFile: keyFile(Buffer.from(`${SECRET}\u00FF`, 'latin1')) }] }),
      ),
      await caught(() => deriveKey(`${SECRET}\uD800`)),
      await caught(() => createCredentialCipher({ keys: [{ secret: 'a', salt: SECRET }] })),
      await caught(() => createCredentialCipher({ keys: [{ secret: SECRET }], format: 'st2' })),
      await caught(() =>
        createCredentialCipher({ keys: [{ secret: SECRET }], expectedFingerprint: '0123456789abcdef' }),
      ),
      await caught(() => new Fernet(SECRET)),
    ]

    expect(errors.map(({ detail }) => detail)).toEqual([
      'not_utf8',
      'insecure',
      'missing',
      'not_utf8',
      undefined,
      'salt_malformed',
      'salt_missing',
      undefined,
      'malformed',
    ])
    for (const error of errors) {
      expect(logged(error)).not.toContain(SECRET)
      expect(error.cause).toBeUndefined()
    }
  })

  it.each([
    ['a key', { keys: [SECRET] }],
    ['a fingerprint', { keys: [{ secret: 'a' }], expectedFingerprint: SECRET }],
    ['a form', { keys: [{ secret: 'a' }], format: SECRET }],
    ['a derivation', { keys: [{ secret: 'a', kdf: SECRET }] }],
    ['permissions', { insecurePermissions: SECRET }],
  ])('by the error of a caller who gives a secret as %s', async (_, options) => {
    // What untyped code may do.
    const make = createCredentialCipher as (options: unknown) => Promise<unknown>

    const error: unknown = await make(options).catch((failure: unknown) => failure)

    expect(error).toBeInstanceOf(TypeError)
    expect(logged(error)).not.toContain(SECRET)
  })
})
