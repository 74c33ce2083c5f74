import type { Transaction } from 'kysely'
import type { AuditActor, AuditEvent, AuditEventType } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { Refusal } from '../refusal.ts'
import { hashPassword } from './password-hash.ts'
import { isRole, type Permission, type Role } from './roles.ts'
import type { UserAccess } from './user-access.ts'
import { nameKey, requirePassword, userName } from './user-rules.ts'

/** A user as others see one. */
export interface User {
  readonly id: number
  readonly name: string
  readonly role: Role
  readonly createdAt: string
  readonly updatedAt: string
  /** Absent while the user may sign in. */
  readonly disabledAt?: string
  /** Of what is shown here, and for `expectedVersion`. */
  readonly version: number
}

/** What a new user is made of. */
export interface NewUser {
  readonly name: string
  readonly role: Role
  /** Default: none; the user signs in with a token, or has the password reset. */
  readonly password?: string | undefined
}

/** What to change of a user; what is absent stays. */
export interface UserChange {
  readonly name?: string | undefined
  readonly role?: Role | undefined
  readonly isDisabled?: boolean | undefined
  /** The version that was read before. Default: whatever it is. */
  readonly expectedVersion?: number | undefined
}

/** What the parts about users work with. */
export interface UserContext {
  readonly database: Database
  readonly writes: AuditedWrites
  readonly access: UserAccess
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** Users, each change of them in the audit log. */
export class Users {
  readonly #database: Database
  readonly #writes: AuditedWrites
  readonly #access: UserAccess
  readonly #now: () => Date

  constructor({ database, writes, access, now = () => new Date() }: UserContext) {
    this.#database = database
    this.#writes = writes
    this.#access = access
    this.#now = now
  }

  /** All users whose id is greater than `after`, in the order of ids, `limit` of them. */
  async list({
    limit,
    after = 0,
  }: {
    readonly limit: number
    readonly after?: number | undefined
  }): Promise<readonly User[]> {
    const rows = await this.#database.reads
      .selectFrom('user_account')
      .select(columns)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(userOf)
  }

  /** @throws Refusal `USER_NOT_FOUND` */
  async get(id: number): Promise<User> {
    return userOf(await readUser(this.#database.reads, id))
  }

  /** @throws Refusal `INVALID_USER_NAME`, `WEAK_PASSWORD`, `USER_EXISTS` */
  async create({ name, role, password }: NewUser, actor: AuditActor): Promise<User> {
    const event = { type: 'user.created', actor, action: 'Created a user', details: { role } } as const
    const settled = await this.#checked(event, async () => {
      if (password !== undefined) requirePassword(password)
      return { name: userName(name), hash: password === undefined ? null : await hashPassword(password) }
    })
    return this.#writes.write(event, async ({ transaction, record }) => {
      await refuseTaken(transaction, settled.name)
      const user = await insertUser(transaction, { ...settled, role, now: this.#now() })
      await record({ target: target(user.id), details: { name: user.name, role } })
      return user
    })
  }

  /** @throws Refusal `USER_NOT_FOUND`, `STALE_VERSION`, `USER_EXISTS`, `LAST_ADMINISTRATOR`, `INVALID_USER_NAME` */
  async update(id: number, change: UserChange, actor: AuditActor): Promise<User> {
    const event: AuditEvent = { type: 'user.updated', actor, target: target(id), action: 'Changed a user' }
    const name = await this.#checked(event, async () => (change.name === undefined ? undefined : userName(change.name)))
    const user = await this.#writes.write(event, async ({ transaction, record }) => {
      const before = await readUser(transaction, id)
      requireVersion(before.version, change.expectedVersion)
      if (name !== undefined && nameKey(name) !== nameKey(before.name)) await refuseTaken(transaction, name)
      const now = this.#now().toISOString()
      const after = {
        name: name ?? before.name,
        role: change.role ?? before.role,
        disabled_at: disabledSince(before.disabled_at, change.isDisabled, now),
      }
      await transaction
        .updateTable('user_account')
        .set({ ...after, name_key: nameKey(after.name), updated_at: now, version: before.version + 1 })
        .where('id', '=', id)
        .execute()
      await requireAdministrator(transaction)
      if (after.disabled_at !== null) await transaction.deleteFrom('user_session').where('user_id', '=', id).execute()
      await this.#access.announce(transaction, id)
      await record({ details: { before: visible(before), after: visible(after) } })
      return userOf(await readUser(transaction, id))
    })
    this.#access.invalidate(id)
    return user
  }

  /**
   * Removes a user with all that belongs to one.
   *
   * @param expectedVersion - The version that was read before. Default: whatever it is.
   * @throws Refusal `USER_NOT_FOUND`, `STALE_VERSION`, `LAST_ADMINISTRATOR`
   */
  async delete(id: number, actor: AuditActor, expectedVersion?: number): Promise<void> {
    await this.#change(id, { type: 'user.deleted', actor, action: 'Deleted a user' }, async transaction => {
      const { name, version } = await readUser(transaction, id)
      requireVersion(version, expectedVersion)
      await transaction.deleteFrom('user_account').where('id', '=', id).execute()
      await requireAdministrator(transaction)
      return { name }
    })
  }

  /**
   * Grants a permission that the role does not have, denies one that it has, or leaves it to the role.
   *
   * @throws Refusal `USER_NOT_FOUND`, `LAST_ADMINISTRATOR` for denying `admin.users` to the only one who has it.
   */
  async setPermission(
    id: number,
    { permission, isGranted }: { readonly permission: Permission; readonly isGranted: boolean | undefined },
    actor: AuditActor,
  ): Promise<void> {
    const type: AuditEventType = 'user.permission.changed'
    await this.#change(id, { type, actor, action: `Changed the permission ${permission}` }, async transaction => {
      await readUser(transaction, id)
      await transaction
        .deleteFrom('user_permission')
        .where('user_id', '=', id)
        .where('permission', '=', permission)
        .execute()
      if (isGranted !== undefined) {
        const row = { user_id: id, permission, is_granted: isGranted }
        await transaction.insertInto('user_permission').values(row).execute()
      }
      await requireAdministrator(transaction)
      return { permission, isGranted: isGranted ?? null }
    })
  }

  /** The permissions in which a user differs from the role. */
  async permissionsOf(id: number): Promise<readonly { readonly permission: string; readonly isGranted: boolean }[]> {
    const rows = await this.#database.reads
      .selectFrom('user_permission')
      .select(['permission', 'is_granted'])
      .where('user_id', '=', id)
      .orderBy('permission')
      .execute()
    return rows.map(row => ({ permission: row.permission, isGranted: row.is_granted }))
  }

  async #change(
    id: number,
    event: Omit<AuditEvent, 'target'>,
    work: (transaction: Transaction<Schema>) => Promise<AuditEvent['details']>,
  ): Promise<void> {
    await this.#writes.write({ ...event, target: target(id) }, async ({ transaction, record }) => {
      const details = await work(transaction)
      await this.#access.announce(transaction, id)
      await record({ details })
    })
    this.#access.invalidate(id)
  }

  /** Rules that take no transaction; hashing a password must not keep other writes waiting. */
  async #checked<T>(event: AuditEvent, check: () => Promise<T>): Promise<T> {
    try {
      return await check()
    } catch (error) {
      if (error instanceof Refusal) await this.#writes.refuse(event, error)
      throw error
    }
  }
}

