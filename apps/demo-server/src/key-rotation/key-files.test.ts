import { readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EnvironmentKeys } from './environment-keys.ts'
import { KeyFiles } from './key-files.ts'
import { KeyRing } from './key-ring.ts'
import { keySourceOf, type KeySource } from './key-source.ts'

const salt = 'AAECAwQFBgcICQoLDA0ODw=='

describe('KeyFiles', () => {
  it('are one key, then two, then the new one and a copy of the old one, for their owner only', async () => {
    const path = join(homedir(), 'credential.key')
    const files = new KeyFiles(path)

    const before = await files.read()
    await files.create()
    await files.create()
    const [first = ''] = await fingerprints(files)
    await files.prepareNext()
    await files.prepareNext()
    const [current, next = ''] = await fingerprints(files)
    await files.promoteNext()
    await files.promoteNext()

    expect(before).toBeUndefined()
    expect(current).toBe(first)
    expect(await fingerprints(files)).toEqual([next])
    expect((await readdir(homedir())).toSorted()).toEqual(['credential.key', 'credential.key.previous'])
    for (const name of await readdir(homedir())) expect((await stat(join(homedir(), name))).mode & 0o777).toBe(0o600)
    const previous = await KeyRing.load([{ keyFile: `${path}.previous` }], salt)
    expect(previous.has(first)).toBe(true)
  })

  it('are made once when eight processes begin at the same time', async () => {
    const path = join(homedir(), 'credential.key')

    await Promise.all(Array.from({ length: 8 }, () => new KeyFiles(path).create()))

    expect(await readdir(homedir())).toEqual(['credential.key'])
    expect((await readFile(path, 'utf8')).length).toBe(44)
  })
})

describe('EnvironmentKeys', () => {
  const env = { SIMPLETUNER_CREDENTIAL_KEY: 'a passphrase', SIMPLETUNER_CREDENTIAL_KEY_NEXT: 'another one' }

  it('are the variable and the one that is to take its place, passphrases with the salt of the database', async () => {
    const keys = new EnvironmentKeys(env)

    const [first, second] = await fingerprints(keys)
    const elsewhere = await KeyRing.load([{ secret: 'a passphrase' }], 'AAAAAAAAAAAAAAAAAAAAAA==')

    expect(first).not.toBe(second)
    expect(elsewhere.keys[0]?.fingerprint).not.toBe(first)
  })

  it('are asked for when there is none to change to', async () => {
    const keys = new EnvironmentKeys({ SIMPLETUNER_CREDENTIAL_KEY: 'a passphrase' })

    await expect(keys.prepareNext()).rejects.toMatchObject({ code: 'NO_NEXT_KEY' })
    await new EnvironmentKeys(env).prepareNext()
  })

  it('come before files, unless the variable is empty', async () => {
    const folder = homedir()

    const kinds = [env, { SIMPLETUNER_CREDENTIAL_KEY: '' }, {}].map(found => keySourceOf(found, folder).kind)

    expect(kinds).toEqual(['environment', 'file', 'file'])
  })
})

async function fingerprints(source: KeySource): Promise<readonly string[]> {
  const pair = await source.read()
  if (pair === undefined) return []
  const ring = await KeyRing.load(pair.next === undefined ? [pair.current] : [pair.current, pair.next], salt)
  return ring.keys.map(({ fingerprint }) => fingerprint)
}
