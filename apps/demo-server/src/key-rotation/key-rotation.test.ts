import { readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createCredentialCipher } from '@st/credential-crypto'
import { resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, describe, expect, it } from 'vitest'
import { Credentials } from '../credentials/credentials.ts'
import { describeDatabases } from '../testing/databases.ts'
import { type UserWorld, userWorld } from '../testing/user-world.ts'
import { ChangingKey } from './changing-key.ts'
import { KeyFiles } from './key-files.ts'
import { KeyRotation } from './key-rotation.ts'

const actor = { name: 'test' }

beforeEach(() => resetGlobalCaches())

describe('KeyFiles', () => {
  it('have one key, then two, then the new one and a copy of the old one, for their owner only', async () => {
    const path = join(homedir(), 'credential.key')
    const files = new KeyFiles(path)

    const first = await files.load()
    const token = first.encrypt('a')
    await files.begin()
    await files.begin()
    const both = await files.load()
    const newToken = both.encrypt('b')
    const read = [both.decrypt(token), both.decrypt(newToken)]
    await files.finish()
    await files.finish()
    const last = await files.load()

    expect(read).toEqual(['a', 'b'])
    expect(last.decrypt(newToken)).toBe('b')
    expect(() => last.decrypt(token)).toThrow(expect.objectContaining({ code: 'ST_CRYPTO_UNKNOWN_KEY' }))
    expect((await readdir(homedir())).toSorted()).toEqual(['credential.key', 'credential.key.previous'])
    for (const name of await readdir(homedir())) expect((await stat(join(homedir(), name))).mode & 0o777).toBe(0o600)
    expect(await files.isChanging()).toBe(false)
  })

  it('are made once when eight processes begin at the same time', async () => {
    const path = join(homedir(), 'credential.key')

    const ciphers = await Promise.all(Array.from({ length: 8 }, () => new KeyFiles(path).load()))

    expect(new Set(ciphers.map(({ keyFingerprint }) => keyFingerprint)).size).toBe(1)
    expect(await readdir(homedir())).toEqual(['credential.key'])
    expect((await readFile(path, 'utf8')).length).toBe(44)
  })
})

