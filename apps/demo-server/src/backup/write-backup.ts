import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { type AuditReceipt, emptyAnchor, signedReceipt } from '../audit/audit-chain.ts'
import type { AuditKey } from '../audit/audit-key.ts'
import type { Schema } from '../database/schema.ts'
import type { KeyRing } from '../key-rotation/key-ring.ts'
import type { BackupContext } from './backup-context.ts'
import { BackupError } from './backup-error.ts'
import { type BackupHeader, type BackupTrailer, formatName, formatVersion, tablesLeftOut } from './backup-format.ts'
import { type BackupKeyOptions, bundleKeys } from './bundled-keys.ts'
import { readCounters } from './counters.ts'
import { tableRows } from './table-rows.ts'

/** What a backup holds. */
export interface BackupSummary {
  readonly createdAt: string
  /** Of the credentials, newest first. */
  readonly keyFingerprints: readonly string[]
  /** Whether the keys themselves are in it, and not only what they are recognised by. */
  readonly holdsKeys: boolean
  /** Whether a passphrase seals them. */
  readonly isSealed: boolean
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>
  readonly sha256: string
}

/** Takes the text of a backup, some lines at a time. */
export type BackupSink = (text: string) => Promise<unknown>

/** Writes a backup of the database as it is at one moment, beside whatever is written. */
export async function writeBackup(
  context: BackupContext,
  sink: BackupSink,
  keys: BackupKeyOptions,
): Promise<BackupSummary> {
  for (let tries = 1; ; tries += 1) {
    try {
      const before = await context.key.loadRing()
      return await context.database.snapshot(snapshot => writeSnapshot(context, snapshot, { ...keys, before, sink }))
    } catch (error) {
      // The key was being changed. Nothing was written yet: the keys come first.
      const isConflict = error instanceof BackupError && error.kind === 'conflict'
      if (!isConflict || tries === 3) throw error
    }
  }
}

async function writeSnapshot(
  context: BackupContext,
  snapshot: Kysely<Schema>,
  { sink, ...options }: KeyOptions & { readonly sink: BackupSink },
): Promise<BackupSummary> {
  const header = await headerOf(context, snapshot, options)
  const hash = createHash('sha256')
  const write = async (text: string): Promise<void> => {
    hash.update(text)
    await sink(text)
  }
  await write(`${JSON.stringify(header)}\n`)
  const rows = []
  for (const number of header.tables.keys()) rows.push(await writeTable(context, snapshot, { header, number, write }))
  const sha256 = hash.digest('hex')
  const trailer: BackupTrailer = { rows, sha256, signature: context.auditKey.sign('backup', [sha256]) }
  await sink(`${JSON.stringify(trailer)}\n`)
  return {
    createdAt: header.createdAt,
    keyFingerprints: header.credentialKeys.map(({ fingerprint }) => fingerprint),
    holdsKeys: header.credentialKeys.every(({ secret }) => secret !== undefined),
    isSealed: header.passphraseSalt !== undefined,
    rows: rowsByTable(header, trailer),
    sha256,
  }
}

interface KeyOptions extends BackupKeyOptions {
  /** The keys that were here before the snapshot. */
  readonly before: KeyRing
}

/** How many rows of each table a backup holds. */
export function rowsByTable(header: BackupHeader, trailer: BackupTrailer): Readonly<Record<string, number>> {
  return Object.fromEntries(header.tables.map(({ name }, number) => [name, trailer.rows[number] ?? 0]))
}

async function headerOf(context: BackupContext, snapshot: Kysely<Schema>, options: KeyOptions): Promise<BackupHeader> {
  const { database, auditKey, now = () => new Date() } = context
  const tables = await tablesOf(snapshot, database.kind)
  return {
    format: formatName,
    version: formatVersion,
    createdAt: now().toISOString(),
    database: database.kind,
    migrations: [...(await migrationsOf(snapshot))],
    ...(await bundleKeys(context, snapshot, options)),
    receipt: await receiptOf(snapshot, auditKey),
    tables,
    counters: await readCounters(snapshot, database.kind, namesOf(tables)),
  }
}

async function writeTable(
  { database }: BackupContext,
  snapshot: Kysely<Schema>,
  { header, number, write }: { readonly header: BackupHeader; readonly number: number; readonly write: BackupSink },
): Promise<number> {
  const { name, columns } = header.tables[number] ?? { name: '', columns: [] }
  let count = 0
  for await (const rows of tableRows(snapshot, database.kind, name)) {
    const lines = rows.map(row => `${JSON.stringify([number, ...columns.map(column => row[column])])}\n`)
    if (lines.length > 0) await write(lines.join(''))
    count += rows.length
  }
  return count
}

/** All that the migrations have made, whoever adds one. */
async function tablesOf(snapshot: Kysely<Schema>, kind: 'sqlite' | 'postgres'): Promise<BackupHeader['tables']> {
  const schema = kind === 'postgres' ? await currentSchema(snapshot) : undefined
  const found = await snapshot.introspection.getTables()
  return found
    .filter(table => !table.isView && table.schema === schema && !tablesLeftOut.has(table.name))
    .map(({ name, columns }) => ({ name, columns: columns.map(column => column.name) }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

async function currentSchema(snapshot: Kysely<Schema>): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(snapshot)
  return rows[0]?.name
}

/** The end of the log in the snapshot. One that nobody signed is noticed when the backup is recorded in it. */
async function receiptOf(snapshot: Kysely<Schema>, key: AuditKey): Promise<AuditReceipt> {
  const row = await snapshot.selectFrom('audit_anchor').selectAll().where('id', '=', 1).executeTakeFirst()
  const { sequence, hash } = row ?? emptyAnchor
  return signedReceipt(key, { sequence, hash })
}

function namesOf(tables: BackupHeader['tables']): readonly string[] {
  return tables.map(({ name }) => name)
}

async function migrationsOf(snapshot: Kysely<Schema>): Promise<readonly string[]> {
  type Names = { readonly kysely_migration: { readonly name: string } }
  const rows = await snapshot
    .withTables<Names>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}
