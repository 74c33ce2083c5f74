import { readdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, describe, expect, it } from 'vitest'
import { Credentials } from '../credentials/credentials.ts'
import type { Database } from '../database/database.ts'
import { describeDatabases } from '../testing/databases.ts'
import { userWorld } from '../testing/user-world.ts'
import { ChangingKey } from './changing-key.ts'
import { EnvironmentKeys } from './environment-keys.ts'
import { KeyFiles } from './key-files.ts'
import { KeyRotation } from './key-rotation.ts'

const actor = { name: 'test' }
const first = 'AKWxbVYFD5LyRZBDg0nfKmQW2oTIvPZ9hUeC1EjsN8c'
const second = 'f0canaryXhKq83LsVbT6wZmR1uYjD5oNpE2gIaQyWtM'
const passphrase = 'canary passphrase'

beforeEach(() => resetGlobalCaches())

describeDatabases('the key of the credentials', ({ locate, openAt }) => {
  const keys = (current: string, next?: string): EnvironmentKeys =>
    new EnvironmentKeys({ SIMPLETUNER_CREDENTIAL_KEY: current, SIMPLETUNER_CREDENTIAL_KEY_NEXT: next })

  /** An instance of the server, as far as credentials go. */
  async function instance(location: string, source: EnvironmentKeys | KeyFiles) {
    const world = userWorld(await openAt(location))
    const key = await ChangingKey.open({ database: world.database, source })
    const credentials = new Credentials({ ...world, ciphers: key })
    const rotation = new KeyRotation({ ...world, key, batchSize: 2 })
    return { ...world, key, credentials, rotation }
  }

  const named = (name: string) => ({ userId: 1, provider: 'p', name })

  /** Every row but those of the audit log. */
  async function contents(database: Database): Promise<unknown> {
    const tables = ['key_check', 'credential', 'credential_version', 'key_rotation'] as const
    return Promise.all(tables.map(table => database.reads.selectFrom(table).selectAll().execute()))
  }

  describe('that does not belong to the database', () => {
    it('is told at the start by both fingerprint and remedy, and nothing is written', async () => {
      const location = await locate()
      const right = await instance(location, keys(first))
      await right.users.create({ name: 'ann', role: 'viewer' }, actor)
      await right.credentials.set(named('a'), { value: 'secret' }, actor)
      const before = await contents(right.database)

      const error: unknown = await instance(location, keys(second)).catch((failure: unknown) => failure)

      expect(error).toMatchObject({
        name: 'KeyError',
        code: 'ST_KEY_MISMATCH',
        message: expect.stringContaining('The credential key does not match this database'),
        fingerprint: right.key.cipher.keyFingerprint,
        hint: expect.stringContaining('SIMPLETUNER_CREDENTIAL_KEY'),
      })
      expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain('canary')
      expect(await contents(right.database)).toEqual(before)
    })

    it('is told where the files are of another instance, or gone: no key takes their place', async () => {
      const location = await locate()
      const path = join(homedir(), 'credential.key')
      await instance(location, new KeyFiles(path))

      await expect(instance(location, new KeyFiles(join(homedir(), 'of-another')))).rejects.toMatchObject({
        code: 'ST_KEY_MISSING',
      })
      await rm(path)
      await expect(instance(location, new KeyFiles(path))).rejects.toMatchObject({ code: 'ST_KEY_MISSING' })
      expect(await readdir(homedir())).toEqual([])
    })

    it('is told for a database with credentials of before there was a check', async () => {
      const location = await locate()
      const right = await instance(location, keys(first))
      await right.users.create({ name: 'ann', role: 'viewer' }, actor)
      await right.credentials.set(named('a'), { value: 'secret' }, actor)
      await right.database.write(transaction => transaction.deleteFrom('key_check').execute())

      await expect(instance(location, keys(second))).rejects.toMatchObject({ code: 'ST_KEY_MISMATCH' })
      const again = await instance(location, keys(first))

      expect(await again.credentials.reveal(named('a'), actor)).toBe('secret')
      expect(await again.database.reads.selectFrom('key_check').selectAll().execute()).toHaveLength(1)
    })

    it('does not pass for the right one by its fingerprint alone', async () => {
      const location = await locate()
      const { database, key } = await instance(location, keys(first))
      await database.write(transaction =>
        transaction
          .updateTable('key_check')
          .set({ check_value: key.cipher.encrypt('something else') })
          .execute(),
      )

      await expect(instance(location, keys(first))).rejects.toMatchObject({ code: 'ST_KEY_MISMATCH' })
    })
  })

  it('is the same for instances that start at once, also a passphrase', async () => {
    const location = await locate()
    await openAt(location)

    const instances = await Promise.all([1, 2, 3].map(() => instance(location, keys(passphrase))))

    expect(new Set(instances.map(({ key }) => key.cipher.keyFingerprint)).size).toBe(1)
    expect(new Set(instances.map(({ key }) => key.salt)).size).toBe(1)
  })

  describe('that is changed while several instances run', () => {
    it('is taken up by all that have it, is changed by one of them, and the old one is said to be removable', async () => {
      const location = await locate()
      const [here, there] = [
        await instance(location, keys(first, second)),
        await instance(location, keys(first, second)),
      ]
      await here.users.create({ name: 'ann', role: 'viewer' }, actor)
      for (const name of ['a', 'b', 'c', 'd', 'e']) await here.credentials.set(named(name), { value: name }, actor)
      const old = await here.key.describe()

      const { fingerprint } = await here.rotation.begin(actor)
      await there.credentials.set(named('f'), { value: 'f' }, actor)
      const during = await there.key.describe()
      const results = await Promise.all([here.rotation.resume(), there.rotation.resume()])
      await there.rotation.resume()
      const after = await there.key.describe()
      const onlyNew = await instance(location, keys(second))

      expect(old).toEqual({ source: 'environment', fingerprint: old.fingerprint, nextFingerprint: fingerprint })
      expect(during).toMatchObject({ fingerprint, previousFingerprint: old.fingerprint })
      expect(during.advice).toContain('keep')
      expect(results).toContainEqual(expect.objectContaining({ state: 'done', processed: 6, failed: 0 }))
      expect(after).toEqual({ source: 'environment', fingerprint, advice: expect.stringContaining('remove') })
      expect(await onlyNew.credentials.reveal(named('a'), actor)).toBe('a')
      expect(await onlyNew.credentials.reveal(named('f'), actor)).toBe('f')
      expect(await onlyNew.key.describe()).toEqual({ source: 'environment', fingerprint })
      await expect(onlyNew.rotation.begin(actor)).rejects.toMatchObject({ code: 'NO_NEXT_KEY' })
      // Both variables are still set: the old key must not come back.
      await expect(here.rotation.begin(actor)).rejects.toMatchObject({ code: 'NO_NEXT_KEY' })
    })

    it('is missing in one that has only the old one: it says so, and stores nothing', async () => {
      const location = await locate()
      const [here, late] = [await instance(location, keys(first, second)), await instance(location, keys(first))]
      await here.users.create({ name: 'ann', role: 'viewer' }, actor)
      await here.credentials.set(named('a'), { value: 'a' }, actor)
      await here.rotation.begin(actor)

      const stored = late.credentials.set(named('b'), { value: 'b' }, actor)
      await expect(stored).rejects.toMatchObject({ code: 'ST_KEY_OUTDATED', name: 'KeyError' })
      const old = await late.credentials.reveal(named('a'), actor)
      await expect(late.rotation.resume()).rejects.toMatchObject({ code: 'ST_KEY_OUTDATED' })
      await here.rotation.resume()
      await expect(late.credentials.reveal(named('a'), actor)).rejects.toMatchObject({ code: 'ST_KEY_OUTDATED' })

      expect(old).toBe('a')
      expect(await here.credentials.list(1, { limit: 10 })).toHaveLength(1)
    })

    it('must not be alone before the change is done', async () => {
      const location = await locate()
      const here = await instance(location, keys(first, second))
      await here.rotation.begin(actor)

      await expect(instance(location, keys(second))).rejects.toMatchObject({ code: 'ST_KEY_PREVIOUS_MISSING' })
    })

    it('is found in files that instances share', async () => {
      const location = await locate()
      const files = new KeyFiles(join(homedir(), 'credential.key'))
      const [here, there] = [await instance(location, files), await instance(location, files)]
      await here.users.create({ name: 'ann', role: 'viewer' }, actor)
      await here.credentials.set(named('a'), { value: 'a' }, actor)

      await here.rotation.begin(actor)
      await here.rotation.resume()
      const read = await there.credentials.reveal(named('a'), actor)
      await there.credentials.set(named('b'), { value: 'b' }, actor)

      expect(read).toBe('a')
      expect(there.key.cipher.keyFingerprint).toBe(here.key.cipher.keyFingerprint)
      expect(await here.credentials.reveal(named('b'), actor)).toBe('b')
    })
  })
})
