import { copyFile, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { Credentials } from '../credentials/credentials.ts'
import { openDatabase } from '../database/open-database.ts'
import { FileLock } from '../file-lock.ts'
import { userWorld } from '../testing/user-world.ts'
import { ChangingKey } from './changing-key.ts'
import { KeyFiles } from './key-files.ts'
import { KeyRotation } from './key-rotation.ts'

const actor = { name: 'test' }
const named = { userId: 1, provider: 'p', name: 'n' }

/** Files that say what is done to them, and whether others are kept from it. */
class WatchedFiles extends KeyFiles {
  readonly seen: string[] = []
  beforePromoting: () => Promise<unknown> = async () => undefined

  override async prepareNext(): Promise<void> {
    this.#note('prepared')
    await super.prepareNext()
  }

  override async promoteNext(): Promise<void> {
    this.#note('promoted')
    await this.beforePromoting()
    await super.promoteNext()
  }

  #note(what: string): void {
    using lock = FileLock.take(join(homedir(), 'credential.key.lock'), 'exclusive')
    this.seen.push(`${what}, ${lock === undefined ? 'others wait' : 'others may do so too'}`)
  }
}

/** An instance of the server over the same database and files. */
async function instance() {
  const database = await openDatabase(join(homedir(), 'demo.db'))
  const world = userWorld(database)
  const files = new WatchedFiles(join(homedir(), 'credential.key'))
  const key = await ChangingKey.open({ database, source: files })
  const rotation = new KeyRotation({ ...world, key })
  const credentials = new Credentials({ ...world, ciphers: key })
  return { ...world, files, key, rotation, credentials, [Symbol.asyncDispose]: () => database.close() }
}

it('instances that share the files change them one at a time', async () => {
  await using one = await instance()
  await using other = await instance()

  await one.rotation.begin(actor)
  await other.rotation.resume()

  expect(one.files.seen).toEqual(['prepared, others wait'])
  expect(other.files.seen).toEqual(['promoted, others wait'])
})

it('what one instance makes the key is not what another one has prepared meanwhile', async () => {
  await using one = await instance()
  await using other = await instance()
  await one.users.create({ name: 'ann', role: 'viewer' }, actor)
  await one.credentials.set(named, { value: 'secret' }, actor)
  const before = await readFile(join(homedir(), 'credential.key'), 'utf8')
  const { fingerprint } = await one.rotation.begin(actor)
  using take = vi.spyOn(FileLock, 'take')
  let begun: Promise<unknown> | undefined
  one.files.beforePromoting = async () => {
    take.mockClear()
    begun = other.rotation.begin(actor)
    // Until it has begun, or has tried to several times.
    await Promise.race([begun, vi.waitUntil(() => take.mock.calls.length > 3, { timeout: 30_000 })])
  }

  await one.rotation.resume()
  await begun

  await using started = await instance()
  expect(await readFile(join(homedir(), 'credential.key.previous'), 'utf8')).toBe(before)
  expect(await started.credentials.reveal(named, actor)).toBe('secret')
  expect(await started.key.describe()).toMatchObject({ previousFingerprint: fingerprint })
})

it('one of two instances that begin at the same moment is refused', async () => {
  await using one = await instance()
  await using other = await instance()

  const begun = await Promise.allSettled([one, other].map(({ rotation }) => rotation.begin(actor)))

  expect(begun.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await one.recorded()).toEqual(['credential.key.rotated', 'credential.key.rotated refused'])
})

it('a key that waits is taken up once by instances that find it at the same moment', async () => {
  await using one = await instance()
  await using other = await instance()
  await new KeyFiles(join(homedir(), 'credential.key')).prepareNext()
  await copyFile(join(homedir(), 'credential.key.next'), join(homedir(), 'expected'))

  await Promise.all([one, other].map(({ rotation }) => rotation.resume()))

  expect(await one.rotation.status()).toMatchObject({ id: 1, state: 'done' })
  expect(await one.recorded()).toEqual(['credential.key.rotated', 'credential.key.rotated'])
  expect(await readFile(join(homedir(), 'credential.key'))).toEqual(await readFile(join(homedir(), 'expected')))
})
