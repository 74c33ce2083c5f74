import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import {
  type AuditAnchor,
  type AuditReceipt,
  emptyAnchor,
  entryHash,
  isAnchorSigned,
  isReceiptSigned,
  signedAnchor,
  signedReceipt,
} from './audit-chain.ts'
import { AuditError } from './audit-error.ts'
import type { AuditActor, AuditEntry, AuditEvent } from './audit-event.ts'
import { auditCondition, type AuditFilter } from './audit-filter.ts'
import type { AuditKey } from './audit-key.ts'
import { searchAuditLog } from './search-audit-log.ts'
import { type AuditStatistics, auditStatistics } from './audit-statistics.ts'
import type { AuditEntryTable } from './audit-tables.ts'
import { type AuditRange, type AuditVerification, verifyAuditChain } from './verify-audit-chain.ts'

/** A part of the entries, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[]
  /** How many match in all. */
  readonly total: number
  /** For `before`, to get the next part; absent at the end. */
  readonly nextBefore?: number
}

/** The whole log for an export. */
export interface AuditExport {
  /** Oldest first. */
  readonly entries: AsyncIterable<AuditEntry>
  /** Shows that they were exported: to be given to who got the last of them. */
  readonly receipt: AuditReceipt
}

const batchSize = 500

/**
 * What was done and what was refused, in a chain of signatures. Whatever is changed in the table, inserted or cut off is
 * found by {@link AuditLog.verify}; only somebody who also puts back an anchor of earlier needs a receipt to be found.
 */
export class AuditLog {
  readonly #database: Database
  readonly #key: AuditKey
  readonly #now: () => Date

  constructor(database: Database, key: AuditKey, now: () => Date = () => new Date()) {
    this.#database = database
    this.#key = key
    this.#now = now
  }