describeDatabases('a rotation of the key', ({ open }) => {
  interface World extends UserWorld {
    readonly key: ChangingKey
    readonly credentials: Credentials
    readonly files: KeyFiles
    readonly userId: number
    readonly values: () => Promise<readonly string[]>
  }

  async function world(count: number): Promise<World> {
    const users = userWorld(await open())
    const files = new KeyFiles(join(homedir(), 'credential.key'))
    const key = await ChangingKey.load(files)
    const credentials = new Credentials({ ...users, ciphers: key })
    const { id: userId } = await users.users.create({ name: 'ann', role: 'viewer' }, actor)
    for (let index = 0; index < count; index += 1) {
      await credentials.set({ userId, provider: 'p', name: String(index) }, { value: `v${index}` }, actor)
    }
    const values = (): Promise<readonly string[]> =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          credentials.reveal({ userId, provider: 'p', name: String(index) }, actor),
        ),
      )
    return { ...users, key, credentials, files, userId, values }
  }

  const expected = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `v${index}`)

  it('encrypts everything anew, values of before too, and needs the old key no longer', async () => {
    const { key, credentials, userId, values, database, recorded, files, ...context } = await world(25)
    await credentials.set({ userId, provider: 'p', name: '0' }, { value: 'v0' }, actor)
    const before = await database.reads.selectFrom('credential_version').select('value').orderBy('id').execute()

    const begun = await key.begin(new KeyRotation({ ...context, database, ciphers: key }), actor)
    const status = await key.resume({ ...context, database, batchSize: 10 })
    const after = await database.reads.selectFrom('credential_version').select('value').orderBy('id').execute()

    expect(begun).toMatchObject({ state: 'reencrypting', total: 26, processed: 0 })
    expect(status).toMatchObject({ state: 'done', processed: 26, failed: 0, fingerprint: key.cipher.keyFingerprint })
    expect(after.filter(({ value }, index) => value === before[index]?.value)).toEqual([])
    expect(await values()).toEqual(expected(25))
    expect(await files.isChanging()).toBe(false)
    expect((await recorded()).filter(event => event === 'credential.key.rotated')).toHaveLength(2)
  })

  it('lets values be read and stored while it goes on, and is paused and resumed', async () => {
    const { key, credentials, userId, values, ...context } = await world(25)
    const rotation = new KeyRotation({ ...context, ciphers: key, batchSize: 10 })
    await key.begin(rotation, actor)
    await rotation.setPaused(true, actor)

    const paused = await rotation.run()
    const read = await values()
    await credentials.set({ userId, provider: 'p', name: 'new' }, { value: 'of the new key' }, actor)
    await rotation.setPaused(false, actor)
    const stopped = await rotation.run(AbortSignal.abort())
    const done = await key.resume({ ...context, batchSize: 10 })

    expect(paused).toMatchObject({ state: 'reencrypting', isPaused: true, processed: 0 })
    expect(read).toEqual(expected(25))
    expect(stopped).toMatchObject({ state: 'reencrypting', isPaused: false, processed: 10 })
    expect(done).toMatchObject({ state: 'done', processed: 26 })
    expect(await values()).toEqual(expected(25))
  })

  it('goes on in another process, wherever the first one ended', async () => {
    const { key: _first, files, values: _values, ...context } = await world(15)
    // Ended after the file was made.
    await files.begin()
    const second = await ChangingKey.load(files)
    const rotation = new KeyRotation({ ...context, ciphers: second, batchSize: 4 })
    await rotation.begin(actor)
    // Ended after a batch.
    await rotation.run(AbortSignal.abort())
    const third = await ChangingKey.load(files)
    const almost = new KeyRotation({ ...context, ciphers: third, batchSize: 4 })
    // Ended after the last batch, before the old key was dropped.
    await almost.run()

    const fourth = await ChangingKey.load(files)
    const status = await fourth.resume({ ...context, batchSize: 4 })
    const idle = await fourth.resume(context)

    expect(status).toMatchObject({ id: 1, state: 'done', processed: 15 })
    expect(idle).toBeUndefined()
    const only = await createCredentialCipher({ keys: [{ keyFile: join(homedir(), 'credential.key') }], format: 'st2' })
    const credentials = new Credentials({ ...context, ciphers: { cipher: only } })
    expect(await credentials.reveal({ userId: 1, provider: 'p', name: '7' }, actor)).toBe('v7')
  })

  it('keeps the old key when a value cannot be decrypted, says so, and can be tried again', async () => {
    const { key, database, files, recorded, values, ...context } = await world(5)
    const good = await database.reads
      .selectFrom('credential_version')
      .selectAll()
      .where('id', '=', 3)
      .executeTakeFirstOrThrow()
    const put = (value: string): Promise<unknown> =>
      database.write(transaction =>
        transaction.updateTable('credential_version').set({ value }).where('id', '=', 3).execute(),
      )
    await put('damaged')
    const rotation = new KeyRotation({ ...context, database, ciphers: key })

    await key.begin(rotation, actor)
    const failed = await key.resume({ ...context, database })
    const stillThere = await files.isChanging()
    await put(good.value)
    await key.begin(rotation, actor)
    const done = await key.resume({ ...context, database })

    expect(failed).toMatchObject({ state: 'failed', failed: 1, processed: 4 })
    expect(stillThere).toBe(true)
    expect(done).toMatchObject({ state: 'done', processed: 5, failed: 0 })
    expect(await values()).toEqual(expected(5))
    expect((await recorded()).filter(event => event === 'credential.key.rotated refused')).toHaveLength(1)
  })

  it('is one at a time, and cannot be paused when there is none', async () => {
    const { key, ...context } = await world(1)
    const rotation = new KeyRotation({ ...context, ciphers: key })

    await expect(rotation.setPaused(true, actor)).rejects.toMatchObject({ code: 'NO_ROTATION' })
    await key.begin(rotation, actor)

    await expect(key.begin(rotation, actor)).rejects.toMatchObject({ code: 'ROTATION_RUNNING' })
    expect(await rotation.status()).toMatchObject({ id: 1, state: 'reencrypting' })
  })
})
