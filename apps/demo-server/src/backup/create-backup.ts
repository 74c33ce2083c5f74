import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, link, open, readdir, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { AuditActor } from '../audit/audit-event.ts'
import { syncFolder } from '../secret-file.ts'
import type { BackupContext } from './backup-context.ts'
import { BackupError } from './backup-error.ts'
import { openScratchFolder } from './scratch-folder.ts'
import type { BackupKeyOptions } from './bundled-keys.ts'
import { type BackupSummary, writeBackup } from './write-backup.ts'

/** Who makes a backup, and how. */
export interface BackupOptions {
  readonly actor: AuditActor
  /** Seals the keys in it: at least 12 characters. Default: none, which {@link createBackup} and {@link downloadBackup} tell. */
  readonly passphrase?: string | undefined
}

/**
 * Makes a file for its owner only that holds everything, whole and durable or not at all. That it was made is in the audit
 * log before it is there. Without a passphrase the keys are in it as they are in their own files.
 *
 * @throws BackupError `exists`, `unavailable`, `passphrase_short`
 */
export async function createBackup(
  path: string,
  context: BackupContext,
  options: BackupOptions,
): Promise<BackupSummary> {
  await requireFree(path)
  await removeLeftOvers(dirname(path))
  const temporary = join(dirname(path), `.st-backup-${randomBytes(6).toString('hex')}`)
  try {
    const summary = await writeFile(temporary, context, { passphrase: options.passphrase })
    await recordBackup(context, options.actor, summary)
    await link(temporary, path)
    await syncFolder(dirname(path))
    return summary
  } catch (error) {
    throw failureOf(error, path)
  } finally {
    await unlink(temporary).catch(() => undefined)
  }
}

/** A backup that is to be sent to somebody. */
export interface BackupDownload {
  readonly summary: BackupSummary
  readonly bytes: number
  /** Ends without a trace on the disk, also when it is destroyed. */
  readonly stream: Readable
}

/**
 * Makes a backup to be sent. It is written whole before the first byte leaves: nobody who reads slowly keeps the database
 * from tidying up, and no failure comes in the middle. No key leaves the server as it is: without a passphrase there is what
 * the keys are recognised by, and the backup is restored where they are.
 */
export async function downloadBackup(context: BackupContext, options: BackupOptions): Promise<BackupDownload> {
  await using scratch = await openScratchFolder(context.folder)
  const path = join(scratch.path, 'backup')
  const { actor, passphrase } = options
  const summary = await writeFile(path, context, { passphrase, leavesOutKeys: passphrase === undefined })
  await recordBackup(context, actor, summary)
  const { size } = await stat(path)
  const stream = createReadStream(path)
  // Once it is open its name can go.
  await new Promise<void>((resolve, reject) => void stream.once('open', () => resolve()).once('error', reject))
  return { summary, bytes: size, stream }
}

async function writeFile(path: string, context: BackupContext, keys: BackupKeyOptions): Promise<BackupSummary> {
  await using file = await open(path, 'wx', 0o600)
  const summary = await writeBackup(context, text => file.appendFile(text), keys)
  await file.sync()
  return summary
}

async function recordBackup({ audit }: BackupContext, actor: AuditActor, summary: BackupSummary): Promise<void> {
  const { rows: _rows, ...details } = summary
  await audit.record({ type: 'backup.created', actor, action: 'Made a backup', details })
}

async function requireFree(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new BackupError('exists', path)
}

/** What a process that was killed has left. */
async function removeLeftOvers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter(found => /^\.st-backup-[0-9a-f]{12}$/.test(basename(found)))) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    // One that is being written is younger.
    if (found !== undefined && Date.now() - found.mtimeMs > 60_000) await unlink(path).catch(() => undefined)
  }
}

function failureOf(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error
  return error.code === 'EEXIST' ? new BackupError('exists', path) : new BackupError('unavailable', String(error.code))
}
