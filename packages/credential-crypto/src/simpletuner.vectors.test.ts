import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { cipherOf, keysOf } from './__fixtures__/known-keys.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'
import { deriveKey } from './derive-key.ts'
import { parseFernetToken, sealFernetToken } from './fernet-token.ts'
import { Fernet } from './fernet.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'

/** Secret of a row, which the long ones give by the key that it derives. */
function secretOf(row: { readonly secret?: string; readonly derivedKey?: string }): string {
  const derived = readFixture('derived-keys').find(({ derivedKey }) => derivedKey === row.derivedKey)
  return row.secret ?? derived?.secret ?? 'no such key'
}

/** What was sealed by somebody else, sealed here with the time and the iv that it shows. */
async function sealedAgain(token: string, secret: string, plaintext: string): Promise<string> {
  const { timestamp, iv } = parseFernetToken(decodeStoredToken(token, true).raw)
  return encodeStoredToken(sealFernetToken(plaintext, await keysOf(secret), { timestamp, iv }))
}

describe('what Python has stored', () => {
  const stored = readFixture('stored-tokens')

  it.each(stored)('is written here to the same character: $id, $description', async row => {
    const plaintext = (await cipherOf(secretOf(row))).decrypt(row.token)

    expect(await sealedAgain(row.token, secretOf(row), plaintext)).toBe(row.token)
  })

  it.each(stored)('is a Fernet token within: $id, $description', async row => {
    const fernet = new Fernet(await deriveKey(secretOf(row)))
    const inner = Buffer.from(row.token, 'base64').toString('latin1')

    const payload = fernet.decrypt(inner)

    expect(Buffer.from(payload).toString('utf8')).toBe((await cipherOf(secretOf(row))).decrypt(row.token))
    expect(fernet.extractTimestamp(inner)).toBe(BigInt(row.timestamp))
  })

  it.each(readFixture('deterministic-tokens'))('is read from any time: $timestamp', async row => {
    const cipher = await cipherOf(row.secret)

    expect(cipher.decrypt(row.token)).toBe(row.plaintext)
    expect(cipher.needsReencrypt(row.token)).toBe(false)
  })

  it('is here as it was recorded', () => {
    expect(stored).toHaveLength(58)
    expect(stored.filter(({ plaintext, plaintextSha256 }) => (plaintext ?? plaintextSha256) === undefined)).toEqual([])
    expect(readFixture('deterministic-tokens')).toHaveLength(10)
    expect(readFixture('derived-keys')).toHaveLength(26)
    expect(readFixture('rotations')).toHaveLength(4)
    expect(readFixture('token-ages')).toHaveLength(13)
  })
})

describe('a token at the edge that Python accepts', () => {
  const accepted = readFixture('edge-tokens').filter(({ plaintext }) => plaintext !== undefined)
  const canonical = accepted.filter(({ isCanonical }) => isCanonical)

  it.each(canonical)('is written here to the same character: $id', async ({ secret, token, plaintext }) => {
    expect(await sealedAgain(token, secret, plaintext ?? '')).toBe(token)
  })

  it('is there 98 times', () => {
    expect(accepted).toHaveLength(98)
    expect(canonical.length).toBeGreaterThan(0)
  })
})

describe('a key file', () => {
  const files = readFixture('key-files')
  const isUsable = (row: { readonly secret?: string }) => row.secret !== undefined && row.secret !== ''
  const usable = files.filter(isUsable)
  const refused = files.filter(row => !isUsable(row))

  function written(content: string): string {
    const path = join(homedir(), 'a.key')
    writeFileSync(path, Buffer.from(content, 'base64'))
    chmodSync(path, 0o600)
    return path
  }

  it.each(usable)('opens what Python encrypted with it, and is left alone: $id, $description', async row => {
    const path = written(row.content)

    const cipher = await createCredentialCipher({ keys: [{ keyFile: path }] })

    expect(cipher.decrypt(row.token ?? '')).toBe(row.plaintext)
    expect(cipher.keyFingerprint).toBe((await cipherOf(row.secret ?? '')).keyFingerprint)
    expect(readFileSync(path).toString('base64')).toBe(row.content)
  })

  it.each(refused)('is refused, and left alone: $id, $description', async row => {
    const path = written(row.content)

    const error = await caught(() => createCredentialCipher({ keys: [{ keyFile: path }] }))

    expect(error).toMatchObject({ kind: 'key_refused', detail: row.secret === '' ? 'empty' : 'not_utf8', path })
    expect(readFileSync(path).toString('base64')).toBe(row.content)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('is there 22 times', () => {
    expect([usable.length, refused.length]).toEqual([18, 4])
  })
})
