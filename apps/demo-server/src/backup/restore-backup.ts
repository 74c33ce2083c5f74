import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditKey } from '../audit/audit-key.ts'
import { AuditLog } from '../audit/audit-log.ts'
import type { Schema } from '../database/schema.ts'
import { offerAuditKey, settleAuditKey } from './audit-key-file.ts'
import type { BackupContext } from './backup-context.ts'
import { BackupError } from './backup-error.ts'
import { auditTables } from './backup-format.ts'
import { type ChosenLog, chooseLog, readEnd } from './choose-log.ts'
import { raiseCounters } from './counters.ts'
import { openScratchFolder } from './scratch-folder.ts'
import { openKeys } from './sealed-keys.ts'
import { type StagedBackup, stageBackup } from './stage-backup.ts'
import { findKeys, reencryptStaged } from './staged-keys.ts'
import { type StagedTable, stagedTables } from './staged-tables.ts'
import { tableRows } from './table-rows.ts'
import { rowsByTable } from './write-backup.ts'

/** Who restores a backup, and how. */
export interface RestoreOptions {
  readonly actor: AuditActor
  /** What the keys in the backup are sealed with. Default: nothing, or they are not needed. */
  readonly passphrase?: string | undefined
  /**
   * Whether the audit log that is here may be replaced by one that does not continue it, and its key with it. Only for who
   * can do so anyway, with the server stopped. Default: `false`.
   */
  readonly mayReplaceLog?: boolean | undefined
  /** Called when everything has changed, to forget what this process keeps. Other instances are told. */
  readonly onRestored?: (() => void) | undefined
}

/** What was restored. */
export interface RestoreReport {
  /** When the backup was made. */
  readonly createdAt: string
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>
  /** Values that do not decrypt: they did not when the backup was made. */
  readonly undecryptable: number
  /** Whether the audit log is the one that was here, or the one in the backup. */
  readonly log: ChosenLog['log']
}

/**
 * Puts a backup in the place of everything that is here, all of it or nothing. Before that it sees to it that the backup is
 * whole, that its credentials decrypt, and that its audit log is as it was written. Its credentials are encrypted with the
 * key of this server. Everybody has to sign in again.
 *
 * @throws BackupError; nothing was changed.
 */
export async function restoreBackup(
  path: string,
  context: BackupContext,
  options: RestoreOptions,
): Promise<RestoreReport> {
  await using scratch = await openScratchFolder(context.folder)
  await using staged = await stageBackup(path, scratch.path)
  const { passphrase, mayReplaceLog = false, onRestored } = options
  await context.key.refresh()
  const { cipher, auditKey } = await findKeys(context, staged, passphrase)
  const chosen = await chooseLog(context, { ...staged, auditKey }, mayReplaceLog)
  const undecryptable = await reencryptStaged(staged.database, cipher)
  const report = {
    createdAt: staged.header.createdAt,
    rows: rowsByTable(staged.header, staged.trailer),
    undecryptable,
    log: chosen.log,
  }
  await offerKey(context, staged, { auditKey, passphrase })
  try {
    await replaceAll(context, staged, { chosen, auditKey, report, actor: options.actor })
  } finally {
    if (context.auditKeyFile !== undefined) await settleAuditKey(context.auditKeyFile, context.database)
  }
  onRestored?.()
  return report
}

