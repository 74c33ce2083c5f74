import { chmodSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { createCredentialCipher, deriveKey, Fernet } from './index.ts'

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
      await caught(() => new Fernet(SECRET)),
    ]

    expect(errors.map(({ detail }) => detail)).toEqual([
      'not_utf8',
      'insecure',
      'missing',
      'not_utf8',
      undefined,
      'malformed',
    ])
    for (const error of errors) {
      expect(logged(error)).not.toContain(SECRET)
      expect(error.cause).toBeUndefined()
    }
  })

  it('by the error of a caller who mistakes one option for another', async () => {
    // @ts-expect-error -- what untyped code may do
    const making = createCredentialCipher({ keys: [SECRET] })

    const error: unknown = await making.catch((failure: unknown) => failure)

    expect(error).toBeInstanceOf(TypeError)
    expect(logged(error)).not.toContain(SECRET)
  })
})
