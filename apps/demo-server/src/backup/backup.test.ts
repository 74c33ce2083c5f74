import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import { describeDatabases } from '../testing/databases.ts'
import { type BackupWorld, backupWorld } from './__fixtures__/backup-world.ts'
import { contentsOf } from './__fixtures__/contents.ts'
import { createBackup, downloadBackup } from './create-backup.ts'
import { restoreBackup, restoreUpload } from './restore-backup.ts'

const actor = { name: 'test' }
const secret = 'canary-value-of-a-credential'
const named = (name: string) => ({ userId: 1, provider: 'p', name })

beforeEach(() => resetGlobalCaches())

describeDatabases('a backup', ({ kind, open, openAt }) => {
  const openSqlite = async (): Promise<Database> => openAt(join(await mkdtemp(join(homedir(), 'other-')), 'demo.db'))

  /** A server with something of everything in it. */
  async function filled(database?: Database): Promise<BackupWorld> {
    const world = await backupWorld(database ?? (await open()))
    await world.users.create({ name: 'ann', role: 'admin' }, actor)
    await world.users.create({ name: 'bob "\\ 日本語 🙂', role: 'viewer' }, actor)
    await world.apiTokens.create(1, { name: 'ci' }, actor)
    await world.credentials.set(named('a'), { value: secret, description: 'line\nbreak \u2028' }, actor)
    await world.credentials.set(named('a'), { value: `${secret} 2` }, actor)
    await world.credentials.set(named('gone'), { value: 'x' }, actor)
    await world.credentials.delete(named('gone'), actor)
    return world
  }

  it('brings everything back, and the audit log goes on', async () => {
    const world = await filled()
    const before = await contentsOf(world.database)
    const summary = await createBackup(world.file, world, { actor })
    await world.users.create({ name: 'eve', role: 'viewer' }, actor)
    await world.credentials.set(named('a'), { value: 'changed' }, actor)
    await world.credentials.set(named('later'), { value: 'y' }, actor)
    await world.database.write(transaction => transaction.deleteFrom('api_token').execute())
    const told: string[] = []
    world.database.invalidations.subscribe(what => told.push(typeof what === 'string' ? what : what.cache))

    const report = await restoreBackup(world.file, world, { actor, onRestored: () => told.push('here') })

    const after = await contentsOf(world.database)
    expect({ ...after, audit_entry: [], audit_anchor: [] }).toEqual({ ...before, audit_entry: [], audit_anchor: [] })
    expect(await world.credentials.reveal(named('a'), actor)).toBe(`${secret} 2`)
    expect(report).toMatchObject({ createdAt: summary.createdAt, undecryptable: 0, log: 'kept' })
    expect(report.rows).toMatchObject({ user_account: 2, credential: 1, credential_version: 2 })
    const types = (await world.audit.page({}, { limit: 100 })).entries.map(({ type }) => type)
    expect(types.slice(0, 3)).toEqual(['credential.revealed', 'backup.restored', 'credential.created'])
    expect(types).toContain('backup.created')
    expect(await world.audit.verify()).toMatchObject({ valid: true })
    const expected = kind === 'postgres' ? ['everything', 'here'] : ['here']
    await expect.poll(() => [...new Set(told)].toSorted()).toEqual(expected)
  })

  it('does not bring back a token that was revoked since', async () => {
    const world = await filled()
    const { token } = await world.apiTokens.create(1, { name: 'lost' }, actor)
    await createBackup(world.file, world, { actor })
    await world.database.write(transaction =>
      transaction.updateTable('api_token').set({ revoked_at: token.createdAt }).where('id', '=', token.id).execute(),
    )

    await restoreBackup(world.file, world, { actor })

    const rows = await world.database.reads
      .selectFrom('api_token')
      .select(['name', 'revoked_at'])
      .orderBy('id')
      .execute()
    expect(rows).toEqual([
      { name: 'ci', revoked_at: null },
      { name: 'lost', revoked_at: token.createdAt },
    ])
  })

  it('gives out no number twice after it was restored', async () => {
    const world = await filled()
    await createBackup(world.file, world, { actor })
    const eve = await world.users.create({ name: 'eve', role: 'viewer' }, actor)
    const later = await world.credentials.set(named('later'), { value: 'y' }, actor)

    await restoreBackup(world.file, world, { actor })
    const fay = await world.users.create({ name: 'fay', role: 'viewer' }, actor)
    const last = await world.credentials.set(named('last'), { value: 'z' }, actor)
    const other = await backupWorld(await (kind === 'sqlite' ? openSqlite() : open()))
    await restoreBackup(world.file, other, { actor, mayReplaceLog: true })
    const elsewhere = await (
      await backupWorld(other.database, {}, other.folder)
    ).credentials.set(named('last'), { value: 'z' }, actor)

    expect(fay.id).toBeGreaterThan(eve.id)
    expect(last.id).toBeGreaterThan(later.id)
    // The number 3 was that of a credential which was deleted before the backup.
    expect(elsewhere.id).toBe(4)
  })

  it('is the same for both databases', async () => {
    const world = await filled()
    const before = await contentsOf(world.database)
    await createBackup(world.file, world, { actor })
    const other = await backupWorld(await openSqlite())
    const back = await backupWorld(await open())

    await restoreBackup(world.file, other, { actor, mayReplaceLog: true })
    const between = await backupWorld(other.database, {}, other.folder)
    await createBackup(between.file, between, { actor })
    await restoreBackup(between.file, back, { actor, mayReplaceLog: true })

    const there = await backupWorld(back.database, {}, back.folder)
    const { audit_entry: entries = [], ...rest } = await contentsOf(there.database)
    const { audit_entry: entriesBefore = [], ...restBefore } = before
    expect(entries.slice(0, entriesBefore.length)).toEqual(entriesBefore)
    // The values are encrypted with the key of each server.
    const unlike = { credential_version: [], audit_anchor: [] }
    expect({ ...rest, ...unlike }).toEqual({ ...restBefore, ...unlike })
    expect(await there.credentials.reveal(named('a'), actor)).toBe(`${secret} 2`)
    expect(await there.audit.verify()).toMatchObject({ valid: true })
  })

  it('is as of one moment while others write', async () => {
    const world = await filled()
    const done = new AbortController()
    const writing = (async () => {
      for (let index = 0; !done.signal.aborted; index += 1) {
        await world.credentials.set(named(`n${index}`), { value: `v${index}` }, actor)
        await setImmediate()
      }
    })()
    for (let index = 0; index < 3; index += 1) await createBackup(`${world.file}${index}`, world, { actor })
    done.abort()
    await writing

    const restored = await backupWorld(await openSqlite())
    await restoreBackup(`${world.file}2`, restored, { actor, mayReplaceLog: true })
    const there = await backupWorld(restored.database, {}, restored.folder)
    const { total } = await there.audit.page({ types: ['credential.created'] }, { limit: 1 })
    const stored = await there.credentials.list(1, { limit: 100_000 })

    // One of those that were created was deleted.
    expect(stored).toHaveLength(total - 1)
    expect(stored.length).toBeGreaterThan(1)
  })

  it('is a file for its owner only that takes the place of none, holds no value, and is in the audit log', async () => {
    const world = await filled()

    const summary = await createBackup(world.file, world, { actor })
    await expect(createBackup(world.file, world, { actor })).rejects.toMatchObject({ code: 'ST_BACKUP_EXISTS' })
    const nowhere = createBackup(join(world.folder, 'no', 'such'), world, { actor })
    await expect(nowhere).rejects.toMatchObject({
      code: 'ST_BACKUP_UNAVAILABLE',
      message: expect.stringContaining('ENOENT'),
    })

    expect((await stat(world.file)).mode & 0o777).toBe(0o600)
    expect(await readFile(world.file, 'utf8')).not.toContain('canary')
    expect((await readdir(world.folder)).toSorted()).toEqual(['audit.key', 'credential.key', 'test.backup'])
    const { entries } = await world.audit.page({ types: ['backup.'] }, { limit: 10 })
    expect(entries).toMatchObject([
      {
        type: 'backup.created',
        actorName: 'test',
        details: { sha256: summary.sha256, holdsKeys: true, isSealed: false },
      },
    ])
  })

  it('removes what one that was killed has left', async () => {
    const world = await filled()
    const old = new Date(Date.now() - 7_200_000)
    const left = join(world.folder, '.st-backup-0123456789ab')
    await writeFile(left, '')
    await utimes(left, old, old)

    await createBackup(world.file, world, { actor })

    expect(await readdir(world.folder)).not.toContain('.st-backup-0123456789ab')
  })

  it('is sent and received, leaving nothing on the disk', async () => {
    const world = await filled()

    const { stream, bytes, summary } = await downloadBackup(world, { actor })
    const body = await buffer(stream)
    const names = await readdir(world.folder)
    const report = await restoreUpload(Readable.from([body.subarray(0, 1000), body.subarray(1000)]), world, { actor })

    expect(body).toHaveLength(bytes)
    expect(report.createdAt).toBe(summary.createdAt)
    expect(names.toSorted()).toEqual(['audit.key', 'credential.key'])
    expect((await readdir(world.folder)).toSorted()).toEqual(['audit.key', 'credential.key'])
  })

  it('that is damaged anywhere is refused, and nothing changes', async () => {
    const world = await filled()
    await createBackup(world.file, world, { actor })
    const whole = await readFile(world.file)
    const text = whole.toString()
    const lines = text.trimEnd().split('\n')
    const swapped = [lines[0], lines[2], lines[1], ...lines.slice(3)]
    const before = await contentsOf(world.database)
    const damaged: readonly (readonly [string, string | Buffer, string])[] = [
      ['empty', '', 'NOT_A_BACKUP'],
      ['something else', 'hello', 'NOT_A_BACKUP'],
      ['something else in lines', '{"a":1}\n{"b":2}\n', 'NOT_A_BACKUP'],
      ['later format', text.replace('"version":1', '"version":2'), 'NEWER'],
      ['later tables', text.replace('"2026-11-23-audit"', '"2027-01-01-more","2026-11-23-audit"'), 'NEWER'],
      ['a row less', text.replace(`${lines[3]}\n`, ''), 'DAMAGED'],
      ['a row twice', text.replace(`${lines[3]}\n`, `${lines[3]}\n${lines[3]}\n`), 'DAMAGED'],
      ['rows in another order', `${swapped.join('\n')}\n`, 'DAMAGED'],
      ['more behind its end', `${text}[]\n`, 'DAMAGED'],
      ['no line end', text.trimEnd(), 'DAMAGED'],
      ['another role', text.replace('"viewer"', '"admin"'), 'DAMAGED'],
      ['a table that is left out', text.replace('"name":"api_token"', '"name":"user_session"'), 'DAMAGED'],
      ['a table that is not there', text.replace('"name":"api_token"', '"name":"api_tokens"'), 'DAMAGED'],
      ['a column that is not there', text.replace('"columns":["id"', '"columns":["ids"'), 'DAMAGED'],
      ['a row of another type', text.replace(/\n\[3,1,/, '\n[3,"1",'), 'DAMAGED'],
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(tenths => cutOff(whole, Math.floor((whole.length * tenths) / 10))),
    ]

    for (const [title, contents, code] of damaged) {
      await writeFile(world.file, contents)
      const error: unknown = await restoreBackup(world.file, world, { actor }).catch((failure: unknown) => failure)
      expect([title, error]).toMatchObject([title, { name: 'BackupError', code: `ST_BACKUP_${code}` }])
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('ann')
    }
    await rm(world.file)
    await expect(restoreBackup(world.file, world, { actor })).rejects.toMatchObject({ code: 'ST_BACKUP_UNAVAILABLE' })

    expect(await contentsOf(world.database)).toEqual(before)
    expect(await readdir(world.folder)).not.toContainEqual(expect.stringMatching(/^backup-/))
  })

  it('that is cut off by a byte is refused', async () => {
    const world = await filled()
    await createBackup(world.file, world, { actor })
    const { size } = await stat(world.file)

    await truncate(world.file, size - 1)

    await expect(restoreBackup(world.file, world, { actor })).rejects.toMatchObject({ code: 'ST_BACKUP_DAMAGED' })
  })
})

/** Within its first line it cannot be told from something else. */
function cutOff(whole: Buffer, at: number): readonly [string, Buffer, string] {
  const isInHeader = at <= whole.indexOf('\n')
  return [`cut off at ${at}`, whole.subarray(0, at), isInHeader ? 'NOT_A_BACKUP' : 'DAMAGED']
}
