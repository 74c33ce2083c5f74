import type { Database } from '../database/database.ts'
import { Refusal } from '../refusal.ts'
import { secretHash } from './secret-token.ts'
import { nameKey } from './user-rules.ts'

/** After this many failures in a row a name is locked. */
const mostFailures = 5
/** For how long, and for how long a failure counts. */
const lockedMs = 15 * 60_000

/**
 * Counts attempts to sign in by the name that is used, whether or not there is a user of it, so that the lock does not
 * tell who is one.
 */
export class LoginAttempts {
  readonly #database: Database
  readonly #now: () => Date

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database
    this.#now = now
  }

  /**
   * Counts an attempt before the password is looked at, so that a thousand at once are five like any others. What
   * succeeds takes it back by {@link LoginAttempts.clear}.
   *
   * @returns Whether this is the last one before the name is locked.
   * @throws Refusal `LOCKED_OUT` while it is.
   */
  async begin(name: string): Promise<boolean> {
    const now = this.#now()
    const moment = now.toISOString()
    const forgotten = new Date(now.getTime() - lockedMs).toISOString()
    const row = await this.#database.write(async transaction => {
      await transaction.deleteFrom('login_attempt').where('last_at', '<=', forgotten).execute()
      const before = await transaction
        .selectFrom('login_attempt')
        .select(['failures', 'locked_until'])
        .where('name_hash', '=', hashOf(name))
        .executeTakeFirst()
      if (before !== undefined && before.locked_until !== null) return before
      const failures = (before?.failures ?? 0) + 1
      const locked = failures >= mostFailures ? new Date(now.getTime() + lockedMs).toISOString() : null
      const after = { name_hash: hashOf(name), failures, last_at: moment, locked_until: locked }
      await transaction
        .insertInto('login_attempt')
        .values(after)
        .onConflict(conflict => conflict.column('name_hash').doUpdateSet(after))
        .execute()
      return { failures, locked_until: null }
    })
    if (row.locked_until === null) return row.failures >= mostFailures
    const retryAfter = Math.max(1, Math.ceil((Date.parse(row.locked_until) - now.getTime()) / 1000))
    throw Refusal.throttled('LOCKED_OUT', 'Too many failed attempts to sign in: try again later.', retryAfter)
  }

  /** Forgets the attempts under a name, inside a transaction that signs in or sets a new password. */
  async clear(transaction: Pick<Database['reads'], 'deleteFrom'>, name: string): Promise<void> {
    await transaction.deleteFrom('login_attempt').where('name_hash', '=', hashOf(name)).execute()
  }
}

function hashOf(name: string): string {
  return secretHash(nameKey(name))
}
