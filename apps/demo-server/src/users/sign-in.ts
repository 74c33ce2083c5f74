import type { AuditActor, AuditEvent } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { Refusal } from '../refusal.ts'
import { LoginAttempts } from './login-attempts.ts'
import { checkPassword, hashPassword, type PasswordCheck } from './password-hash.ts'
import type { Session, Sessions } from './sessions.ts'
import type { UserAccess } from './user-access.ts'
import { nameKey, requirePassword } from './user-rules.ts'
import { target, type UserContext } from './users.ts'

/** A session that has begun. */
export interface SignedIn {
  readonly userId: number
  /** For the cookie; told only here. */
  readonly secret: string
}

/** A name and the password that is given for it. */
export interface NameAndPassword {
  readonly name: string
  readonly password: string
}

/** Signing in with a password, and changing it. */
export class SignIn {
  readonly #database: Database
  readonly #writes: AuditedWrites
  readonly #access: UserAccess
  readonly #sessions: Sessions
  readonly #attempts: LoginAttempts
  readonly #now: () => Date
  /** Of no password: whoever asks for a user who is not there is kept waiting as long. */
  #dummyHash: Promise<string> | undefined

  constructor({ database, writes, access, now = () => new Date() }: UserContext, sessions: Sessions) {
    this.#database = database
    this.#writes = writes
    this.#access = access
    this.#sessions = sessions
    this.#attempts = new LoginAttempts(database, now)
    this.#now = now
  }

  /**
   * Begins a session.
   *
   * @throws Refusal `LOCKED_OUT` after five failures in a row under a name, for 15 minutes; `WRONG_PASSWORD`, also for a
   *   user who is not there, is disabled or has no password.
   */
  async signIn({ name, password }: NameAndPassword, actor: AuditActor): Promise<SignedIn> {
    const failed: AuditEvent = { type: 'auth.login.failed', actor, action: 'Failed to sign in' }
    const isLast = await this.#beginAttempt(name, failed)
    const user = await this.#find(name)
    const check = await this.#check(password, user?.password_hash)
    if (user === undefined || !check.matches) {
      const event: AuditEvent = user === undefined ? failed : { ...failed, target: target(user.id) }
      const refusal = new Refusal('unauthenticated', 'WRONG_PASSWORD', 'The name or the password is wrong.')
      await this.#writes.refuse({ ...event, type: isLast ? 'auth.locked' : event.type }, refusal)
      throw refusal
    }
    const hash = check.isOutdated ? await hashPassword(password) : undefined
    const by = { ...actor, id: user.id, name: user.name }
    const event = { type: 'auth.login.success', actor: by, target: target(user.id), action: 'Signed in' } as const
    return this.#writes.write(event, async ({ transaction, record }) => {
      await this.#attempts.clear(transaction, name)
      if (hash !== undefined) {
        await transaction.updateTable('user_account').set({ password_hash: hash }).where('id', '=', user.id).execute()
      }
      const secret = await this.#sessions.begin(transaction, user.id, actor.ip)
      await record()
      return { userId: user.id, secret }
    })
  }

  /**
   * Checks the password of who is signed in once more, before something that needs it.
   *
   * @throws Refusal as {@link SignIn.signIn} does.
   */
  async authenticateAgain(session: Session, password: string, actor: AuditActor): Promise<void> {
    const user = await this.#requirePassword(session.userId, password, actor)
    const event = {
      type: 'auth.login.success',
      actor,
      target: target(user.id),
      action: 'Gave the password again',
    } as const
    await this.#writes.write(event, async ({ transaction, record }) => {
      await this.#attempts.clear(transaction, user.name)
      await this.#sessions.authenticateAgain(transaction, session.id)
      await record()
    })
  }

  /**
   * Changes one's own password and ends all other sessions.
   *
   * @throws Refusal `WEAK_PASSWORD`, and as {@link SignIn.signIn} does.
   */
  async changePassword(
    session: Session,
    { current, next }: { readonly current: string; readonly next: string },
    actor: AuditActor,
  ): Promise<void> {
    requirePassword(next)
    const user = await this.#requirePassword(session.userId, current, actor)
    const hash = await hashPassword(next)
    const event = {
      type: 'user.password.changed',
      actor,
      target: target(user.id),
      action: 'Changed the password',
    } as const
    await this.#writes.write(event, async ({ transaction, record }) => {
      await this.#attempts.clear(transaction, user.name)
      const changed = { password_hash: hash, updated_at: this.#now().toISOString() }
      await transaction.updateTable('user_account').set(changed).where('id', '=', user.id).execute()
      await transaction
        .deleteFrom('user_session')
        .where('user_id', '=', user.id)
        .where('id', '!=', session.id)
        .execute()
      await this.#access.announce(transaction, user.id)
      await record()
    })
    this.#access.invalidate(user.id)
  }

  async #beginAttempt(name: string, event: AuditEvent): Promise<boolean> {
    try {
      return await this.#attempts.begin(name)
    } catch (error) {
      if (error instanceof Refusal) await this.#writes.refuse(event, error)
      throw error
    }
  }

  async #requirePassword(
    userId: number,
    password: string,
    actor: AuditActor,
  ): Promise<{ readonly id: number; readonly name: string }> {
    const event: AuditEvent = {
      type: 'auth.login.failed',
      actor,
      target: target(userId),
      action: 'Gave a wrong password',
    }
    const user = await this.#database.reads
      .selectFrom('user_account')
      .select(['id', 'name', 'password_hash'])
      .where('id', '=', userId)
      .executeTakeFirst()
    await this.#beginAttempt(user?.name ?? '', event)
    const { matches } = await this.#check(password, user?.password_hash)
    if (user !== undefined && matches) return user
    const refusal = new Refusal('unauthenticated', 'WRONG_PASSWORD', 'The password is wrong.')
    await this.#writes.refuse(event, refusal)
    throw refusal
  }

  async #find(
    name: string,
  ): Promise<{ readonly id: number; readonly name: string; readonly password_hash: string | null } | undefined> {
    return this.#database.reads
      .selectFrom('user_account')
      .select(['id', 'name', 'password_hash'])
      .where('name_key', '=', nameKey(name))
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
  }

  async #check(password: string, hash: string | null | undefined): Promise<PasswordCheck> {
    this.#dummyHash ??= hashPassword('')
    // A longer one cannot have been chosen, and would be work.
    const isPossible = password.length <= 1024
    const check = await checkPassword(isPossible ? password : '', hash ?? (await this.#dummyHash))
    return { ...check, matches: check.matches && isPossible && hash !== null && hash !== undefined }
  }
}
