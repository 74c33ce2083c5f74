import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql, type Transaction } from 'kysely'
import { DatabaseError } from './database-error.ts'
import type { Invalidations } from './invalidations.ts'
import type { Schema } from './schema.ts'
import { WriteQueue } from './write-queue.ts'

/** What a database is made of. */
export interface DatabaseParts {
  readonly kind: 'sqlite' | 'postgres'
  /** For reading, beside a write that runs. */
  readonly reads: Kysely<Schema>
  /** For writing; may be the same. */
  readonly writes: Kysely<Schema>
  /** Opens another connection for reading; absent where `reads` has several. */
  readonly openReads?: () => Kysely<Schema>
  readonly invalidations: Invalidations
  /** For how long a write is tried again while others are in its way. */
  readonly lockWaitMs: number
}

/** The server's own database: SQLite in a file, or PostgreSQL. Every failure of it is a {@link DatabaseError}. */
export class Database implements AsyncDisposable {
  /** Which of the two. */
  readonly kind: 'sqlite' | 'postgres'
  /** Tells other instances what has changed. */
  readonly invalidations: Invalidations
  readonly #reads: Kysely<Schema>
  readonly #writes: Kysely<Schema>
  readonly #openReads: (() => Kysely<Schema>) | undefined
  readonly #lockWaitMs: number
  readonly #queue = new WriteQueue()
  #isClosed = false

  constructor({ kind, reads, writes, openReads, invalidations, lockWaitMs }: DatabaseParts) {
    this.kind = kind
    this.invalidations = invalidations
    this.#reads = reads
    this.#writes = writes
    this.#openReads = openReads
    this.#lockWaitMs = lockWaitMs
  }

  /**
   * Reads what was committed, without waiting for a write.
   *
   * @throws DatabaseError `closed`
   */
  get reads(): Kysely<Schema> {
    if (this.#isClosed) throw new DatabaseError('closed')
    return this.#reads
  }

  /**
   * Reads what was committed at one moment, however long that takes. Nobody waits for it; what is written meanwhile it does
   * not see.
   *
   * @throws DatabaseError
   */
  async snapshot<T>(work: (reads: Transaction<Schema>) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new DatabaseError('closed')
    // On a connection of its own: one that others read on would not be free for them.
    const own = this.#openReads?.()
    try {
      const transaction = (own ?? this.#reads).transaction()
      return await transaction.setIsolationLevel('repeatable read').setAccessMode('read only').execute(work)
    } finally {
      await own?.destroy()
    }
  }

  /**
   * Changes something, all of it or nothing. One write runs at a time, whatever the instance: none sees another half done.
   *
   * @param work - Gets the transaction. Called again when another write was in the way or the connection was lost before
   *   anything was committed, so it must do nothing but read and write there. What it throws undoes everything.
   * @returns What `work` returned, once it is durable.
   * @throws DatabaseError
   */
  write<T>(work: (transaction: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.#transact(work, this.kind === 'postgres' ? lockWriter : undefined)
  }

  /** The same for changes of the tables themselves, when the one that `write` locks may not be there yet. */
  migrate(work: (transaction: Transaction<Schema>) => Promise<void>): Promise<void> {
    return this.#transact(work, this.kind === 'postgres' ? lockMigrations : undefined)
  }

  /** Whether another process has a connection: always `false` for a file. @throws DatabaseError */
  async isUsedElsewhere(): Promise<boolean> {
    if (this.kind === 'sqlite') return false
    const { rows } = await othersConnected.execute(this.reads)
    return rows.length > 0
  }

  /** Waits for the writes that were asked for, then closes all connections. Later calls do nothing. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#queue.idle()
    await this.invalidations.close()
    await this.#reads.destroy()
    if (this.#writes !== this.#reads) await this.#writes.destroy()
  }

  /** The same as {@link Database.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #transact<T>(
    work: (transaction: Transaction<Schema>) => Promise<T>,
    lock?: (transaction: Transaction<Schema>) => Promise<void>,
  ): Promise<T> {
    if (this.#isClosed) throw new DatabaseError('closed')
    return this.#queue.run(() =>
      this.#patiently(() =>
        this.#writes
          .transaction()
          .setIsolationLevel(lock === lockMigrations ? 'read committed' : 'serializable')
          .execute(async transaction => {
            await lock?.(transaction)
            return work(transaction)
          }),
      ),
    )
  }

  async #patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#lockWaitMs
    let lostConnections = 0
    for (let waitMs = 2; ; waitMs = Math.min(waitMs * 2, 50)) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof DatabaseError && error.isTransient)) throw error
        if (error.kind === 'unavailable') lostConnections += 1
        if (lostConnections > 1 || performance.now() >= deadline) throw error
        // Different for each process, or they would meet again.
        await delay(waitMs * (0.5 + Math.random()))
      }
    }
  }
}

/** Each process has a name of its own, which begins like those of all others. */
const othersConnected = sql`
  select 1 from pg_stat_activity
  where datname = current_database()
    and application_name like 'st-demo-server %' and application_name <> current_setting('application_name')
`

/**
 * Not an advisory lock: the `select` that takes one would fix what a serializable transaction sees before the lock is
 * granted, `lock table` does not (PostgreSQL, "LOCK").
 */
async function lockWriter(transaction: Transaction<Schema>): Promise<void> {
  await sql`lock table writer in exclusive mode`.execute(transaction)
}

async function lockMigrations(transaction: Transaction<Schema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(7307204136411463541)`.execute(transaction)
}