/** A user as a target of the audit log. */
export function target(id: number): { readonly type: 'user'; readonly id: string } {
  return { type: 'user', id: String(id) }
}

const columns = ['id', 'name', 'role', 'created_at', 'updated_at', 'disabled_at', 'version'] as const

type Row = Awaited<ReturnType<typeof readUser>>

async function readUser(
  database: Pick<Transaction<Schema>, 'selectFrom'>,
  id: number,
): Promise<{
  readonly id: number
  readonly name: string
  readonly role: string
  readonly created_at: string
  readonly updated_at: string
  readonly disabled_at: string | null
  readonly version: number
}> {
  const row = await database.selectFrom('user_account').select(columns).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new Refusal('not_found', 'USER_NOT_FOUND', 'There is no such user.')
  return row
}

function userOf(row: Row): User {
  const { id, name, role, created_at: createdAt, updated_at: updatedAt, disabled_at: disabledAt, version } = row
  // A role of a later version can do nothing here.
  const known = isRole(role) ? role : 'viewer'
  const user = { id, name, role: known, createdAt, updatedAt, version }
  return disabledAt === null ? user : { ...user, disabledAt }
}

function visible({ name, role, disabled_at: disabledAt }: Pick<Row, 'name' | 'role' | 'disabled_at'>): object {
  return { name, role, isDisabled: disabledAt !== null }
}

function disabledSince(before: string | null, isDisabled: boolean | undefined, now: string): string | null {
  if (isDisabled === undefined) return before
  return isDisabled ? (before ?? now) : null
}

/** Adds a user inside a transaction. */
export async function insertUser(
  transaction: Transaction<Schema>,
  {
    name,
    role,
    hash,
    now,
  }: { readonly name: string; readonly role: Role; readonly hash: string | null; readonly now: Date },
): Promise<User> {
  const moment = now.toISOString()
  const row = await transaction
    .insertInto('user_account')
    .values({
      name,
      name_key: nameKey(name),
      role,
      password_hash: hash,
      created_at: moment,
      updated_at: moment,
      disabled_at: null,
      version: 1,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
  return userOf(row)
}

/** @throws Refusal `USER_EXISTS` */
export async function refuseTaken(transaction: Transaction<Schema>, name: string): Promise<void> {
  const key = nameKey(name)
  const taken = await transaction.selectFrom('user_account').select('id').where('name_key', '=', key).executeTakeFirst()
  if (taken !== undefined) throw new Refusal('conflict', 'USER_EXISTS', 'There is a user of this name already.')
}

function requireVersion(version: number, expected: number | undefined): void {
  if (expected === undefined || expected === version) return
  throw new Refusal('stale', 'STALE_VERSION', 'It was changed since you read it: read it again.')
}

/** Somebody must be left who can manage users. */
async function requireAdministrator(transaction: Transaction<Schema>): Promise<void> {
  const administrator = await transaction
    .selectFrom('user_account')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('id', 'not in', eb =>
      eb
        .selectFrom('user_permission')
        .select('user_id')
        .where('permission', '=', 'admin.users')
        .where('is_granted', '=', false),
    )
    .executeTakeFirst()
  if (administrator !== undefined) return
  throw new Refusal('conflict', 'LAST_ADMINISTRATOR', 'This is the last administrator: make another one first.')
}
