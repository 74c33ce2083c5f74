import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { DatabaseError } from '../database/database-error.ts'
import { Refusal } from '../refusal.ts'
import type { Access } from './access.ts'
import { newSecret, secretHash } from './secret-token.ts'
import type { UserAccess } from './user-access.ts'
import { target, type UserContext } from './users.ts'

/** A token as lists show it. */
export interface ApiToken {
  readonly id: number
  readonly userId: number
  readonly name: string
  /** What the token begins with. */
  readonly prefix: string
  readonly createdAt: string
  /** Known to the minute; absent when it was never used. */
  readonly lastUsedAt?: string
  /** Absent when it does not expire. */
  readonly expiresAt?: string
  /** Absent while it may be used. */
  readonly revokedAt?: string
}

/** A token that was made; the secret is told only here. */
export interface NewApiToken {
  readonly token: ApiToken
  readonly secret: string
}

/** A token that is to be made. */
export interface WantedApiToken {
  /** 1 to 100 characters, to know it by. */
  readonly name: string
  /** Default: it does not expire. */
  readonly expiresAt?: Date | undefined
  /** When the token expires that it is made with, which it may not outlive. Default: there is no such moment. */
  readonly latestExpiry?: Date | undefined
}

/** Who came with a token. */
export interface TokenHolder {
  readonly access: Access
  /** Absent when the token does not expire. */
  readonly expiresAt?: Date
}

/** Tokens that programs sign in with. */
export class ApiTokens {
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

  /**
   * Makes a token for a user.
   *
   * @throws Refusal `USER_NOT_FOUND`, `INVALID_TOKEN_NAME`, `INVALID_EXPIRY`
   */
  async create(userId: number, token: WantedApiToken, actor: AuditActor): Promise<NewApiToken> {
    const { name, expiresAt } = token
    // Who it belongs to is told by the token, so that what is cached of it is forgotten with its user.
    const owner = `st_${userId.toString(36)}_`
    const secret = owner + newSecret()
    const event = { type: 'api_token.created', actor, target: target(userId), action: 'Created a token' } as const
    return this.#writes.write(event, async ({ transaction, record }) => {
      requireToken(token, this.#now())
      const user = await transaction.selectFrom('user_account').select('id').where('id', '=', userId).executeTakeFirst()
      if (user === undefined) throw new Refusal('not_found', 'USER_NOT_FOUND', 'There is no such user.')
      const row = await transaction
        .insertInto('api_token')
        .values({
          user_id: userId,
          name,
          prefix: secret.slice(0, owner.length + 4),
          secret_hash: secretHash(secret),
          created_at: this.#now().toISOString(),
          last_used_at: null,
          expires_at: expiresAt?.toISOString() ?? null,
          revoked_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      await record({ details: { tokenId: row.id, name, prefix: row.prefix, expiresAt: row.expires_at } })
      return { token: tokenOf(row), secret }
    })
  }

  /** The tokens of a user, newest first, the revoked ones too: all, or `limit` of those older than the token `before`. */
  async list(
    userId: number,
    { limit, before }: { readonly limit?: number | undefined; readonly before?: number | undefined } = {},
  ): Promise<readonly ApiToken[]> {
    let query = this.#database.reads.selectFrom('api_token').selectAll().where('user_id', '=', userId)
    if (before !== undefined) query = query.where('id', '<', before)
    if (limit !== undefined) query = query.limit(limit)
    const rows = await query.orderBy('id', 'desc').execute()
    return rows.map(tokenOf)
  }

  /** Makes a token useless, here and in other instances. @throws Refusal `TOKEN_NOT_FOUND` */
  async revoke(userId: number, tokenId: number, actor: AuditActor): Promise<void> {
    const event = {
      type: 'api_token.revoked',
      actor,
      target: target(userId),
      action: 'Revoked a token',
      details: { tokenId },
    } as const
    await this.#writes.write(event, async ({ transaction, record }) => {
      const row = await transaction
        .updateTable('api_token')
        .set({ revoked_at: this.#now().toISOString() })
        .where('id', '=', tokenId)
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (row === undefined) throw new Refusal('not_found', 'TOKEN_NOT_FOUND', 'There is no such token.')
      await this.#access.announce(transaction, userId)
      await record()
    })
    this.#access.invalidate(userId)
  }

  /**
   * Who a token belongs to and what that user may do; `undefined` for one that is wrong, revoked or expired. Both come from
   * the user-permission cache.
   */
  async use(secret: string): Promise<TokenHolder | undefined> {
    const [, encodedId] = /^st_([0-9a-z]{1,11})_[A-Za-z0-9_-]{43}$/.exec(secret) ?? []
    const userId = Number.parseInt(encodedId ?? '', 36)
    if (!Number.isSafeInteger(userId)) return undefined
    const hash = secretHash(secret)
    const known = await this.#access.remember(userId, `token:${hash}`, () => this.#find(userId, hash))
    if (known === undefined || hasPassed(known.expiresAt, this.#now())) return undefined
    const access = await this.#access.of(userId)
    if (access === undefined) return undefined
    return known.expiresAt === null ? { access } : { access, expiresAt: new Date(known.expiresAt) }
  }

  async #find(userId: number, hash: string): Promise<{ readonly expiresAt: string | null } | undefined> {
    const row = await this.#database.reads
      .selectFrom('api_token')
      .select(['id', 'expires_at'])
      .where('secret_hash', '=', hash)
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    if (row === undefined || hasPassed(row.expires_at, this.#now())) return undefined
    await this.#noteUse(row.id)
    return { expiresAt: row.expires_at }
  }

  /** Once in the 60 seconds for which a token is cached. That it cannot be noted keeps nobody out. */
  async #noteUse(id: number): Promise<void> {
    const used = { last_used_at: this.#now().toISOString() }
    try {
      await this.#database.write(transaction =>
        transaction.updateTable('api_token').set(used).where('id', '=', id).execute(),
      )
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
    }
  }
}

function requireToken({ name, expiresAt, latestExpiry }: WantedApiToken, now: Date): void {
  if (name.trim() === '' || name.length > 100 || /\p{Cc}/u.test(name) || !name.isWellFormed()) {
    throw new Refusal('invalid', 'INVALID_TOKEN_NAME', 'A token has a name of 1 to 100 characters, to know it by.')
  }
  if (expiresAt !== undefined && !(expiresAt > now)) {
    throw new Refusal('invalid', 'INVALID_EXPIRY', 'A token expires in the future.')
  }
  // Else whoever got hold of a token for an hour could keep it for ever.
  if (latestExpiry !== undefined && (expiresAt === undefined || expiresAt > latestExpiry)) {
    const message = `A token that is made with a token expires with it: give expiresAt, ${latestExpiry.toISOString()} at most.`
    throw new Refusal('invalid', 'INVALID_EXPIRY', message)
  }
}

function hasPassed(moment: string | null, now: Date): boolean {
  return moment !== null && moment <= now.toISOString()
}

function tokenOf(row: {
  readonly id: number
  readonly user_id: number
  readonly name: string
  readonly prefix: string
  readonly created_at: string
  readonly last_used_at: string | null
  readonly expires_at: string | null
  readonly revoked_at: string | null
}): ApiToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  }
}
