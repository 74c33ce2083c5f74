import { readFile } from 'node:fs/promises'
import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { type DatabaseKey, readDatabaseKey } from '../key-rotation/database-key.ts'
import { KeyError } from '../key-rotation/key-error.ts'
import { KeyRing, type NamedKey } from '../key-rotation/key-ring.ts'
import type { BackupContext } from './backup-context.ts'
import { BackupError } from './backup-error.ts'
import type { BackupHeader } from './backup-format.ts'
import { type BundledKeys, sealKeys } from './sealed-keys.ts'

/** The keys that a backup needs, and what they are recognised by. */
export type BackupKeys = BundledKeys & Pick<BackupHeader, 'salt'>

/** How the keys from files are in a backup. */
export interface BackupKeyOptions {
  /** Seals them. */
  readonly passphrase?: string | undefined
  /** Whether there is only what they are recognised by. Default: no. */
  readonly leavesOutKeys?: boolean | undefined
}

/**
 * Collects the keys that the values of a snapshot were encrypted with. Keys from files are among them themselves unless they
 * are to be left out, of those from the environment what they are recognised by.
 *
 * @throws KeyError `mismatch` when one is not here; BackupError `conflict` when the files have just been changed.
 */
export async function bundleKeys(
  context: BackupContext,
  snapshot: Kysely<Schema>,
  { before, passphrase, leavesOutKeys = false }: BackupKeyOptions & { readonly before: KeyRing },
): Promise<BackupKeys> {
  const row = await readDatabaseKey(snapshot)
  if (row === undefined) throw new KeyError('missing', 'of this server')
  const isWithSecrets = context.key.source.kind === 'file' && !leavesOutKeys
  const needed = checksOf(row)
  // A rotation may have begun since the keys were read and before the snapshot was taken.
  const isComplete = needed.every(([fingerprint]) => before.has(fingerprint))
  const { keys } = isComplete ? before : before.with(await context.key.loadRing())
  const credentialKeys = []
  for (const [fingerprint, check] of needed) {
    const key = keys.find(found => found.fingerprint === fingerprint)
    if (key === undefined) throw new KeyError('mismatch', fingerprint)
    credentialKeys.push({ fingerprint, check, ...(isWithSecrets ? { secret: await secretOf(key, row.salt) } : {}) })
  }
  const bundled = { credentialKeys, auditKey: await auditKeyOf(context, leavesOutKeys) }
  return { ...(await sealKeys(bundled, passphrase)), salt: row.salt }
}

function checksOf(row: DatabaseKey): readonly (readonly [fingerprint: string, check: string])[] {
  const current = [row.fingerprint, row.check_value] as const
  const { previous_fingerprint: previous, previous_check_value: check } = row
  return previous === null || check === null ? [current] : [current, [previous, check]]
}

/** As text, which a key file is. It may have been replaced since it was read. */
async function secretOf({ source, fingerprint }: NamedKey, salt: string): Promise<string> {
  const secret = source.secret ?? (await readFile(source.keyFile ?? '', 'utf8').catch(ignoreMissing))?.trim()
  const isThisKey = Boolean(secret) && (await KeyRing.load([{ secret: secret ?? '' }], salt)).has(fingerprint)
  if (!isThisKey || secret === undefined) throw new BackupError('conflict')
  return secret
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

async function auditKeyOf(
  { auditKey, auditKeyFile }: BackupContext,
  isLeftOut: boolean,
): Promise<BundledKeys['auditKey']> {
  const { fingerprint } = auditKey
  if (isLeftOut || auditKeyFile === undefined) return { fingerprint }
  return { fingerprint, secret: await readFile(auditKeyFile, 'base64') }
}
