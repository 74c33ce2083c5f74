import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { cipherOf, encryptingCipher, rotationCiphers } from './credential-keys.ts'

const canary = 'r8_canary_9f2c'

describe('the keys', () => {
  afterEach(() => {
    delete process.env['SIMPLETUNER_CREDENTIAL_KEY']
  })

  it('are those of the package unless they are named', async () => {
    process.env['SIMPLETUNER_CREDENTIAL_KEY'] = 'a key for tests'
    const named = join(homedir(), 'named.key')
    writeFileSync(named, 'a key for tests', { mode: 0o600 })

    const [byVariable, byFile] = await Promise.all([cipherOf([{}], 'v1'), cipherOf([{ keyFile: named }], 'v1')])

    expect(byVariable.keyFingerprint).toBe(byFile.keyFingerprint)
  })

  it('are not made up where something is to be decrypted', async () => {
    await expect(cipherOf([{}], 'v1')).rejects.toMatchObject({ exitCode: 3 })
  })

  it('are made where something is to be encrypted for the first time', async () => {
    const first = await encryptingCipher({}, 'v1')

    expect((await cipherOf([{}], 'v1')).keyFingerprint).toBe(first.keyFingerprint)
  })

  it('are named by their files when they cannot be used', async () => {
    const open = join(homedir(), 'open.key')
    writeFileSync(open, canary, { mode: 0o644 })
    mkdirSync(join(homedir(), 'folder'))

    await expect(cipherOf([{ keyFile: open }], 'v1')).rejects.toMatchObject({ kind: 'key_refused', path: open })
    await expect(cipherOf([{ keyFile: join(homedir(), 'none') }], 'v1')).rejects.toMatchObject({ detail: 'missing' })
  })

  it('of a rotation read with all, and verify with the new one alone', async () => {
    const [first, second] = ['old.key', 'new.key'].map(name => join(homedir(), name))
    for (const path of [first, second]) writeFileSync(path ?? '', `secret of ${path}`, { mode: 0o600 })
    const token = (await cipherOf([{ keyFile: first }], 'v1')).encrypt(canary)

    const { ring, target } = await rotationCiphers({
      newKey: { keyFile: second },
      oldKeys: [{ keyFile: first }],
      format: 'v1',
    })

    expect(ring.decrypt(token)).toBe(canary)
    expect(() => target.decrypt(token)).toThrow('token')
    expect(target.decrypt(ring.rotate(token))).toBe(canary)
  })
})
