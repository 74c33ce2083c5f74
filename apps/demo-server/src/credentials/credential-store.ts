import { CredentialError } from '@st/credential-crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { type CipherSource, credentialContext } from './credential-cipher-source.ts'
import type { CredentialName } from './credential-rules.ts'
import type { CredentialTable, CredentialVersionTable } from './credential-tables.ts'

/** A credential of a user. */
export interface CredentialKey extends CredentialName {
  readonly userId: number
}

/** A row of `credential`. */
export type CredentialRow = Selectable<CredentialTable>

/** What a value is stored with. */
export interface NewValue {
  readonly value: string
  /** `undefined` leaves what is there. */
  readonly description?: string | null | undefined
  readonly now: Date
  readonly by: string | null
}

type Reads = Pick<Transaction<Schema>, 'selectFrom'>

/** How many values of before are kept for an undo. */
const keptVersions = 10

/** The statements about credentials, and what is encrypted in them. */
export class CredentialStore {
  readonly #ciphers: CipherSource

  constructor(ciphers: CipherSource) {
    this.#ciphers = ciphers
  }

  /** A row by its key; `undefined` when it is not there. */
  find(database: Reads, { userId, provider, name }: CredentialKey): Promise<CredentialRow | undefined> {
    return database
      .selectFrom('credential')
      .selectAll()
      .where('user_id', '=', userId)
      .where('provider', '=', provider)
      .where('name', '=', name)
      .executeTakeFirst()
  }

  /** Stores a value under a key: makes the row, or gives it one version more and activates it. */
  async put(transaction: Transaction<Schema>, key: CredentialKey, change: NewValue): Promise<CredentialRow> {
    const moment = change.now.toISOString()
    const row = await transaction
      .insertInto('credential')
      .values({
        user_id: key.userId,
        provider: key.provider,
        name: key.name,
        description: change.description ?? null,
        created_at: moment,
        updated_at: moment,
        last_used_at: null,
        is_active: true,
        version: 1,
      })
      .onConflict(conflict =>
        conflict.columns(['user_id', 'provider', 'name']).doUpdateSet({
          updated_at: moment,
          is_active: true,
          version: sql`credential.version + 1`,
          ...(change.description === undefined ? {} : { description: change.description }),
        }),
      )
      .returningAll()
      .executeTakeFirstOrThrow()
    await this.putVersion(transaction, row, { value: change.value, createdAt: moment, by: change.by })
    return row
  }

  /** Stores the value of the version that a row has, and drops the oldest ones. */
  async putVersion(
    transaction: Transaction<Schema>,
    row: CredentialRow,
    { value, createdAt, by }: { readonly value: string; readonly createdAt: string; readonly by: string | null },
  ): Promise<void> {
    await this.#ciphers.requireCurrent?.(transaction)
    await transaction
      .insertInto('credential_version')
      .values({
        credential_id: row.id,
        version: row.version,
        value: this.#ciphers.cipher.encrypt(value, credentialContext(row, row.version)),
        created_at: createdAt,
        created_by: by,
      })
      .execute()
    await transaction
      .deleteFrom('credential_version')
      .where('credential_id', '=', row.id)
      .where('version', '<=', row.version - keptVersions)
      .execute()
  }

  /**
   * The value of a version; `undefined` when it is not kept.
   *
   * @param version - Default: the current one.
   * @throws CredentialError when it does not decrypt.
   */
  async value(database: Reads, row: CredentialRow, version: number = row.version): Promise<string | undefined> {
    const stored = await database
      .selectFrom('credential_version')
      .select('value')
      .where('credential_id', '=', row.id)
      .where('version', '=', version)
      .executeTakeFirst()
    return stored && this.#decrypt(stored.value, credentialContext(row, version))
  }

  /** What is kept of the versions of a row but their values, newest first. */
  versions(
    database: Reads,
    row: CredentialRow,
  ): Promise<Pick<Selectable<CredentialVersionTable>, 'version' | 'created_at' | 'created_by'>[]> {
    return database
      .selectFrom('credential_version')
      .select(['version', 'created_at', 'created_by'])
      .where('credential_id', '=', row.id)
      .orderBy('version', 'desc')
      .execute()
  }

  /** The rows of a user after a key in the order of provider and name. */
  list(
    database: Database['reads'],
    userId: number,
    {
      provider,
      limit,
      after,
    }: { readonly provider?: string | undefined; readonly limit: number; readonly after?: CredentialName | undefined },
  ): Promise<CredentialRow[]> {
    let query = database.selectFrom('credential').selectAll().where('user_id', '=', userId)
    if (provider !== undefined) query = query.where('provider', '=', provider)
    if (after !== undefined) {
      query = query.where(eb => eb(eb.refTuple('provider', 'name'), '>', eb.tuple(after.provider, after.name)))
    }
    return query.orderBy('provider').orderBy('name').limit(limit).execute()
  }

  /** What another instance has encrypted with a new key is read once this one has got it, too. */
  async #decrypt(token: string, context: Readonly<Record<string, string>>): Promise<string> {
    try {
      return this.#ciphers.cipher.decrypt(token, context)
    } catch (error) {
      const isOfAnotherKey = CredentialError.isInstance(error) && error.kind === 'unknown_key'
      if (!isOfAnotherKey || (await this.#ciphers.refresh?.()) !== true) throw error
      return this.#ciphers.cipher.decrypt(token, context)
    }
  }
}
