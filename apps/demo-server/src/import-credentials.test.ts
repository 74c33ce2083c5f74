import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createCredentialCipher } from '@st/credential-crypto'
import { createRedactor } from '@st/secrets-core/redactor'
import { expect, it } from 'vitest'
import { importCredentials } from './import-credentials.ts'
import { openFoundations } from './open-foundations.ts'
import { composeServices, type Services } from './services.ts'

const canary = 'canary-31f7d5c8'

/** A SimpleTuner of one user with a credential in plaintext, and one that its key has encrypted. */
async function simpleTuner(folder: string): Promise<{ readonly path: string; readonly keyFile: string }> {
  await mkdir(folder, { recursive: true })
  const [path, keyFile] = [join(folder, 'jobs.db'), join(folder, 'credential.key')]
  await writeFile(keyFile, 'the key of SimpleTuner', { mode: 0o600 })
  const cipher = await createCredentialCipher({ keys: [{ keyFile }] })
  const database = new DatabaseSync(path)
  database.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL);
    CREATE TABLE provider_credentials (id INTEGER PRIMARY KEY, user_id INTEGER, provider TEXT, credential_name TEXT,
      credential_value TEXT, created_at TEXT, updated_at TEXT, last_used_at TEXT, is_active INTEGER DEFAULT 1);
    INSERT INTO users VALUES (1, 'ann')`)
  const insert = database.prepare(
    `INSERT INTO provider_credentials (user_id, provider, credential_name, credential_value, created_at)
     VALUES (1, 'replicate', ?, ?, '2025-06-01T10:20:30.123456+00:00')`,
  )
  insert.run('encrypted', cipher.encrypt(`${canary}-encrypted`))
  insert.run('plain', `${canary}-plain`)
  database.close()
  return { path, keyFile }
}

async function withServices<T>(use: (services: Services) => Promise<T>): Promise<T> {
  await using foundations = await openFoundations(createRedactor())
  // Before they are closed.
  return await use(composeServices(foundations))
}

/** A user of the same name, as an administrator makes one. */
async function makeAnn(): Promise<number> {
  const { id } = await withServices(({ users }) => users.create({ name: 'ann', role: 'viewer' }, { name: 'test' }))
  return id
}

function valueOf(userId: number, name: string): Promise<string | undefined> {
  return withServices(({ credentials }) => credentials.use({ userId, provider: 'replicate', name }))
}

it('what SimpleTuner has stored is taken over with its key, from where it keeps it or from where it is said to be', async () => {
  const { path } = await simpleTuner(join(homedir(), '.simpletuner'))
  const other = await simpleTuner(join(homedir(), 'other'))
  const userId = await makeAnn()

  const first = await importCredentials({ path })
  const second = await importCredentials(other)

  expect(first).toBe('Credentials imported: 2, of which stored in plaintext before: 1.')
  expect(second).toContain('imported: 0')
  expect(second).toContain('row 1: there is such a credential already, which stays as it is\n')
  expect(await valueOf(userId, 'encrypted')).toBe(`${canary}-encrypted`)
  expect(await valueOf(userId, 'plain')).toBe(`${canary}-plain`)
  expect(first + second).not.toContain(canary)
})

it('without its key, what is stored in plaintext is taken over, and what to do about the rest is told', async () => {
  const { path } = await simpleTuner(join(homedir(), 'elsewhere'))
  const userId = await makeAnn()

  const report = await importCredentials({ path })

  expect(report).toContain('Credentials imported: 1, of which stored in plaintext before: 1.')
  expect(report).toContain('row 1: it does not decrypt; give the key file of that SimpleTuner with --import-key\n')
  expect(await valueOf(userId, 'encrypted')).toBeUndefined()
})

it.each([
  [{ path: 'none.db' }, 'none.db: The file is not a database of SimpleTuner with credentials and users.'],
  [{ path: 'none.db', keyFile: 'none.key' }, /none\.key/],
])('what cannot be read is told in one line: %j', async (command, message) => {
  const imported = importCredentials(command)

  await expect(imported).rejects.toMatchObject({ name: 'StartError', message: expect.stringMatching(message) })
})
