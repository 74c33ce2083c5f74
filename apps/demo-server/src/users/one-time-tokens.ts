import type { Transaction } from 'kysely'
import type { AuditActor, AuditEvent } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { Refusal } from '../refusal.ts'
import { LoginAttempts } from './login-attempts.ts'
import { hashPassword } from './password-hash.ts'
import { newSecret, secretHash } from './secret-token.ts'
import type { NameAndPassword } from './sign-in.ts'
import type { UserAccess } from './user-access.ts'
import { nameKey, requirePassword, userName } from './user-rules.ts'
import { insertUser, refuseTaken, target, type User, type UserContext } from './users.ts'

/** A token that is told only here. */
export interface OneTimeToken {
  readonly secret: string
  readonly expiresAt: string
}

/** The server itself, from its command line. */
const commandLine: AuditActor = { name: 'command line' }

/** Tokens for what nobody can sign in for yet: the first administrator, and a password that was forgotten. */
export class OneTimeTokens {
  readonly #database: Database
  readonly #writes: AuditedWrites
  readonly #access: UserAccess
  readonly #attempts: LoginAttempts
  readonly #now: () => Date

  constructor({ database, writes, access, now = () => new Date() }: UserContext) {
    this.#database = database
    this.#writes = writes
    this.#access = access
    this.#attempts = new LoginAttempts(database, now)
    this.#now = now
  }

  /** A token that makes the first administrator within a day, in place of one of before; `undefined` when there is one. */
  async firstRun(): Promise<OneTimeToken | undefined> {
    return this.#database.write(async transaction => {
      const user = await transaction.selectFrom('user_account').select('id').limit(1).executeTakeFirst()
      return user === undefined
        ? this.#issue(transaction, { purpose: 'first_run', user_id: null, hours: 24 })
        : undefined
    })
  }

  /**
   * A token that sets a new password within an hour, in place of one of before. The password of before stays until then.
   *
   * @param user - The name or the id. Default: the administrator with the lowest id who is not disabled.
   * @throws Refusal `USER_NOT_FOUND`
   */
  async reset(user?: string | number, actor: AuditActor = commandLine): Promise<OneTimeToken> {
    const event: AuditEvent = { type: 'user.password.reset', actor, action: 'Issued a token for a new password' }
    return this.#writes.write(event, async ({ transaction, record }) => {
      const query = transaction.selectFrom('user_account').select('id').where('disabled_at', 'is', null).orderBy('id')
      const row = await query
        .where(eb => {
          if (user === undefined) return eb('role', '=', 'admin')
          return typeof user === 'number' ? eb('id', '=', user) : eb('name_key', '=', nameKey(user))
        })
        .limit(1)
        .executeTakeFirst()
      if (row === undefined) throw new Refusal('not_found', 'USER_NOT_FOUND', 'There is no such user.')
      await record({ target: target(row.id) })
      return this.#issue(transaction, { purpose: 'reset', user_id: row.id, hours: 1 })
    })
  }

  /**
   * Makes the first administrator.
   *
   * @throws Refusal `INVALID_TOKEN`, `WEAK_PASSWORD`, `INVALID_USER_NAME`
   */
  async createAdministrator(secret: string, { name, password }: NameAndPassword, actor: AuditActor): Promise<User> {
    requirePassword(password)
    const settled = userName(name)
    const hash = await this.#hashFor(secret, password)
    const event = { type: 'user.created', actor, action: 'Created the first administrator' } as const
    return this.#writes.write(event, async ({ transaction, record }) => {
      await this.#redeem(transaction, secret, 'first_run')
      if (hash === undefined) throw invalidToken()
      await refuseTaken(transaction, settled)
      const user = await insertUser(transaction, { name: settled, role: 'admin', hash, now: this.#now() })
      await record({ target: target(user.id), details: { name: user.name, role: user.role } })
      return user
    })
  }

  /**
   * Sets a new password, ends all sessions of the user and a lock-out.
   *
   * @throws Refusal `INVALID_TOKEN`, `WEAK_PASSWORD`
   */
  async setPassword(secret: string, password: string, actor: AuditActor): Promise<void> {
    requirePassword(password)
    const hash = await this.#hashFor(secret, password)
    const event = { type: 'user.password.changed', actor, action: 'Set a new password by a token' } as const
    const userId = await this.#writes.write(event, async ({ transaction, record }) => {
      const id = await this.#redeem(transaction, secret, 'reset')
      if (hash === undefined) throw invalidToken()
      const user = await transaction
        .updateTable('user_account')
        .set({ password_hash: hash, updated_at: this.#now().toISOString() })
        .where('id', '=', id)
        .returning(['id', 'name'])
        .executeTakeFirst()
      if (user === undefined) throw invalidToken()
      await transaction.deleteFrom('user_session').where('user_id', '=', user.id).execute()
      await this.#attempts.clear(transaction, user.name)
      await this.#access.announce(transaction, user.id)
      await record({ target: target(user.id) })
      return user.id
    })
    this.#access.invalidate(userId)
  }

  async #issue(
    transaction: Transaction<Schema>,
    {
      purpose,
      user_id,
      hours,
    }: { readonly purpose: 'first_run' | 'reset'; readonly user_id: number | null; readonly hours: number },
  ): Promise<OneTimeToken> {
    const secret = newSecret()
    const expiresAt = new Date(this.#now().getTime() + hours * 3_600_000).toISOString()
    await transaction
      .deleteFrom('one_time_token')
      .where('purpose', '=', purpose)
      .where('user_id', user_id === null ? 'is' : '=', user_id)
      .execute()
    const row = { secret_hash: secretHash(secret), purpose, user_id, expires_at: expiresAt }
    await transaction.insertInto('one_time_token').values(row).execute()
    return { secret, expiresAt }
  }

  /** `undefined` for a token that is not there: who only guesses is not to make the server work. */
  async #hashFor(secret: string, password: string): Promise<string | undefined> {
    const token = await this.#database.reads
      .selectFrom('one_time_token')
      .select('purpose')
      .where('secret_hash', '=', secretHash(secret))
      .executeTakeFirst()
    return token && hashPassword(password)
  }

  /** Uses a token up; gives the user it is for. */
  async #redeem(
    transaction: Transaction<Schema>,
    secret: string,
    purpose: 'first_run' | 'reset',
  ): Promise<number | null> {
    const row = await transaction
      .deleteFrom('one_time_token')
      .where('secret_hash', '=', secretHash(secret))
      .where('purpose', '=', purpose)
      .where('expires_at', '>', this.#now().toISOString())
      .returning('user_id')
      .executeTakeFirst()
    if (row === undefined) throw invalidToken()
    return row.user_id
  }
}

function invalidToken(): Refusal {
  return new Refusal('unauthenticated', 'INVALID_TOKEN', 'The token is wrong, was used already or has expired.')
}
