import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import {
  type AuditAnchor,
  type AuditReceipt,
  emptyAnchor,
  entryHash,
  isAnchorSigned,
  isReceiptSigned,
} from './audit-chain.ts'
import type { AuditKey } from './audit-key.ts'
import type { AuditAnchorTable, AuditEntryTable } from './audit-tables.ts'

/** What to verify. */
export interface AuditRange {
  /** First sequence number. Default: the beginning of the log. */
  readonly from?: number | undefined
  /** Last sequence number. Default: the end of the log, which is then compared with the anchor. */
  readonly to?: number | undefined
  /** A receipt of earlier: the log must still hold that entry. Default: none. */
  readonly receipt?: AuditReceipt | undefined
}

/** A place where the log is not as it was written. */
export interface AuditProblem {
  readonly kind:
    /** The entry is not what was signed. */
    | 'changed'
    /** It does not follow on the one before. */
    | 'unlinked'
    /** Entries from here on are not there; `count` of them. */
    | 'missing'
    /** It lies outside of the log. */
    | 'unexpected'
    /** The anchor is not there, or not what was signed. */
    | 'anchor'
    /** The receipt is not of this log, or the log does not hold its entry. */
    | 'receipt'
  /** Sequence number; 0 where it is about none. */
  readonly sequence: number
  /** Of entries; 1 but for `missing`. */
  readonly count: number
}

/** What a verification found. */
export interface AuditVerification {
  readonly valid: boolean
  /** Entries that were looked at. */
  readonly checked: number
  /** Problems in all. */
  readonly problemCount: number
  /** The first hundred of them. */
  readonly problems: readonly AuditProblem[]
}

const batchSize = 1000
const shownProblems = 100

/** Verifies the log, or a part of it, as it was when this was called. */
export async function verifyAuditChain(
  database: Kysely<Schema>,
  key: AuditKey,
  range: AuditRange = {},
): Promise<AuditVerification> {
  for (;;) {
    const { anchor, problems } = await readAnchor(database, key)
    const walk = new ChainWalk(key, anchor, range)
    for (const problem of problems) walk.note(problem)
    await walk.through(database)
    const now = await readAnchor(database, key)
    // Exported entries may have been removed meanwhile.
    if (now.anchor.first_sequence === anchor.first_sequence) return walk.result()
  }
}

/** Goes through the entries in order and notes what does not fit. */
class ChainWalk {
  readonly #key: AuditKey
  readonly #anchor: AuditAnchor
  readonly #range: AuditRange
  /** Entries up to here are never changed any more, whatever is added meanwhile. */
  readonly #to: number
  readonly #problems: AuditProblem[] = []
  #problemCount = 0
  #checked = 0
  #expected: number
  /** `undefined` after a gap. */
  #previousHash: string | undefined

  constructor(key: AuditKey, anchor: AuditAnchor, range: AuditRange) {
    this.#key = key
    this.#anchor = anchor
    this.#range = range
    this.#to = Math.min(range.to ?? anchor.sequence, anchor.sequence)
    this.#expected = Math.max(range.from ?? anchor.first_sequence, anchor.first_sequence)
    this.#previousHash = anchor.before_hash
  }