/** The same for a backup that is sent, which is written down first. @throws BackupError */
export async function restoreUpload(
  upload: Readable,
  context: BackupContext,
  options: RestoreOptions,
): Promise<RestoreReport> {
  await using scratch = await openScratchFolder(context.folder)
  const path = join(scratch.path, 'upload')
  await pipeline(upload, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  // Awaited here, because the folder is removed when this function ends.
  return await restoreBackup(path, context, options)
}

/** Where the log in the backup has another key, that key is put back with it. */
async function offerKey(
  context: BackupContext,
  { header }: StagedBackup,
  { auditKey, passphrase }: { readonly auditKey: AuditKey; readonly passphrase: string | undefined },
): Promise<void> {
  if (auditKey.fingerprint === context.auditKey.fingerprint) return
  const { secret } = (await openKeys(header, passphrase)).auditKey
  // From the environment comes a key that whoever set it has to change.
  if (context.auditKeyFile === undefined || secret === undefined) throw new BackupError('audit_key')
  await offerAuditKey(context.auditKeyFile, Buffer.from(secret, 'base64'))
}

interface Replacement {
  readonly chosen: ChosenLog
  /** Of the log that there is afterwards. */
  readonly auditKey: AuditKey
  readonly report: RestoreReport
  readonly actor: AuditActor
}

async function replaceAll(
  context: BackupContext,
  { header, database: staged }: StagedBackup,
  { chosen, auditKey, report, actor }: Replacement,
): Promise<void> {
  const { database, key, now = () => new Date() } = context
  const fingerprint = key.cipher.keyFingerprint
  const all = await stagedTables(staged)
  const tables = chosen.log === 'restored' ? all : all.filter(({ name }) => !auditTables.has(name))
  const log = new AuditLog(database, auditKey, now)
  await database.write(async transaction => {
    await requireUnchanged(context, transaction, { chosen, fingerprint })
    const revoked = await transaction
      .selectFrom('api_token')
      .select(['secret_hash', 'revoked_at'])
      .where('revoked_at', 'is not', null)
      .execute()
    for (const { name } of tables.toReversed()) await clearTable(transaction, database.kind, name)
    for (const table of tables) await copyTable(staged, transaction, table)
    await raiseCounters(transaction, database.kind, header.counters)
    for (const { secret_hash: hash, revoked_at: moment } of revoked) await revokeAgain(transaction, hash, moment)
    await endRotations(transaction, now().toISOString())
    const replaced = chosen.log === 'restored' ? { replaced: chosen.end } : {}
    await log.append(transaction, {
      type: 'backup.restored',
      actor,
      action: `Restored the backup of ${report.createdAt}`,
      details: { createdAt: report.createdAt, log: report.log, undecryptable: report.undecryptable, ...replaced },
    })
    await database.invalidations.announce(transaction, 'everything')
  })
}

async function requireUnchanged(
  { key }: BackupContext,
  transaction: Transaction<Schema>,
  { chosen, fingerprint }: { readonly chosen: ChosenLog; readonly fingerprint: string },
): Promise<void> {
  await key.requireCurrent(transaction)
  if (key.cipher.keyFingerprint !== fingerprint) throw new BackupError('conflict')
  const end = await readEnd(transaction)
  if (chosen.log === 'restored' && end.hash !== chosen.end.hash) throw new BackupError('conflict')
}

/** SQLite answers when all is done: a part at a time, so that others are answered between them. */
async function clearTable(transaction: Transaction<Schema>, kind: 'sqlite' | 'postgres', name: string): Promise<void> {
  const table = sql.table(name)
  if (kind === 'postgres') {
    await sql`delete from ${table}`.execute(transaction)
    return
  }
  for (let removed = 1n; removed > 0n;) {
    const part = sql`delete from ${table} where rowid in (select rowid from ${table} limit 5000)`
    removed = (await part.execute(transaction)).numAffectedRows ?? 0n
    await setImmediate()
  }
}

async function copyTable(
  staged: Kysely<Schema>,
  transaction: Transaction<Schema>,
  { name, columns }: StagedTable,
): Promise<void> {
  for await (const rows of tableRows(staged, 'sqlite', name)) {
    if (rows.length === 0) continue
    const values = rows.map(row => sql`(${sql.join(columns.map(column => row[column]))})`)
    await sql`
      insert into ${sql.table(name)} (${sql.join(columns.map(column => sql.ref(column)))}) values ${sql.join(values)}
    `.execute(transaction)
    await setImmediate()
  }
}

/** A token that was revoked since the backup does not come back: it may be in the wrong hands. */
async function revokeAgain(transaction: Transaction<Schema>, hash: string, moment: string | null): Promise<void> {
  await transaction
    .updateTable('api_token')
    .set({ revoked_at: moment })
    .where('secret_hash', '=', hash)
    .where('revoked_at', 'is', null)
    .execute()
}

/** No value of a key of before is left: they were all encrypted with the one of this server. */
async function endRotations(transaction: Transaction<Schema>, moment: string): Promise<void> {
  await transaction.updateTable('key_check').set({ previous_fingerprint: null, previous_check_value: null }).execute()
  await transaction
    .updateTable('key_rotation')
    .set({ state: 'done', is_paused: false, updated_at: moment, finished_at: moment })
    .where('id', '=', eb => eb.selectFrom('key_rotation as last').select(({ fn }) => fn.max('last.id').as('id')))
    .where('state', '<>', 'done')
    .execute()
}
