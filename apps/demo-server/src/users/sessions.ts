import type { Transaction } from 'kysely'
import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { Refusal } from '../refusal.ts'
import { newSecret, secretHash } from './secret-token.ts'
import { target, type UserContext } from './users.ts'

/** A browser that is signed in. */
export interface Session {
  /** Tells it apart in lists; the secret is only in the cookie. */
  readonly id: number
  readonly userId: number
  readonly createdAt: string
  readonly lastSeenAt: string
  /** When the password was last given. */
  readonly authenticatedAt: string
  readonly ip?: string
}

/** Sessions, which are kept here and not in the cookie: what ends one ends it at once. */
export class Sessions {
  readonly #database: Database
  readonly #writes: AuditedWrites
  readonly #now: () => Date

  constructor({ database, writes, now = () => new Date() }: UserContext) {
    this.#database = database
    this.#writes = writes
    this.#now = now
  }

  /**
   * Begins a session inside the transaction of a sign-in.
   *
   * @returns The secret for the cookie, which is told only here.
   */
  async begin(transaction: Transaction<Schema>, userId: number, ip: string | undefined): Promise<string> {
    const secret = newSecret()
    const now = this.#now()
    const moment = now.toISOString()
    await transaction.deleteFrom('user_session').where('created_at', '<=', before(now, absoluteMs)).execute()
    await transaction
      .insertInto('user_session')
      .values({
        secret_hash: secretHash(secret),
        user_id: userId,
        created_at: moment,
        last_seen_at: moment,
        authenticated_at: moment,
        ip: ip ?? null,
      })
      .execute()
    return secret
  }

  /** The session of a cookie, which is used by this; `undefined` when it has ended or never was. */
  async use(secret: string): Promise<Session | undefined> {
    const now = this.#now()
    const row = await this.#database.reads
      .selectFrom('user_session')
      .selectAll()
      .where('secret_hash', '=', secretHash(secret))
      .where('created_at', '>', before(now, absoluteMs))
      .where('last_seen_at', '>', before(now, idleMs))
      .executeTakeFirst()
    if (row === undefined) return undefined
    if (row.last_seen_at <= before(now, seenAgainMs)) {
      const seen = { last_seen_at: now.toISOString() }
      await this.#database.write(transaction =>
        transaction.updateTable('user_session').set(seen).where('id', '=', row.id).execute(),
      )
      return sessionOf({ ...row, ...seen })
    }
    return sessionOf(row)
  }

  /** Notes that the password was given again. */
  async authenticateAgain(transaction: Transaction<Schema>, sessionId: number): Promise<void> {
    await transaction
      .updateTable('user_session')
      .set({ authenticated_at: this.#now().toISOString() })
      .where('id', '=', sessionId)
      .execute()
  }

  /** Whether the password was given in the last five minutes. */
  isFresh({ authenticatedAt }: Session): boolean {
    return authenticatedAt > before(this.#now(), freshMs)
  }

  /** The sessions of a user that go on, newest first. */
  async list(userId: number): Promise<readonly Session[]> {
    const now = this.#now()
    const rows = await this.#database.reads
      .selectFrom('user_session')
      .selectAll()
      .where('user_id', '=', userId)
      .where('created_at', '>', before(now, absoluteMs))
      .where('last_seen_at', '>', before(now, idleMs))
      .orderBy('id', 'desc')
      .execute()
    return rows.map(sessionOf)
  }

  /** Ends a session that its own user leaves. */
  async end({ id, userId }: Session, actor: AuditActor): Promise<void> {
    const event = { type: 'auth.logout', actor, target: target(userId), action: 'Signed out' } as const
    await this.#writes.write(event, async ({ transaction, record }) => {
      await transaction.deleteFrom('user_session').where('id', '=', id).execute()
      await record()
    })
  }

  /**
   * Ends sessions of a user.
   *
   * @param which - One of them, or all but the one that is kept. Default: all.
   * @returns How many have ended.
   * @throws Refusal `SESSION_NOT_FOUND` when it is not one of the user's.
   */
  async revoke(
    userId: number,
    actor: AuditActor,
    which: { readonly only?: number | undefined; readonly except?: number | undefined } = {},
  ): Promise<number> {
    const event = { type: 'session.revoked', actor, target: target(userId), action: 'Ended sessions' } as const
    return this.#writes.write(event, async ({ transaction, record }) => {
      let query = transaction.deleteFrom('user_session').where('user_id', '=', userId)
      if (which.only !== undefined) query = query.where('id', '=', which.only)
      if (which.except !== undefined) query = query.where('id', '!=', which.except)
      const { numDeletedRows } = await query.executeTakeFirstOrThrow()
      const ended = Number(numDeletedRows)
      if (which.only !== undefined && ended === 0) {
        throw new Refusal('not_found', 'SESSION_NOT_FOUND', 'There is no such session.')
      }
      await record({ details: { ended } })
      return ended
    })
  }
}

const idleMs = 15 * 60_000
const absoluteMs = 8 * 3_600_000
const freshMs = 5 * 60_000
/** A read is not made a write each time. */
const seenAgainMs = 60_000

function before(now: Date, ms: number): string {
  return new Date(now.getTime() - ms).toISOString()
}

function sessionOf(row: {
  readonly id: number
  readonly user_id: number
  readonly created_at: string
  readonly last_seen_at: string
  readonly authenticated_at: string
  readonly ip: string | null
}): Session {
  const session = {
    id: row.id,
    userId: row.user_id,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    authenticatedAt: row.authenticated_at,
  }
  return row.ip === null ? session : { ...session, ip: row.ip }
}
