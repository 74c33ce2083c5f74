import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createCredentialCipher, type CredentialCipher } from '@st/credential-crypto'
import { expect, it } from 'vitest'
import { testCiphers } from '../testing/ciphers.ts'
import { describeDatabases } from '../testing/databases.ts'
import { userWorld } from '../testing/user-world.ts'
import { Credentials } from './credentials.ts'
import { importSimpleTunerCredentials } from './import-simpletuner.ts'

const actor = { name: 'test' }
const at = '2025-06-01T10:20:30.123456+00:00'

function simpleTunerCipher(secret = 'the key of SimpleTuner'): Promise<CredentialCipher> {
  return createCredentialCipher({ keys: [{ secret }] })
}

function writeSource(path: string, values: readonly (readonly [user: number, name: string, value: string])[]): void {
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL);
    CREATE TABLE provider_credentials (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
      provider TEXT NOT NULL, credential_name TEXT NOT NULL, credential_value TEXT NOT NULL, created_at TEXT NOT NULL,
      updated_at TEXT, last_used_at TEXT, is_active INTEGER NOT NULL DEFAULT 1);
    INSERT INTO users VALUES (10, 'Ann'), (11, 'stranger');`)
  const insert = database.prepare(`INSERT INTO provider_credentials
    (user_id, provider, credential_name, credential_value, created_at, last_used_at, is_active) VALUES (?, 'replicate', ?, ?, ?, ?, 0)`)
  for (const [user, name, value] of values) insert.run(user, name, value, at, at)
  database.close()
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

describeDatabases("importing SimpleTuner's credentials", ({ open }) => {
  it('decrypts what was encrypted, recognises plaintext, and encrypts both', async () => {
    const world = userWorld(await open())
    const ciphers = await testCiphers()
    const credentials = new Credentials({ ...world, ciphers })
    const { id: userId } = await world.users.create({ name: 'ann', role: 'viewer' }, actor)
    await credentials.set({ userId, provider: 'replicate', name: 'there' }, { value: 'kept' }, actor)
    const cipher = await simpleTunerCipher()
    const encrypted = cipher.encrypt('r8_encrypted')
    const path = join(homedir(), 'jobs.db')
    writeSource(path, [
      [10, 'encrypted', encrypted],
      [10, 'plain', 'r8_plain'],
      [10, 'looks like base64', Buffer.from('a value').toString('base64')],
      [10, 'of another key', (await simpleTunerCipher('another')).encrypt('x')],
      [10, 'cut off', encrypted.slice(0, 50)],
      [10, 'there', 'r8_other'],
      [10, 'bad\nname', 'x'],
      [11, 'of a stranger', 'x'],
    ])
    const before = sha256(path)

    const report = await importSimpleTunerCredentials({ ...world, ciphers }, { path, cipher, actor })
    const again = await importSimpleTunerCredentials({ ...world, ciphers }, { path, cipher, actor })
    const listed = await credentials.list(userId, { limit: 10 })

    expect(report).toEqual({
      imported: 3,
      plaintext: 2,
      skipped: [
        { id: 4, reason: 'undecryptable' },
        { id: 5, reason: 'undecryptable' },
        { id: 6, reason: 'exists' },
        { id: 7, reason: 'invalid' },
        { id: 8, reason: 'no_such_user' },
      ],
    })
    expect(again).toMatchObject({ imported: 0, plaintext: 0 })
    expect(listed.map(({ name }) => name)).toEqual(['encrypted', 'looks like base64', 'plain', 'there'])
    expect(listed[0]).toMatchObject({
      createdAt: '2025-06-01T10:20:30.123Z',
      updatedAt: '2025-06-01T10:20:30.123Z',
      lastUsedAt: '2025-06-01T10:20:30.123Z',
      isActive: false,
      status: 'stale',
    })
    const reveal = (name: string): Promise<string> => credentials.reveal({ userId, provider: 'replicate', name }, actor)
    expect([
      await reveal('encrypted'),
      await reveal('plain'),
      await reveal('looks like base64'),
      await reveal('there'),
    ]).toEqual(['r8_encrypted', 'r8_plain', Buffer.from('a value').toString('base64'), 'kept'])
    const stored = await world.database.reads.selectFrom('credential_version').select('value').execute()
    expect(stored.every(({ value }) => value.startsWith('st2.'))).toBe(true)
    expect(sha256(path)).toBe(before)
    expect(await world.recorded()).toContain('credential.imported')
  })

  it.each([
    ['is not there', () => undefined],
    ['has no credentials', (path: string) => new DatabaseSync(path).close()],
  ])('refuses a file that %s, and makes none', async (_, make) => {
    const world = userWorld(await open())
    const path = join(homedir(), 'jobs.db')
    make(path)

    const imported = importSimpleTunerCredentials(
      { ...world, ciphers: await testCiphers() },
      { path, cipher: await simpleTunerCipher(), actor },
    )

    await expect(imported).rejects.toMatchObject({ code: 'IMPORT_UNREADABLE' })
    expect(await world.recorded()).toEqual(['credential.imported refused'])
  })
})
