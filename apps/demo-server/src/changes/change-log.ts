import type { Generated } from 'kysely'
import type { Database } from '../database/database.ts'

/** A secret that was set or deleted through the server; never a value. */
export interface SecretChange {
  /** ISO 8601, UTC. */
  readonly changedAt: string
  readonly action: 'set' | 'deleted'
  readonly key: string
}

/** One row for each secret that was set or deleted through the server; never a value. */
export interface SecretChangeTable {
  readonly id: Generated<number>
  /** ISO 8601, UTC. */
  readonly changed_at: string
  readonly action: 'set' | 'deleted'
  readonly secret_key: string
}

/** What was changed through the server, newest first. */
export class ChangeLog {
  readonly #database: Database
  readonly #now: () => Date

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database
    this.#now = now
  }

  /** Adds a change; durable when it resolves. */
  async record(action: SecretChange['action'], key: string): Promise<void> {
    const row = { changed_at: this.#now().toISOString(), action, secret_key: key }
    await this.#database.write(transaction => transaction.insertInto('secret_change').values(row).execute())
  }

  /** The newest changes. */
  async latest(limit: number): Promise<readonly SecretChange[]> {
    const rows = await this.#database.reads
      .selectFrom('secret_change')
      .select(['changed_at', 'action', 'secret_key'])
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(row => ({ changedAt: row.changed_at, action: row.action, key: row.secret_key }))
  }
}
