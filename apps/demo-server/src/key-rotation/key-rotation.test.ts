import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, expect, it } from 'vitest'
import { Credentials } from '../credentials/credentials.ts'
import { describeDatabases } from '../testing/databases.ts'
import { type UserWorld, userWorld } from '../testing/user-world.ts'
import { ChangingKey } from './changing-key.ts'
import { KeyFiles } from './key-files.ts'
import { KeyRotation } from './key-rotation.ts'

const actor = { name: 'test' }

beforeEach(() => resetGlobalCaches())

describeDatabases('a rotation of the key', ({ open }) => {
  interface World extends UserWorld {
    readonly key: ChangingKey
    readonly rotation: KeyRotation
    readonly credentials: Credentials
    readonly files: KeyFiles
    readonly userId: number
    readonly values: () => Promise<readonly string[]>
    readonly tokens: () => Promise<readonly string[]>
    /** Another process over the same database and files. */
    readonly another: () => Promise<Pick<World, 'key' | 'rotation'>>
  }

  async function world(count: number): Promise<World> {
    const users = userWorld(await open())
    const files = new KeyFiles(join(homedir(), 'credential.key'))
    const another = async (): Promise<Pick<World, 'key' | 'rotation'>> => {
      const key = await ChangingKey.open({ database: users.database, source: files })
      return { key, rotation: new KeyRotation({ ...users, key, batchSize: 10 }) }
    }
    const { key, rotation } = await another()
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
    const tokens = async (): Promise<readonly string[]> => {
      const rows = await users.database.reads.selectFrom('credential_version').select('value').orderBy('id').execute()
      return rows.map(({ value }) => value)
    }
    return { ...users, key, rotation, credentials, files, userId, values, tokens, another }
  }

  const expected = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `v${index}`)

  it('encrypts everything anew, values of before too, and needs the old key no longer', async () => {
    const { key, rotation, credentials, userId, values, tokens, recorded } = await world(25)
    await credentials.set({ userId, provider: 'p', name: '0' }, { value: 'v0' }, actor)
    const before = await tokens()

    const begun = await rotation.begin(actor)
    const during = await key.describe()
    const status = await rotation.resume()
    const after = await tokens()

    expect(begun).toMatchObject({ state: 'reencrypting', total: 26, processed: 0 })
    expect(during).toEqual({
      source: 'file',
      fingerprint: begun.fingerprint,
      previousFingerprint: before[0]?.split('.')[1],
    })
    expect(status).toMatchObject({ state: 'done', processed: 26, failed: 0, fingerprint: key.cipher.keyFingerprint })
    expect(after.filter((value, index) => value === before[index])).toEqual([])
    expect(await values()).toEqual(expected(25))
    expect(await key.describe()).toEqual({ source: 'file', fingerprint: begun.fingerprint })
    await expect(access(join(homedir(), 'credential.key.next'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await recorded()).filter(event => event === 'credential.key.rotated')).toHaveLength(2)
    expect(await rotation.resume()).toBeUndefined()
  })

  it('lets values be read and stored while it goes on, and is paused, stopped and resumed', async () => {
    const { rotation, credentials, userId, values } = await world(25)
    await rotation.begin(actor)
    await rotation.setPaused(true, actor)

    const paused = await rotation.resume()
    const read = await values()
    await credentials.set({ userId, provider: 'p', name: 'new' }, { value: 'of the new key' }, actor)
    await rotation.setPaused(false, actor)
    const stopped = await rotation.resume(AbortSignal.abort())
    const done = await rotation.resume()

    expect(paused).toMatchObject({ state: 'reencrypting', isPaused: true, processed: 0 })
    expect(read).toEqual(expected(25))
    expect(stopped).toMatchObject({ state: 'reencrypting', isPaused: false, processed: 10 })
    expect(done).toMatchObject({ state: 'done', processed: 26 })
    expect(await values()).toEqual(expected(25))
  })

  it('goes on in another process, wherever the first one ended', async () => {
    const { another, files, values, tokens, database, ...context } = await world(15)
    // Ended after the file was made: nothing is encrypted with it yet.
    await files.prepareNext()
    const second = await another()
    const between = second.key.cipher.keyFingerprint
    // Ended after a batch.
    const stopped = await second.rotation.resume(AbortSignal.abort())
    // Ended after the last batch, before the old key was dropped.
    const third = await another()
    const source = new KeyFiles(join(homedir(), 'credential.key'))
    source.promoteNext = () => Promise.reject(new Error('killed'))
    const key = await ChangingKey.open({ database, source })
    await expect(new KeyRotation({ ...context, database, key }).resume()).rejects.toThrow('killed')

    const fourth = await another()
    const status = await fourth.rotation.resume()
    const idle = await fourth.rotation.resume()

    expect(between).toBe(context.key.cipher.keyFingerprint)
    expect(stopped).toMatchObject({ id: 1, state: 'reencrypting', processed: 10 })
    expect(third.key.cipher.keyFingerprint).toBe(stopped?.fingerprint)
    expect(status).toMatchObject({ id: 1, state: 'done', processed: 15 })
    expect(idle).toBeUndefined()
    expect(await values()).toEqual(expected(15))
    const last = await another()
    expect((await last.key.loadRing()).keys.map(({ fingerprint }) => fingerprint)).toEqual([stopped?.fingerprint])
    expect((await tokens()).filter(token => last.key.cipher.needsReencrypt(token))).toEqual([])
  })

  it('keeps the old key when a value cannot be decrypted, says so, and can be tried again', async () => {
    const { rotation, database, recorded, values } = await world(5)
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

    const { fingerprint } = await rotation.begin(actor)
    const failed = await rotation.resume()
    await access(join(homedir(), 'credential.key.next'))
    const idle = await rotation.resume()
    await put(good.value)
    const again = await rotation.begin(actor)
    const done = await rotation.resume()

    expect(failed).toMatchObject({ state: 'failed', failed: 1, processed: 4 })
    expect(idle).toEqual(failed)
    expect(again.fingerprint).toBe(fingerprint)
    expect(done).toMatchObject({ state: 'done', processed: 5, failed: 0 })
    expect(await values()).toEqual(expected(5))
    expect((await recorded()).filter(event => event === 'credential.key.rotated refused')).toHaveLength(1)
  })

  it('is one at a time, and cannot be paused when there is none', async () => {
    const { rotation, recorded } = await world(1)

    await expect(rotation.setPaused(true, actor)).rejects.toMatchObject({ code: 'NO_ROTATION' })
    await rotation.begin(actor)

    await expect(rotation.begin(actor)).rejects.toMatchObject({ code: 'ROTATION_RUNNING' })
    expect(await rotation.status()).toMatchObject({ id: 1, state: 'reencrypting' })
    expect((await recorded()).at(-1)).toBe('credential.key.rotated refused')
  })
})
