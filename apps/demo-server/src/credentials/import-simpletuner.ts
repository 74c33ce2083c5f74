import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type CredentialCipher, CredentialError } from '@st/credential-crypto'
import type { Transaction } from 'kysely'
import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Schema } from '../database/schema.ts'
import { Refusal } from '../refusal.ts'
import { nameKey } from '../users/user-rules.ts'
import type { CipherSource } from './credential-cipher-source.ts'
import { requireCredentialName, requireCredentialValue } from './credential-rules.ts'
import { CredentialStore } from './credential-store.ts'

/** Where to import from, and with what. */
export interface SimpleTunerImport {
  /** SimpleTuner's `jobs.db`, which is only read. */
  readonly path: string
  /** Reads what SimpleTuner encrypted. */
  readonly cipher: CredentialCipher
  readonly actor: AuditActor
}

/** Why a row was not imported. */
export type ImportSkip =
  /** There is no user of this name here. */
  | 'no_such_user'
  /** There is such a credential already; it is left as it is. */
  | 'exists'
  /** It was encrypted with another key, or is damaged. */
  | 'undecryptable'
  /** Its name or value breaks a rule. */
  | 'invalid'

/** What came of it. */
export interface ImportReport {
  readonly imported: number
  /** How many of these were stored in plaintext. */
  readonly plaintext: number
  /** Rows that were left out, by their id in SimpleTuner's table. */
  readonly skipped: readonly { readonly id: number; readonly reason: ImportSkip }[]
}

/** What an import works with. */
export interface ImportContext {
  readonly writes: AuditedWrites
  readonly ciphers: CipherSource
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/**
 * Takes over the credentials of an existing SimpleTuner, all in one transaction; users are matched by name. What was
 * encrypted is decrypted with SimpleTuner's key, what was stored in plaintext is recognised, and both are encrypted here.
 *
 * @throws Refusal `IMPORT_UNREADABLE` when the file is no such database.
 */
export async function importSimpleTunerCredentials(
  { writes, ciphers, now = () => new Date() }: ImportContext,
  { path, cipher, actor }: SimpleTunerImport,
): Promise<ImportReport> {
  const event = { type: 'credential.imported', actor, action: "Imported SimpleTuner's credentials" } as const
  const store = new CredentialStore(ciphers)
  return writes.write(event, async ({ transaction, record }) => {
    const rows = readRows(path)
    const users = await usersByName(transaction)
    const skipped: ImportReport['skipped'][number][] = []
    let plaintext = 0
    for (const row of rows) {
      const read = readValue(row.value, cipher)
      const reason = await importRow(transaction, store, {
        row,
        read,
        userId: users.get(nameKey(row.user)),
        now: now(),
      })
      if (reason !== undefined) skipped.push({ id: row.id, reason })
      else if (read?.wasPlaintext === true) plaintext += 1
    }
    const report = { imported: rows.length - skipped.length, plaintext, skipped }
    await record({ details: { imported: report.imported, plaintext, skipped: skipped.slice(0, 100) } })
    return report
  })
}

interface SourceRow {
  readonly id: number
  readonly user: string
  readonly provider: string
  readonly name: string
  readonly value: string
  readonly createdAt: string
  readonly updatedAt: string | null
  readonly lastUsedAt: string | null
  readonly isActive: boolean
}

function readRows(path: string): readonly SourceRow[] {
  // SQLite's own message about a file that is not there says "unable to open", like that about any other failure.
  if (!existsSync(path)) throw unreadable()
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    const rows = database
      .prepare(
        `SELECT c.id, u.username AS user, c.provider, c.credential_name AS name, c.credential_value AS value,
          c.created_at, c.updated_at, c.last_used_at, c.is_active
        FROM provider_credentials c JOIN users u ON u.id = c.user_id ORDER BY c.id`,
      )
      .all()
    return rows.map(row => ({
      id: Number(row['id']),
      user: String(row['user']),
      provider: String(row['provider']),
      name: String(row['name']),
      value: String(row['value']),
      createdAt: moment(row['created_at']) ?? new Date(0).toISOString(),
      updatedAt: moment(row['updated_at']),
      lastUsedAt: moment(row['last_used_at']),
      isActive: row['is_active'] !== 0,
    }))
  } catch {
    throw unreadable()
  } finally {
    database?.close()
  }
}

function unreadable(): Refusal {
  return new Refusal(
    'invalid',
    'IMPORT_UNREADABLE',
    'The file is not a database of SimpleTuner with credentials and users.',
  )
}

/** Python writes microseconds and an offset; here all moments are alike. */
function moment(value: unknown): string | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

async function usersByName(transaction: Transaction<Schema>): Promise<ReadonlyMap<string, number>> {
  const users = await transaction.selectFrom('user_account').select(['id', 'name_key']).execute()
  return new Map(users.map(user => [user.name_key, user.id]))
}

/** `undefined` for what was encrypted and cannot be decrypted. */
function readValue(
  stored: string,
  cipher: CredentialCipher,
): { readonly value: string; readonly wasPlaintext: boolean } | undefined {
  try {
    return { value: cipher.decrypt(stored), wasPlaintext: false }
  } catch (error) {
    if (!CredentialError.isInstance(error)) throw error
    const isNoToken = error.kind === 'malformed' || error.kind === 'unsupported_version'
    return isNoToken && !looksEncrypted(stored) ? { value: stored, wasPlaintext: true } : undefined
  }
}

/** A token that was cut off must not become a credential: Fernet's base64 once and twice, until the year 2106, and ours. */
function looksEncrypted(stored: string): boolean {
  return /^\s*(?:gAAAAA|Z0FBQUFB|st2\.)/.test(stored)
}

async function importRow(
  transaction: Transaction<Schema>,
  store: CredentialStore,
  {
    row,
    read,
    userId,
    now,
  }: {
    readonly row: SourceRow
    readonly read: ReturnType<typeof readValue>
    readonly userId: number | undefined
    readonly now: Date
  },
): Promise<ImportSkip | undefined> {
  if (userId === undefined) return 'no_such_user'
  if (read === undefined) return 'undecryptable'
  if (!keepsRules(row, read.value)) return 'invalid'
  const key = { userId, provider: row.provider, name: row.name }
  if ((await store.find(transaction, key)) !== undefined) return 'exists'
  const stored = await store.put(transaction, key, { value: read.value, now, by: null })
  const { createdAt, updatedAt, lastUsedAt, isActive } = row
  await transaction
    .updateTable('credential')
    .set({ created_at: createdAt, updated_at: updatedAt, last_used_at: lastUsedAt, is_active: isActive })
    .where('id', '=', stored.id)
    .execute()
  return undefined
}

function keepsRules(row: SourceRow, value: string): boolean {
  try {
    requireCredentialName(row)
    requireCredentialValue(value)
    return true
  } catch {
    return false
  }
}
