import { link, readFile, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isAnchorSigned } from '../audit/audit-chain.ts'
import { AuditKey } from '../audit/audit-key.ts'
import type { Database } from '../database/database.ts'
import { createSecretFile, syncFolder } from '../secret-file.ts'

/**
 * Puts a key beside that of the audit log, for {@link settleAuditKey} to take up or to throw away.
 *
 * @param path - Of the key of the audit log.
 */
export async function offerAuditKey(path: string, secret: Uint8Array): Promise<void> {
  await unlink(offered(path)).catch(ignoreMissing)
  await createSecretFile(offered(path), secret)
}

/**
 * Ends a restore that put back a key of the audit log, wherever it was left: the key that signed the log in the database is
 * the right one. To be called before the key is loaded. Does nothing when there was no such restore.
 */
export async function settleAuditKey(path: string, database: Database): Promise<void> {
  const secret = await readFile(offered(path)).catch(ignoreMissing)
  if (secret === undefined) return
  if (await hasSigned(new AuditKey(secret), database)) {
    await unlink(`${path}.previous`).catch(ignoreMissing)
    await link(path, `${path}.previous`).catch(ignoreMissing)
    await rename(offered(path), path)
  } else await unlink(offered(path))
  await syncFolder(dirname(path))
}

async function hasSigned(key: AuditKey, database: Database): Promise<boolean> {
  const row = await database.reads.selectFrom('audit_anchor').selectAll().where('id', '=', 1).executeTakeFirst()
  return row !== undefined && isAnchorSigned(key, row)
}

function offered(path: string): string {
  return `${path}.restored`
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
