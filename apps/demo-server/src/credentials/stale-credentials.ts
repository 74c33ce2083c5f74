import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { readCredentialSettings } from './credential-settings.ts'
import { type Credential, showCredential } from './show-credential.ts'

/** What they are found in. */
export interface StaleCredentialsContext {
  readonly database: Pick<Database, 'reads'>
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** A part of the list of those of a user. */
export interface StaleCredentialPage {
  readonly userId: number
  /** Default: the setting. */
  readonly days?: number | undefined
  readonly limit: number
  /** The last one of the part before. */
  readonly after?: Pick<Credential, 'updatedAt' | 'id'> | undefined
}

/** How many there are. */
export interface StaleCredentialCounts {
  readonly thresholdDays: number
  /** Of all users. */
  readonly total: number
  readonly users: readonly { readonly userId: number; readonly name: string; readonly stale: number }[]
}

/** When a credential was last changed; there are indexes of it. */
const changedAt = sql<string>`coalesce(credential.updated_at, credential.created_at)`

const dayMs = 86_400_000
const mostUsers = 100

/** The credentials that were not changed for long, by the settings or by what is asked (R128). */
export class StaleCredentials {
  readonly #database: StaleCredentialsContext['database']
  readonly #now: () => Date

  constructor({ database, now = () => new Date() }: StaleCredentialsContext) {
    this.#database = database
    this.#now = now
  }

  /** Those of a user, the longest unchanged first. */
  async list({ userId, days, limit, after }: StaleCredentialPage): Promise<readonly Credential[]> {
    const settings = await readCredentialSettings(this.#database.reads)
    const staleThresholdDays = days ?? settings.staleThresholdDays
    let query = this.#stale(staleThresholdDays).selectAll().where('user_id', '=', userId)
    if (after !== undefined) {
      query = query
        .where(eb => eb(eb.tuple(changedAt, eb.ref('id')), '>', eb.tuple(after.updatedAt, after.id)))
        // Says nothing new, but by this alone SQLite finds the place in the index.
        .where(changedAt, '>=', after.updatedAt)
    }
    const rows = await query.orderBy(changedAt).orderBy('id').limit(limit).execute()
    return rows.map(row => showCredential(row, { ...settings, staleThresholdDays }, this.#now()))
  }

  /**
   * How many all users have, and who: the 100 with the most of them.
   *
   * @param days - Default: the setting.
   */
  async count(days?: number): Promise<StaleCredentialCounts> {
    const thresholdDays = days ?? (await readCredentialSettings(this.#database.reads)).staleThresholdDays
    const stale = this.#stale(thresholdDays)
    const { total } = await stale.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow()
    const users = await stale
      .innerJoin('user_account', 'user_account.id', 'credential.user_id')
      .select(({ fn }) => ['user_account.id', 'user_account.name', fn.countAll().as('stale')])
      .groupBy(['user_account.id', 'user_account.name'])
      .orderBy('stale', 'desc')
      .orderBy('user_account.id')
      .limit(mostUsers)
      .execute()
    return {
      thresholdDays,
      // PostgreSQL counts further than numbers do.
      total: Number(total),
      users: users.map(({ id, name, stale: count }) => ({ userId: id, name, stale: Number(count) })),
    }
  }

  #stale(days: number) {
    const cutoff = new Date(this.#now().getTime() - days * dayMs).toISOString()
    return this.#database.reads.selectFrom('credential').where(changedAt, '<=', cutoff)
  }
}
