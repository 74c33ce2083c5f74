import { resolve } from 'node:path'
import { CredentialError } from '@st/credential-crypto'
import { createRedactor } from '@st/secrets-core/redactor'
import { AuditError } from './audit/audit-error.ts'
import type { BackupContext } from './backup/backup-context.ts'
import { BackupError } from './backup/backup-error.ts'
import { createBackup } from './backup/create-backup.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import type { LockKind } from './file-lock.ts'
import { KeyError } from './key-rotation/key-error.ts'
import { openFoundations } from './open-foundations.ts'
import { composeServices } from './services.ts'
import { startErrorOf } from './start-error.ts'

const actor = { name: 'command line' }

/**
 * Makes a backup; a server may be running meanwhile. The keys are in it, sealed with `ST_BACKUP_PASSPHRASE` where that is
 * set: never on the command line, which other users can read.
 *
 * @param path - A new file, which only its owner may read.
 * @returns What to print.
 * @throws StartError
 */
export async function backUp(path: string): Promise<string> {
  return withBackups('shared', async (context, passphrase) => {
    const { rows, isSealed, holdsKeys } = await createBackup(resolve(path), context, { actor, passphrase })
    const keys = holdsKeys
      ? `The keys are in it, ${isSealed ? 'sealed with the passphrase' : 'as they are: keep it as safe as them'}.`
      : 'The keys are not in it: they come from the environment.'
    return `Backup made: ${path}, rows: ${sumOf(rows)}. ${keys}`
  })
}

/**
 * Puts a backup in the place of everything, with the server stopped. The audit log that is here is replaced, too, where it
 * does not continue that of the backup, which the new one then says.
 *
 * @returns What to print.
 * @throws StartError; nothing was changed.
 */
export async function restore(path: string): Promise<string> {
  return withBackups('exclusive', async (context, passphrase) => {
    const options = { actor, passphrase, mayReplaceLog: true }
    const { createdAt, rows, undecryptable, log } = await restoreBackup(resolve(path), context, options)
    const left = undecryptable === 0 ? '' : ` Values that do not decrypt, as when it was made: ${undecryptable}.`
    const kept = log === 'kept' ? 'The audit log that was here goes on' : 'The audit log is that of the backup'
    return `Restored: what there was at ${createdAt}, rows: ${sumOf(rows)}. ${kept}. Everybody has to sign in again.${left}`
  })
}

async function withBackups(
  use: LockKind,
  work: (context: BackupContext, passphrase: string | undefined) => Promise<string>,
): Promise<string> {
  await using foundations = await openFoundations(createRedactor(), use)
  const { audit } = composeServices(foundations)
  try {
    return await work({ ...foundations, audit }, process.env['ST_BACKUP_PASSPHRASE'] || undefined)
  } catch (error) {
    const isToldWhole = error instanceof BackupError || error instanceof AuditError || error instanceof KeyError
    if (isToldWhole || CredentialError.isInstance(error)) throw startErrorOf(error)
    throw error
  }
}

function sumOf(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0)
}
