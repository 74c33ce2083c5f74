import type { Kysely } from 'kysely'
import { type AuditReceipt, emptyAnchor, isAnchorSigned, signedReceipt } from '../audit/audit-chain.ts'
import type { AuditKey } from '../audit/audit-key.ts'
import { verifyAuditChain } from '../audit/verify-audit-chain.ts'
import type { Schema } from '../database/schema.ts'
import type { BackupContext } from './backup-context.ts'
import { BackupError } from './backup-error.ts'
import type { StagedBackup } from './stage-backup.ts'

/** Which audit log there is after a restore. */
export interface ChosenLog {
  /** The one that is here, or the one in the backup. */
  readonly log: 'kept' | 'restored'
  /** The end of the log that is here. A log that is replaced must not have grown since. */
  readonly end: Pick<AuditReceipt, 'sequence' | 'hash'>
}

/**
 * Decides so that no entry is lost: the log that continues the other one stays. A restore does not take back what the log
 * says has happened since.
 *
 * @param mayReplace - Whether a log that is not continued may be replaced, which only who has the server's files may ask.
 * @throws BackupError `audit_tampered` for a log in the backup that is not as it was written; `other_log`, `audit_key`.
 */
export async function chooseLog(
  { database, auditKey }: BackupContext,
  {
    header,
    database: staged,
    auditKey: stagedKey,
  }: Pick<StagedBackup, 'header' | 'database'> & {
    readonly auditKey: AuditKey
  },
  mayReplace: boolean,
): Promise<ChosenLog> {
  await requireWhole(staged, stagedKey, header.receipt)
  const end = await readEnd(database.reads)
  const isSameKey = stagedKey.fingerprint === auditKey.fingerprint
  if (isSameKey && (await continues(database.reads, auditKey, header.receipt))) return { log: 'kept', end }
  if (mayReplace) return { log: 'restored', end }
  if (!isSameKey) throw new BackupError('audit_key')
  const isContinued = end.isSigned(auditKey) && (await continues(staged, stagedKey, signedReceipt(auditKey, end)))
  if (!isContinued) throw new BackupError('other_log')
  return { log: 'restored', end }
}

/** Up to the end that the backup was made with. */
async function requireWhole(staged: Kysely<Schema>, key: AuditKey, receipt: AuditReceipt): Promise<void> {
  const isWhole = await continues(staged, key, receipt)
  const { hash } = await readEnd(staged)
  if (!isWhole || hash !== receipt.hash) throw new BackupError('audit_tampered')
}

/** Whether a log is as it was written and holds the entry of a receipt. */
async function continues(database: Kysely<Schema>, key: AuditKey, receipt: AuditReceipt): Promise<boolean> {
  const { valid } = await verifyAuditChain(database, key, { receipt })
  return valid
}

/** Where a log ends. */
export async function readEnd(
  database: Pick<Kysely<Schema>, 'selectFrom'>,
): Promise<ChosenLog['end'] & { readonly isSigned: (key: AuditKey) => boolean }> {
  const row = await database.selectFrom('audit_anchor').selectAll().where('id', '=', 1).executeTakeFirst()
  const { sequence, hash } = row ?? emptyAnchor
  return { sequence, hash, isSigned: key => row === undefined || isAnchorSigned(key, row) }
}
