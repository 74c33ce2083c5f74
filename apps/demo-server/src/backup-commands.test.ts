import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createRedactor } from '@st/secrets-core/redactor'
import { afterEach, expect, it } from 'vitest'
import { backUp, restore } from './backup-commands.ts'
import { FileLock } from './file-lock.ts'
import { openFoundations } from './open-foundations.ts'
import { composeServices, type Services } from './services.ts'

const key = { userId: 1, provider: 'replicate', name: 'api_token' }
const canary = 'canary-9d2e'

async function withServices<T>(use: (services: Services) => Promise<T>): Promise<T> {
  await using foundations = await openFoundations(createRedactor())
  // Before they are closed.
  return await use(composeServices(foundations))
}

async function fill(): Promise<void> {
  await withServices(async ({ users, credentials }) => {
    await users.create({ name: 'ann', role: 'viewer' }, { name: 'test' })
    await credentials.set(key, { value: canary }, { name: 'test' })
  })
}

afterEach(() => {
  delete process.env['ST_BACKUP_PASSPHRASE']
})

it('a backup is restored on a machine that has neither the database nor the keys', async () => {
  await fill()
  const path = join(homedir(), 'a.backup')
  process.env['ST_BACKUP_PASSPHRASE'] = 'a long passphrase'

  const made = await backUp(path)
  const { mode } = await stat(path)
  const ownKey = (await readFile(join(homedir(), '.simpletuner/st/credential.key'), 'utf8')).trim()
  const text = await readFile(path, 'utf8')
  await rm(join(homedir(), '.simpletuner'), { recursive: true })
  const restored = await restore(path)

  expect(made).toMatch(/^Backup made: .*a\.backup, rows: \d+\. The keys are in it, sealed with the passphrase\.$/)
  expect(mode & 0o777).toBe(0o600)
  expect([text.includes(ownKey), text.includes(canary)]).toEqual([false, false])
  expect(restored).toMatch(/^Restored: what there was at .*Z, rows: \d+\. The audit log is that of the backup\./)
  expect(await withServices(({ credentials }) => credentials.use(key))).toBe(canary)
  await expect(withServices(({ audit }) => audit.verify())).resolves.toMatchObject({ valid: true })
})

it('what cannot be backed up or restored is told in one line, and nothing is changed', async () => {
  await fill()
  const [path, other] = [join(homedir(), 'a.backup'), join(homedir(), 'other')]
  process.env['ST_BACKUP_PASSPHRASE'] = 'a long passphrase'
  await backUp(path)
  await writeFile(other, 'something else')
  await rm(join(homedir(), '.simpletuner'), { recursive: true })

  const failures = []
  for (const run of [() => backUp(path), () => restore(other), () => restore(join(homedir(), 'none'))]) {
    failures.push(await run().catch(String))
  }
  process.env['ST_BACKUP_PASSPHRASE'] = 'another passphrase'
  failures.push(await restore(path).catch(String))
  process.env['ST_BACKUP_PASSPHRASE'] = 'short'
  failures.push(await backUp(join(homedir(), 'b.backup')).catch(String))

  expect(failures).toEqual([
    expect.stringMatching(/^StartError: There is a file of this name already .*Choose another name/),
    expect.stringMatching(/^StartError: The file is no backup of this server.*Choose/),
    expect.stringMatching(/^StartError: The backup cannot be read or written \(ENOENT\)/),
    expect.stringMatching(/^StartError: The passphrase does not open the keys in the backup/),
    expect.stringMatching(/^StartError: The passphrase is too short\. Use at least 12 characters\.$/),
  ])
  expect(failures.join()).not.toContain('\n')
  expect(await withServices(({ users }) => users.list({ limit: 10 }))).toEqual([])
})

it('nothing begins while a backup is being restored', async () => {
  await fill()
  using _ = FileLock.take(join(homedir(), '.simpletuner/st/server.lock'), 'exclusive')

  const failure: unknown = await openFoundations(createRedactor()).catch(String)

  expect(failure).toBe('StartError: A backup is being restored: start again when that is done.')
})
