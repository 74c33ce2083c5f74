import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../database/open-database.ts'
import { userWorld } from '../testing/user-world.ts'
import { ChangingKey } from './changing-key.ts'
import { KeyFiles } from './key-files.ts'
import { KeyRotation } from './key-rotation.ts'

/** Files that stay as they are while a process ends just before it drops the old key. */
class HeldFiles extends KeyFiles {
  isHeld = true

  override async promoteNext(): Promise<void> {
    if (!this.isHeld) await super.promoteNext()
  }
}

it('the end of one rotation and the beginning of the next do not take one next key for the other', async () => {
  const path = join(homedir(), 'credential.key')
  await using database = await openDatabase(join(homedir(), 'demo.db'))
  const files = new HeldFiles(path)
  const key = await ChangingKey.open({ database, source: files })
  const rotation = new KeyRotation({ ...userWorld(database), key })
  await rotation.begin({ name: 'test' })
  await rotation.resume()
  files.isHeld = false

  const prepare = (): Promise<unknown> => key.exclusively(() => key.prepareNext())
  await Promise.all([key.finish(), prepare(), key.finish(), prepare()])
  const opened = await ChangingKey.open({ database, source: new KeyFiles(path) })

  expect(opened.cipher.keyFingerprint).toBe(key.cipher.keyFingerprint)
  expect(await opened.isNextWaiting()).toBe(true)
})