  async through(database: Kysely<Schema>): Promise<void> {
    const { from, to, receipt } = this.#range
    await this.#begin(database)
    for (let after = from === undefined ? undefined : from - 1; ;) {
      const rows = await readRows(database, after, this.#to)
      for (const row of rows) this.#visit(row)
      after = rows.at(-1)?.sequence
      if (rows.length < batchSize) break
      // An embedded database keeps everybody else waiting while it reads.
      await nextTurn()
    }
    this.#end()
    const beyond = to === undefined ? await readBeyond(database) : []
    for (const sequence of beyond) this.note({ kind: 'unexpected', sequence })
    if (receipt !== undefined) await this.#compare(database, receipt)
  }

  /** A part begins with the hash that the entry before it has in the table. */
  async #begin(database: Kysely<Schema>): Promise<void> {
    if (this.#expected === this.#anchor.first_sequence) return
    const before = await readRow(database, this.#expected - 1)
    this.#previousHash = before?.hash
    if (before === undefined) this.note({ kind: 'missing', sequence: this.#expected - 1 })
  }

  #visit(row: AuditEntryTable): void {
    const { sequence } = row
    this.#checked += 1
    if (sequence < this.#expected) {
      this.note({ kind: 'unexpected', sequence })
      return
    }
    if (sequence > this.#expected) {
      this.note({ kind: 'missing', sequence: this.#expected, count: sequence - this.#expected })
      this.#previousHash = undefined
    }
    if (entryHash(this.#key, row) !== row.hash) this.note({ kind: 'changed', sequence })
    const isLinked = this.#previousHash === undefined || row.previous_hash === this.#previousHash
    if (!isLinked) this.note({ kind: 'unlinked', sequence })
    this.#expected = sequence + 1
    this.#previousHash = row.hash
  }

  /** The part must be there to its end, and the log end as its anchor says. */
  #end(): void {
    const { sequence, hash } = this.#anchor
    const missing = this.#to + 1 - this.#expected
    if (missing > 0) this.note({ kind: 'missing', sequence: this.#expected, count: missing })
    else if (this.#to === sequence && this.#expected === sequence + 1 && this.#previousHash !== hash) {
      this.note({ kind: 'unlinked', sequence })
    }
  }

  async #compare(database: Kysely<Schema>, receipt: AuditReceipt): Promise<void> {
    const isGone = receipt.sequence < this.#anchor.first_sequence
    const held = isGone ? receipt.hash : (await readRow(database, receipt.sequence))?.hash
    if (!isReceiptSigned(this.#key, receipt) || held !== receipt.hash) {
      this.note({ kind: 'receipt', sequence: receipt.sequence })
    }
  }

  result(): AuditVerification {
    return {
      valid: this.#problemCount === 0,
      checked: this.#checked,
      problemCount: this.#problemCount,
      problems: this.#problems,
    }
  }

  note({ kind, sequence, count = 1 }: Omit<AuditProblem, 'count'> & { readonly count?: number }): void {
    this.#problemCount += 1
    if (this.#problems.length < shownProblems) this.#problems.push({ kind, sequence, count })
  }
}

async function readAnchor(
  database: Kysely<Schema>,
  key: AuditKey,
): Promise<{ readonly anchor: AuditAnchor; readonly problems: readonly AuditProblem[] }> {
  const anchor: AuditAnchorTable | undefined = await database
    .selectFrom('audit_anchor')
    .selectAll()
    .where('id', '=', 1)
    .executeTakeFirst()
  if (anchor !== undefined && isAnchorSigned(key, anchor)) return { anchor, problems: [] }
  const isNew = anchor === undefined && (await readRows(database, undefined)).length === 0
  const problems = isNew ? [] : [{ kind: 'anchor' as const, sequence: 0, count: 1 }]
  return { anchor: anchor ?? emptyAnchor, problems }
}

/** In one statement, which sees entries and their anchor as of one moment. */
async function readBeyond(database: Kysely<Schema>): Promise<readonly number[]> {
  const rows = await database
    .selectFrom('audit_entry')
    .select('sequence')
    .where('sequence', '>', eb => eb.selectFrom('audit_anchor').select('sequence').where('id', '=', 1))
    .orderBy('sequence')
    .limit(shownProblems)
    .execute()
  return rows.map(({ sequence }) => sequence)
}

async function readRow(database: Kysely<Schema>, sequence: number): Promise<AuditEntryTable | undefined> {
  return database.selectFrom('audit_entry').selectAll().where('sequence', '=', sequence).executeTakeFirst()
}

function readRows(database: Kysely<Schema>, after: number | undefined, to?: number): Promise<AuditEntryTable[]> {
  let query = database.selectFrom('audit_entry').selectAll().orderBy('sequence').limit(batchSize)
  if (after !== undefined) query = query.where('sequence', '>', after)
  if (to !== undefined) query = query.where('sequence', '<=', to)
  return query.execute()
}
