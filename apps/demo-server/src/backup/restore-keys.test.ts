import { createHash } from 'node:crypto'
import { access, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, expect, it } from 'vitest'
import { signedAnchor } from '../audit/audit-chain.ts'
import { AuditKey } from '../audit/audit-key.ts'
import { describeDatabases } from '../testing/databases.ts'
import { settleAuditKey } from './audit-key-file.ts'
import { type BackupWorld, backupWorld } from './__fixtures__/backup-world.ts'
import { contentsOf } from './__fixtures__/contents.ts'
import { createBackup } from './create-backup.ts'
import { restoreBackup } from './restore-backup.ts'

const actor = { name: 'test' }
const named = (name: string) => ({ userId: 1, provider: 'p', name })
const auditEnv = { SIMPLETUNER_AUDIT_KEY: 'the key of the audit log' }
const first = 'AKWxbVYFD5LyRZBDg0nfKmQW2oTIvPZ9hUeC1EjsN8c'
const second = 'f0XhKq83LsVbT6wZmR1uYjD5oNpE2gIaQyWtMcJrBxk'
const passphrase = 'canary passphrase'

beforeEach(() => resetGlobalCaches())

describeDatabases('a restore', ({ open }) => {
  type Env = Readonly<Record<string, string | undefined>>

  async function filled(env: Env = {}): Promise<BackupWorld> {
    const world = await backupWorld(await open(), env)
    await world.users.create({ name: 'ann', role: 'admin' }, actor)
    await world.credentials.set(named('a'), { value: 'secret a' }, actor)
    await world.credentials.set(named('b'), { value: 'secret b' }, actor)
    return world
  }

  /** A server after a restart. */
  const restarted = ({ database, folder }: BackupWorld, env: Env = {}): Promise<BackupWorld> =>
    backupWorld(database, env, folder)

  /** The backup with a change, as somebody would write it who has the key of the audit log. */
  async function forge(file: string, key: AuditKey, change: (line: string) => string | undefined): Promise<void> {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    const changed = lines.slice(0, -1).map(change)
    const body = changed.filter(line => line !== undefined).map(line => `${line}\n`)
    const sha256 = createHash('sha256').update(body.join('')).digest('hex')
    const trailer = { ...JSON.parse(lines.at(-1) ?? ''), sha256, signature: key.sign('backup', [sha256]) }
    await writeFile(file, `${body.join('')}${JSON.stringify(trailer)}\n`)
  }

  it('on a server with another key encrypts everything with that key', async () => {
    const world = await filled(auditEnv)
    await createBackup(world.file, world, { actor })
    const other = await backupWorld(await open(), auditEnv)

    await restoreBackup(world.file, other, { actor })
    const { rows } = await valuesOf(other)

    expect(await other.credentials.reveal(named('a'), actor)).toBe('secret a')
    expect(rows.filter(token => other.key.cipher.needsReencrypt(token))).toEqual([])
    expect(await (await restarted(other, auditEnv)).credentials.reveal(named('b'), actor)).toBe('secret b')
    expect(await other.audit.verify()).toMatchObject({ valid: true })
  })

  it('of a backup with a key from the environment takes that key, and changes nothing without it', async () => {
    const env = { ...auditEnv, SIMPLETUNER_CREDENTIAL_KEY: first }
    const world = await filled(env)
    const summary = await createBackup(world.file, world, { actor })
    const other = await backupWorld(await open(), { ...auditEnv, SIMPLETUNER_CREDENTIAL_KEY: second })
    const before = await contentsOf(other.database)

    const refused: unknown = await restoreBackup(world.file, other, { actor }).catch((error: unknown) => error)
    const unchanged = await contentsOf(other.database)
    const both = { ...auditEnv, SIMPLETUNER_CREDENTIAL_KEY: second, SIMPLETUNER_CREDENTIAL_KEY_NEXT: first }
    const withBoth = await restarted(other, both)
    await restoreBackup(world.file, withBoth, { actor })
    const after = await restarted(other, { ...auditEnv, SIMPLETUNER_CREDENTIAL_KEY: second })

    expect(summary).toMatchObject({ holdsKeys: false, keyFingerprints: [world.key.cipher.keyFingerprint] })
    expect(await readFile(world.file, 'utf8')).not.toContain(first)
    expect(refused).toMatchObject({
      code: 'ST_BACKUP_KEY_MISSING',
      message: expect.stringContaining(world.key.cipher.keyFingerprint),
    })
    expect(unchanged).toEqual(before)
    expect(await after.credentials.reveal(named('a'), actor)).toBe('secret a')
  })

  it('knows a passphrase from the environment again, on a new database', async () => {
    const env = { ...auditEnv, SIMPLETUNER_CREDENTIAL_KEY: passphrase }
    const world = await filled(env)
    await createBackup(world.file, world, { actor })
    const other = await backupWorld(await open(), env)

    await restoreBackup(world.file, other, { actor })

    expect(other.key.cipher.keyFingerprint).not.toBe(world.key.cipher.keyFingerprint)
    expect(await other.credentials.reveal(named('a'), actor)).toBe('secret a')
  })

  it('opens sealed keys with their passphrase only, and needs none where the key is here', async () => {
    const world = await filled(auditEnv)
    const key = await readFile(join(world.folder, 'credential.key'), 'utf8')
    await expect(createBackup(world.file, world, { actor, passphrase: 'short' })).rejects.toMatchObject({
      code: 'ST_BACKUP_PASSPHRASE_SHORT',
    })
    const summary = await createBackup(world.file, world, { actor, passphrase })
    const other = await backupWorld(await open(), auditEnv)

    const without: unknown = await restoreBackup(world.file, other, { actor }).catch((error: unknown) => error)
    const wrong: unknown = await restoreBackup(world.file, other, { actor, passphrase: 'canary of another' }).catch(
      (error: unknown) => error,
    )
    await restoreBackup(world.file, other, { actor, passphrase })
    await restoreBackup(world.file, world, { actor })

    expect(summary.isSealed).toBe(true)
    expect(await readFile(world.file, 'utf8')).not.toContain(key)
    expect(without).toMatchObject({ code: 'ST_BACKUP_PASSPHRASE_MISSING' })
    expect(wrong).toMatchObject({ code: 'ST_BACKUP_PASSPHRASE_WRONG' })
    expect(inspect(wrong, { depth: 20, showHidden: true }) + JSON.stringify(wrong)).not.toContain('canary')
    expect(await other.credentials.reveal(named('a'), actor)).toBe('secret a')
    expect(await world.credentials.reveal(named('a'), actor)).toBe('secret a')
  })

  it('ends a change of the key on both sides, wherever each was', async () => {
    const world = await filled(auditEnv)
    await world.rotation.begin(actor)
    await world.credentials.set(named('c'), { value: 'secret c' }, actor)
    // Values of both keys.
    await createBackup(world.file, world, { actor })
    const other = await filled(auditEnv)
    await other.database.write(transaction =>
      transaction.updateTable('credential_version').set({ value: '?' }).execute(),
    )
    await other.rotation.begin(actor)
    expect(await other.rotation.resume()).toMatchObject({ state: 'failed' })

    await restoreBackup(world.file, other, { actor, mayReplaceLog: true })
    const status = await other.rotation.status()
    await other.rotation.resume()
    const after = await restarted(other, auditEnv)

    expect(status).toMatchObject({ state: 'done' })
    expect(await after.credentials.reveal(named('a'), actor)).toBe('secret a')
    expect(await after.credentials.reveal(named('c'), actor)).toBe('secret c')
    expect((await after.key.loadRing()).keys).toHaveLength(1)
  })

  it('finds the right keys in a backup that was made while the key was changed again and again', async () => {
    const world = await filled(auditEnv)
    const done = new AbortController()
    const changing = (async () => {
      while (!done.signal.aborted) {
        await world.rotation.begin(actor)
        await world.rotation.resume()
        await setImmediate()
      }
    })()
    for (const part of [1, 2, 3, 4]) await createBackup(`${world.file}${part}`, world, { actor })
    done.abort()
    await changing

    for (const part of [1, 2, 3, 4]) {
      const other = await backupWorld(await open(), auditEnv)
      await restoreBackup(`${world.file}${part}`, other, { actor })
      expect(await other.credentials.reveal(named('b'), actor)).toBe('secret b')
    }
  })

  it('counts values that did not decrypt before, and leaves them as they are', async () => {
    const world = await filled(auditEnv)
    await world.database.write(transaction =>
      transaction.updateTable('credential_version').set({ value: 'damaged' }).where('id', '=', 2).execute(),
    )
    await createBackup(world.file, world, { actor })

    const report = await restoreBackup(world.file, world, { actor })

    expect(report.undecryptable).toBe(1)
    expect(await world.credentials.reveal(named('a'), actor)).toBe('secret a')
  })

  it('loses no entry of the audit log: a log that is another is not replaced, but by who may', async () => {
    const world = await filled(auditEnv)
    await createBackup(world.file, world, { actor })
    const other = await filled(auditEnv)
    const before = await contentsOf(other.database)

    await expect(restoreBackup(world.file, other, { actor })).rejects.toMatchObject({ code: 'ST_BACKUP_OTHER_LOG' })
    const unchanged = await contentsOf(other.database)
    const replaced = await other.audit.receipt()
    const report = await restoreBackup(world.file, other, { actor, mayReplaceLog: true })

    expect(unchanged).toEqual(before)
    expect(report.log).toBe('restored')
    const { entries } = await other.audit.page({ types: ['backup.restored'] }, { limit: 1 })
    expect(entries).toMatchObject([{ details: { replaced: { sequence: replaced.sequence, hash: replaced.hash } } }])
    expect(await other.audit.verify()).toMatchObject({ valid: true })
  })

  it('takes the longer log where the backup has it', async () => {
    const world = await filled(auditEnv)
    await createBackup(world.file, world, { actor })
    const other = await backupWorld(await open(), auditEnv)
    await restoreBackup(world.file, other, { actor })
    await createBackup(other.file, other, { actor })

    // What is here is put back to what it was, as who restores an image of a disk does.
    await world.database.write(async transaction => {
      await transaction.deleteFrom('audit_entry').where('sequence', '>', 3).execute()
      const { hash } = await transaction
        .selectFrom('audit_entry')
        .select('hash')
        .where('sequence', '=', 3)
        .executeTakeFirstOrThrow()
      const anchor = { sequence: 3, hash, first_sequence: 1, before_hash: 'genesis' }
      await transaction.updateTable('audit_anchor').set(signedAnchor(world.auditKey, anchor)).execute()
    })
    const report = await restoreBackup(other.file, world, { actor })

    expect(report.log).toBe('restored')
    expect(await world.audit.verify()).toMatchObject({ valid: true })
  })

  it('refuses a log that was tampered with and rows that are missing, also from somebody who has its key', async () => {
    const world = await filled(auditEnv)
    await createBackup(world.file, world, { actor })
    await createBackup(`${world.file}2`, world, { actor })
    const before = await contentsOf(world.database)

    await forge(world.file, world.auditKey, line => line.replace('Stored a credential', 'Stored nothing'))
    await expect(restoreBackup(world.file, world, { actor })).rejects.toMatchObject({
      code: 'ST_BACKUP_AUDIT_TAMPERED',
    })
    await forge(`${world.file}2`, world.auditKey, line => (line.startsWith('[3,1,') ? undefined : line))
    await expect(restoreBackup(`${world.file}2`, world, { actor })).rejects.toMatchObject({
      code: 'ST_BACKUP_DAMAGED',
      message: expect.stringContaining('rows are missing'),
    })
    await forge(world.file, new AuditKey(Buffer.from('another')), line => line)
    const forged = restoreBackup(world.file, world, { actor })

    await expect(forged).rejects.toMatchObject({
      code: 'ST_BACKUP_DAMAGED',
      message: expect.stringContaining('signature'),
    })
    expect(await contentsOf(world.database)).toEqual(before)
  })

  it('brings a backup of an older version up to date', async () => {
    const world = await filled(auditEnv)
    await createBackup(world.file, world, { actor })

    await forge(world.file, world.auditKey, line => line.replace('"2026-11-23-idempotency",', ''))
    const report = await restoreBackup(world.file, world, { actor })

    expect(report.rows).toMatchObject({ credential: 2 })
    expect(await world.credentials.reveal(named('a'), actor)).toBe('secret a')
  })

  it('puts back the key of the audit log with its log, and only for who may replace it', async () => {
    const world = await filled()
    await createBackup(world.file, world, { actor })
    const other = await filled()

    await expect(restoreBackup(world.file, other, { actor })).rejects.toMatchObject({ code: 'ST_BACKUP_AUDIT_KEY' })
    const fixed = await filled(auditEnv)
    const kept = restoreBackup(world.file, fixed, { actor, mayReplaceLog: true })
    await expect(kept).rejects.toMatchObject({ code: 'ST_BACKUP_AUDIT_KEY' })
    await restoreBackup(world.file, other, { actor, mayReplaceLog: true })
    const after = await restarted(other)

    expect(after.auditKey.fingerprint).toBe(world.auditKey.fingerprint)
    expect(await after.audit.verify()).toMatchObject({ valid: true })
    expect((await readdir(other.folder)).toSorted()).toEqual(['audit.key', 'audit.key.previous', 'credential.key'])
  })

  it('that ended before its log was there leaves the key of the audit log as it was', async () => {
    const world = await filled()
    const path = join(world.folder, 'audit.key')
    const offered = join(await mkdtemp(join(homedir(), 'offered-')), 'audit.key')

    await writeFile(`${path}.restored`, 'another key', { mode: 0o600 })
    await settleAuditKey(path, world.database)
    await settleAuditKey(offered, world.database)

    expect((await restarted(world)).auditKey.fingerprint).toBe(world.auditKey.fingerprint)
    await expect(access(`${path}.restored`)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  async function valuesOf({ database }: BackupWorld): Promise<{ readonly rows: readonly string[] }> {
    const rows = await database.reads.selectFrom('credential_version').select('value').execute()
    return { rows: rows.map(({ value }) => value) }
  }
})
