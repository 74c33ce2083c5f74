import type { AuditActor, AuditEvent, AuditEventType } from '../audit/audit-event.ts'
import type { AuditedTransaction, AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { Refusal } from '../refusal.ts'
import type { CipherSource } from './credential-cipher-source.ts'
import {
  credentialNotFound,
  type CredentialName,
  requireCredentialName,
  requireCredentialValue,
  requireDescription,
} from './credential-rules.ts'
import { readCredentialSettings } from './credential-settings.ts'
import { type CredentialKey, type CredentialRow, CredentialStore } from './credential-store.ts'
import { type Credential, showCredential } from './show-credential.ts'

/** A value that a credential has or had. */
export interface CredentialVersion {
  readonly version: number
  readonly createdAt: string
  readonly createdBy: string | null
}

/** What the credentials work with. */
export interface CredentialsContext {
  readonly database: Database
  readonly writes: AuditedWrites
  readonly ciphers: CipherSource
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** A part of a list. */
export interface CredentialPage {
  readonly limit: number
  /** The last one of the part before. */
  readonly after?: CredentialName | undefined
  /** Default: of all providers. */
  readonly provider?: string | undefined
}

/** The credentials of users, encrypted; each change, and each time that one is revealed, in the audit log. */
export class Credentials {
  readonly #database: Database
  readonly #writes: AuditedWrites
  readonly #store: CredentialStore
  readonly #now: () => Date

  constructor({ database, writes, ciphers, now = () => new Date() }: CredentialsContext) {
    this.#database = database
    this.#writes = writes
    this.#store = new CredentialStore(ciphers)
    this.#now = now
  }

  /**
   * Stores a value; one that was deactivated is active again.
   *
   * @param change - A `description` that is `undefined` leaves the one that is there.
   * @throws Refusal `INVALID_CREDENTIAL_NAME`, `INVALID_CREDENTIAL_VALUE`, `INVALID_DESCRIPTION`, `USER_NOT_FOUND`
   */
  set(
    key: CredentialKey,
    change: { readonly value: string; readonly description?: string | null | undefined },
    actor: AuditActor,
  ): Promise<Credential> {
    const event = eventOf('credential.created', key, { actor, action: 'Stored a credential' })
    return this.#writes.write(event, async ({ transaction, record }) => {
      requireCredentialName(key)
      requireCredentialValue(change.value)
      if (change.description !== undefined) requireDescription(change.description)
      const user = await transaction
        .selectFrom('user_account')
        .select('id')
        .where('id', '=', key.userId)
        .executeTakeFirst()
      if (user === undefined) throw new Refusal('not_found', 'USER_NOT_FOUND', 'There is no such user.')
      const row = await this.#store.put(transaction, key, { ...change, now: this.#now(), by: actor.name ?? null })
      await record({ type: row.version === 1 ? 'credential.created' : 'credential.updated', details: detailsOf(row) })
      return showCredential(row, await readCredentialSettings(transaction), this.#now())
    })
  }

  /** @throws Refusal `CREDENTIAL_NOT_FOUND` */
  async get(key: CredentialKey): Promise<Credential> {
    const row = await this.#store.find(this.#database.reads, key)
    if (row === undefined) throw credentialNotFound()
    return showCredential(row, await readCredentialSettings(this.#database.reads), this.#now())
  }

  /** The credentials of a user in the order of provider and name. */
  async list(userId: number, page: CredentialPage): Promise<readonly Credential[]> {
    const settings = await readCredentialSettings(this.#database.reads)
    const rows = await this.#store.list(this.#database.reads, userId, page)
    return rows.map(row => showCredential(row, settings, this.#now()))
  }

  /**
   * Hands a value out to somebody. That it was is in the audit log before it leaves.
   *
   * @throws Refusal `CREDENTIAL_NOT_FOUND`
   */
  async reveal(key: CredentialKey, actor: AuditActor, reason?: string): Promise<string> {
    const details = reason === undefined ? {} : { reason }
    return this.#change(
      key,
      { type: 'credential.revealed', actor, action: 'Revealed a credential' },
      async ({ transaction, record }, row) => {
        const value = await this.#store.value(transaction, row)
        if (value === undefined) throw credentialNotFound()
        await record({ details: { ...detailsOf(row), ...details } })
        return value
      },
    )
  }

  /**
   * The value for use by the server; notes once a minute that it was used. `undefined` for one that is not there, not
   * active or empty.
   */
  async use(key: CredentialKey): Promise<string | undefined> {
    const row = await this.#store.find(this.#database.reads, key)
    if (row === undefined || !row.is_active) return undefined
    const value = await this.#store.value(this.#database.reads, row)
    if (!value) return undefined
    await this.#noteUse(row)
    return value
  }

  /** Whether {@link Credentials.use} would give a value; notes nothing. */
  async isUsable(key: CredentialKey): Promise<boolean> {
    const row = await this.#store.find(this.#database.reads, key)
    return row !== undefined && row.is_active && Boolean(await this.#store.value(this.#database.reads, row))
  }

  /** @throws Refusal `CREDENTIAL_NOT_FOUND`, `INVALID_DESCRIPTION` */
  describe(key: CredentialKey, description: string | null, actor: AuditActor): Promise<Credential> {
    return this.#change(
      key,
      { type: 'credential.updated', actor, action: 'Described a credential' },
      async (audited, row) => {
        requireDescription(description)
        return this.#update(audited, row, { description })
      },
    )
  }

  /** Keeps a credential from being used, or lets it be used again. @throws Refusal `CREDENTIAL_NOT_FOUND` */
  setActive(key: CredentialKey, isActive: boolean, actor: AuditActor): Promise<Credential> {
    const type: AuditEventType = isActive ? 'credential.activated' : 'credential.deactivated'
    const action = isActive ? 'Activated a credential' : 'Deactivated a credential'
    return this.#change(key, { type, actor, action }, (audited, row) =>
      this.#update(audited, row, { is_active: isActive }),
    )
  }

  /** Removes a credential and its history. @throws Refusal `CREDENTIAL_NOT_FOUND` */
  delete(key: CredentialKey, actor: AuditActor): Promise<void> {
    return this.#change(
      key,
      { type: 'credential.deleted', actor, action: 'Deleted a credential' },
      async ({ transaction, record }, row) => {
        await transaction.deleteFrom('credential').where('id', '=', row.id).execute()
        await record({ details: detailsOf(row) })
      },
    )
  }

  /**
   * Removes all credentials of a user, or those for one provider.
   *
   * @returns How many there were.
   */
  revoke(userId: number, provider: string | undefined, actor: AuditActor): Promise<number> {
    const event: AuditEvent = {
      type: 'credential.deleted',
      actor,
      target: { type: 'user', id: String(userId) },
      action: 'Revoked credentials',
    }
    return this.#writes.write(event, async ({ transaction, record }) => {
      let query = transaction.deleteFrom('credential').where('user_id', '=', userId)
      if (provider !== undefined) query = query.where('provider', '=', provider)
      const rows = await query.returning(['provider', 'name']).execute()
      await record({ details: { count: rows.length, credentials: rows.slice(0, 100) } })
      return rows.length
    })
  }

  /** The values that a credential has had, newest first, without the values. @throws Refusal `CREDENTIAL_NOT_FOUND` */
  async history(key: CredentialKey): Promise<readonly CredentialVersion[]> {
    const row = await this.#store.find(this.#database.reads, key)
    if (row === undefined) throw credentialNotFound()
    const versions = await this.#store.versions(this.#database.reads, row)
    return versions.map(found => ({ version: found.version, createdAt: found.created_at, createdBy: found.created_by }))
  }

  /** Takes up a value of before as a new version. @throws Refusal `CREDENTIAL_NOT_FOUND`, `VERSION_NOT_FOUND` */
  restore(key: CredentialKey, version: number, actor: AuditActor): Promise<Credential> {
    return this.#change(
      key,
      { type: 'credential.restored', actor, action: 'Restored a credential' },
      async ({ transaction, record }, row) => {
        const value = await this.#store.value(transaction, row, version)
        if (value === undefined) throw new Refusal('not_found', 'VERSION_NOT_FOUND', 'This version is not kept.')
        const restored = await this.#store.put(transaction, key, { value, now: this.#now(), by: actor.name ?? null })
        await record({ details: { ...detailsOf(restored), restored: version } })
        return showCredential(restored, await readCredentialSettings(transaction), this.#now())
      },
    )
  }

  async #change<T>(
    key: CredentialKey,
    event: Pick<AuditEvent, 'type' | 'actor' | 'action'>,
    work: (audited: AuditedTransaction, row: CredentialRow) => Promise<T>,
  ): Promise<T> {
    return this.#writes.write(eventOf(event.type, key, event), async audited => {
      const row = await this.#store.find(audited.transaction, key)
      if (row === undefined) throw credentialNotFound()
      return work(audited, row)
    })
  }

  async #update(
    { transaction, record }: AuditedTransaction,
    row: CredentialRow,
    change: Partial<Pick<CredentialRow, 'description' | 'is_active'>>,
  ): Promise<Credential> {
    await transaction.updateTable('credential').set(change).where('id', '=', row.id).execute()
    await record({ details: detailsOf(row) })
    return showCredential({ ...row, ...change }, await readCredentialSettings(transaction), this.#now())
  }

  async #noteUse(row: CredentialRow): Promise<void> {
    const now = this.#now()
    const minuteAgo = new Date(now.getTime() - 60_000).toISOString()
    if (row.last_used_at !== null && row.last_used_at > minuteAgo) return
    const key = { userId: row.user_id, provider: row.provider, name: row.name }
    const event = eventOf('credential.used', key, { actor: { id: row.user_id }, action: 'Used a credential' })
    await this.#writes.write(event, async ({ transaction, record }) => {
      const noted = await transaction
        .updateTable('credential')
        .set({ last_used_at: now.toISOString() })
        .where('id', '=', row.id)
        .where(eb => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', minuteAgo)]))
        .executeTakeFirstOrThrow()
      if (noted.numUpdatedRows > 0n) await record()
    })
  }
}

function eventOf(
  type: AuditEventType,
  key: CredentialKey,
  { actor, action }: Pick<AuditEvent, 'actor' | 'action'>,
): AuditEvent {
  // As JSON, because both parts may hold any separator.
  const id = JSON.stringify([key.userId, key.provider, key.name])
  return { type, actor, action, target: { type: 'credential', id } }
}

function detailsOf({ id, provider, name, version }: CredentialRow): NonNullable<AuditEvent['details']> {
  return { id, provider, name, version }
}