  /**
   * Adds an event inside the transaction of the change that it is about: both are kept or none.
   *
   * @param transaction - Of `database.write`, which lets one run at a time.
   * @throws AuditError `anchor_invalid` when the end of the log is not as this key signed it: to go on would hide that.
   */
  async append(transaction: Transaction<Schema>, event: AuditEvent): Promise<AuditEntry> {
    const anchor = await this.#readAnchor(transaction)
    const unsigned = {
      sequence: anchor.sequence + 1,
      ...columnsOf(event),
      occurred_at: this.#now().toISOString(),
      previous_hash: anchor.hash,
    }
    const row = { ...unsigned, hash: entryHash(this.#key, unsigned) }
    await transaction.insertInto('audit_entry').values(row).execute()
    await this.#writeAnchor(transaction, { ...anchor, sequence: row.sequence, hash: row.hash })
    return entryOf(row)
  }

  /** Adds an event that belongs to no change, such as an attempt that was refused. Durable when it resolves. */
  record(event: AuditEvent): Promise<AuditEntry> {
    return this.#database.write(transaction => this.append(transaction, event))
  }

  /** The newest entries that match, `limit` of them, older than the entry `before`. */
  async page(
    filter: AuditFilter,
    { limit, before }: { readonly limit: number; readonly before?: number | undefined },
  ): Promise<AuditPage> {
    const part = { limit: limit + 1, before }
    const { rows, total } = await (filter.text === undefined
      ? this.#select(filter, part)
      : searchAuditLog(this.#database.reads, filter, part))
    const entries = rows.slice(0, limit).map(entryOf)
    const last = entries.at(-1)
    return rows.length > limit && last !== undefined
      ? { entries, total, nextBefore: last.sequence }
      : { entries, total }
  }

  /** One entry; `undefined` when there is none of this number. */
  async entry(sequence: number): Promise<AuditEntry | undefined> {
    const row = await this.#database.reads
      .selectFrom('audit_entry')
      .selectAll()
      .where('sequence', '=', sequence)
      .executeTakeFirst()
    return row && entryOf(row)
  }

  /** What happened from a moment on, counted. */
  statistics(since: Date): Promise<AuditStatistics> {
    return auditStatistics(this.#database.reads, since)
  }

  /** All that match, oldest first, read a part at a time. Entries that are added meanwhile are not among them. */
  async *entries(filter: AuditFilter = {}, through?: number): AsyncGenerator<AuditEntry, void> {
    const last = through ?? (await this.receipt()).sequence
    for (let after = 0; ;) {
      const rows = await this.#database.reads
        .selectFrom('audit_entry')
        .selectAll()
        .where(eb => auditCondition(eb, filter))
        .where('sequence', '>', after)
        .where('sequence', '<=', last)
        .orderBy('sequence')
        .limit(batchSize)
        .execute()
      yield* rows.map(entryOf)
      // An embedded database keeps everybody else waiting while it reads.
      await nextTurn()
      after = rows.at(-1)?.sequence ?? last
      if (rows.length < batchSize) return
    }
  }

  /** All entries, and what shows that they were exported. */
  async export(): Promise<AuditExport> {
    const receipt = await this.receipt()
    return { entries: this.entries({}, receipt.sequence), receipt }
  }

  /**
   * The end of the log, signed. Kept away from the database, it makes {@link AuditLog.verify} find even that the whole
   * database was put back to an earlier state.
   *
   * @throws AuditError `anchor_invalid`
   */
  async receipt(): Promise<AuditReceipt> {
    const row = await this.#database.reads.selectFrom('audit_anchor').selectAll().where('id', '=', 1).executeTakeFirst()
    return signedReceipt(this.#key, this.#checked(row))
  }

  /** Looks whether the log, or a part of it, is as it was written. */
  verify(range: AuditRange = {}): Promise<AuditVerification> {
    return verifyAuditChain(this.#database.reads, this.#key, range)
  }

  /**
   * Removes what was exported and is older than a date, from the beginning of the log and without gaps, and records that.
   * The log then begins with what is left. Nothing else shortens it.
   *
   * @returns How many entries were removed.
   * @throws AuditError `receipt_invalid` for a receipt of another log; `tampered` when what was to be removed, which could
   *   not be verified any more, is not as it was written.
   */
  removeExported(before: Date, receipt: AuditReceipt, actor: AuditActor): Promise<number> {
    return this.#database.write(async transaction => {
      const anchor = await this.#readAnchor(transaction)
      const last = await this.#lastRemovable(transaction, { anchor, before, receipt })
      if (last < anchor.first_sequence) return 0
      const { valid } = await verifyAuditChain(transaction, this.#key, { to: last, receipt })
      if (!valid) {
        throw new AuditError('tampered', 'The entries to be removed are not as they were written.', 'Verify the log.')
      }
      const { hash } = await transaction
        .selectFrom('audit_entry')
        .select('hash')
        .where('sequence', '=', last)
        .executeTakeFirstOrThrow()
      await transaction.deleteFrom('audit_entry').where('sequence', '<=', last).execute()
      await this.#writeAnchor(transaction, { ...anchor, first_sequence: last + 1, before_hash: hash })
      const removed = last + 1 - anchor.first_sequence
      await this.append(transaction, {
        type: 'audit.removed',
        actor,
        action: `Removed ${removed} exported entries`,
        details: { first: anchor.first_sequence, last, before: before.toISOString() },
      })
      return removed
    })
  }

  async #select(
    filter: AuditFilter,
    { limit, before }: { readonly limit: number; readonly before: number | undefined },
  ): Promise<{ readonly rows: readonly AuditEntryTable[]; readonly total: number }> {
    const matching = this.#database.reads.selectFrom('audit_entry').where(eb => auditCondition(eb, filter))
    const older = before === undefined ? matching : matching.where('sequence', '<', before)
    const rows = await older.selectAll().orderBy('sequence', 'desc').limit(limit).execute()
    const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    return { rows, total }
  }

  async #lastRemovable(
    transaction: Transaction<Schema>,
    {
      anchor,
      before,
      receipt,
    }: { readonly anchor: AuditAnchor; readonly before: Date; readonly receipt: AuditReceipt },
  ): Promise<number> {
    if (!isReceiptSigned(this.#key, receipt)) {
      throw new AuditError(
        'receipt_invalid',
        'The receipt is not one of this log.',
        'Export the log and use that receipt.',
      )
    }
    const kept = await transaction
      .selectFrom('audit_entry')
      .select(({ fn }) => fn.min('sequence').as('first'))
      .where('occurred_at', '>=', before.toISOString())
      .executeTakeFirst()
    return Math.min(receipt.sequence, anchor.sequence, (kept?.first ?? Infinity) - 1)
  }

  async #readAnchor(transaction: Transaction<Schema>): Promise<AuditAnchor> {
    const row = await transaction.selectFrom('audit_anchor').selectAll().where('id', '=', 1).executeTakeFirst()
    if (row !== undefined) return this.#checked(row)
    const entry = await transaction.selectFrom('audit_entry').select('sequence').limit(1).executeTakeFirst()
    if (entry !== undefined) throw anchorInvalid()
    return emptyAnchor
  }

  #checked(row: Parameters<typeof isAnchorSigned>[1] | undefined): AuditAnchor {
    if (row === undefined) return emptyAnchor
    if (!isAnchorSigned(this.#key, row)) throw anchorInvalid()
    return row
  }

  async #writeAnchor(transaction: Transaction<Schema>, anchor: AuditAnchor): Promise<void> {
    const { sequence, hash, first_sequence, before_hash } = anchor
    const row = signedAnchor(this.#key, { sequence, hash, first_sequence, before_hash })
    await transaction
      .insertInto('audit_anchor')
      .values(row)
      .onConflict(conflict => conflict.column('id').doUpdateSet(row))
      .execute()
  }
}

function anchorInvalid(): AuditError {
  return new AuditError(
    'anchor_invalid',
    'The end of the audit log is not as this key signed it.',
    'Use the key that the log was written with (SIMPLETUNER_AUDIT_KEY), or restore a backup.',
  )
}

function columnsOf({
  type,
  outcome = 'done',
  actor,
  target,
  action,
  details = {},
}: AuditEvent): Omit<AuditEntryTable, 'sequence' | 'occurred_at' | 'previous_hash' | 'hash'> {
  return {
    event_type: type,
    outcome,
    actor_id: actor.id ?? null,
    actor_name: storable(actor.name),
    actor_ip: storable(actor.ip),
    target_type: storable(target?.type),
    target_id: storable(target?.id),
    request_id: storable(actor.requestId),
    action: storable(action) ?? '',
    details: JSON.stringify(details),
  }
}

/** As both databases keep it: PostgreSQL has no NUL, UTF-8 no lone surrogates. What was refused may hold either. */
function storable(text: string | undefined): string | null {
  return text === undefined ? null : text.toWellFormed().replaceAll('\0', '\uFFFD')
}

function entryOf(row: AuditEntryTable): AuditEntry {
  return {
    sequence: row.sequence,
    occurredAt: row.occurred_at,
    type: row.event_type,
    outcome: row.outcome,
    actorId: row.actor_id,
    actorName: row.actor_name,
    actorIp: row.actor_ip,
    targetType: row.target_type,
    targetId: row.target_id,
    requestId: row.request_id,
    action: row.action,
    details: parsed(row.details),
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

/** What was tampered with may not be JSON any more, and is shown all the same. */
function parsed(details: string): unknown {
  try {
    return JSON.parse(details)
  } catch {
    return details
  }
}
