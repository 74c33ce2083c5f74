import type { Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { Refusal } from '../refusal.ts'
import type { AuditEntry, AuditEvent } from './audit-event.ts'
import type { AuditLog } from './audit-log.ts'

/** A transaction in which a change and its audit entry are made. */
export interface AuditedTransaction {
  readonly transaction: Transaction<Schema>
  /** Adds what was done to the audit log, with the change. Default: the attempt as it was announced. */
  readonly record: (event?: Partial<AuditEvent>) => Promise<AuditEntry>
}

/** Changes that are in the audit log whether they were made or refused. */
export class AuditedWrites {
  readonly #database: Database
  readonly #log: AuditLog

  constructor(database: Database, log: AuditLog) {
    this.#database = database
    this.#log = log
  }

  /**
   * Makes a change.
   *
   * @param attempt - What it is about. Recorded as refused, with the code, when `work` throws a {@link Refusal}.
   * @param work - Makes the change and calls `record`; may be called again, see `Database.write`.
   */
  async write<T>(attempt: AuditEvent, work: (audited: AuditedTransaction) => Promise<T>): Promise<T> {
    try {
      return await this.#database.write(transaction =>
        work({ transaction, record: event => this.#log.append(transaction, { ...attempt, ...event }) }),
      )
    } catch (error) {
      if (error instanceof Refusal) await this.refuse(attempt, error)
      throw error
    }
  }

  /** Records an attempt that was refused before anything was tried. */
  async refuse(attempt: AuditEvent, { code }: Refusal): Promise<void> {
    await this.#log.record({ ...attempt, outcome: 'refused', details: { ...attempt.details, code } })
  }

  /** Adds an event inside a transaction of another kind. */
  async append(transaction: Transaction<Schema>, event: AuditEvent): Promise<void> {
    await this.#log.append(transaction, event)
  }
}
