import { getUserPermissionCache, invalidateUserCache } from '@st/ttl-cache'
import type { Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import type { Access } from './access.ts'
import { isRole, permissionsWith } from './roles.ts'

/**
 * What users may do, from the user-permission cache: known for 60 seconds, here and in other instances until it changes.
 */
export class UserAccess {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** What a user may do; `undefined` for one that is not there or is disabled. */
  async of(userId: number): Promise<Access | undefined> {
    const access = await this.remember(userId, 'access', async () => (await this.#read(userId)) ?? null)
    return access ?? undefined
  }

  /**
   * Keeps something that belongs to a user until that user changes, or for 60 seconds.
   *
   * @param what - Tells it apart from other things of the user.
   * @param load - Reads it; `undefined` is asked for again each time.
   */
  async remember<T>(userId: number, what: string, load: () => Promise<T>): Promise<T> {
    // Under this key nothing else is stored, because `what` names one kind of thing.
    return (await getUserPermissionCache().getOrSetAsync(`user:${userId}:${what}`, load)) as T
  }

  /** Tells the other instances, when the transaction is committed, that a user has changed. */
  announce(transaction: Transaction<Schema>, userId: number): Promise<void> {
    return this.#database.invalidations.announce(transaction, { cache: 'user', name: String(userId) })
  }

  /** Forgets what is known of a user; to be called after the commit, so that nothing of before is remembered again. */
  invalidate(userId: number): void {
    invalidateUserCache(userId)
  }

  async #read(userId: number): Promise<Access | undefined> {
    const user = await this.#database.reads
      .selectFrom('user_account')
      .select(['id', 'name', 'role'])
      .where('id', '=', userId)
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
    if (user === undefined || !isRole(user.role)) return undefined
    const exceptions = await this.#database.reads
      .selectFrom('user_permission')
      .select(['permission', 'is_granted as isGranted'])
      .where('user_id', '=', userId)
      .execute()
    const access = {
      userId: user.id,
      name: user.name,
      role: user.role,
      permissions: permissionsWith(user.role, exceptions),
    }
    return Object.freeze(access)
  }
}
