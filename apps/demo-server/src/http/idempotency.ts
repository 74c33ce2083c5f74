import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditKey } from '../audit/audit-key.ts'
import type { Database } from '../database/database.ts'
import { HttpProblem, problemMediaType } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer holds a secret, so that it is not kept for a repeated request. Default: no. */
    givesSecret?: boolean
  }
  interface FastifyRequest {
    /** The row of a request that came with an `Idempotency-Key`. */
    idempotency: IdempotentRequest | undefined
  }
}

/** A request that must not be carried out twice. */
export interface IdempotentRequest {
  readonly userId: number
  readonly keyHash: string
}

/** What the rules about repeated requests work with. */
export interface IdempotencyOptions {
  readonly database: Database
  /** Signs what was sent, so that the table does not tell what a body was. */
  readonly key: AuditKey
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

const keptMs = 24 * 3_600_000
/** A request that has run for so long belongs to a process that has ended. */
const abandonedMs = 60_000

/**
 * Carries out a `POST` with an `Idempotency-Key` once in 24 hours for each caller: repeated, it gets the same answer
 * (IETF draft-ietf-httpapi-idempotency-key-header). Answers of failures of the server are not kept.
 */
export function repeatSafely(
  app: FastifyInstance,
  { database, key, now = () => new Date() }: IdempotencyOptions,
): void {
  app.decorateRequest('idempotency', undefined)
  app.addHook('preHandler', async (request, reply) => {
    const given = request.headers['idempotency-key']
    if (given === undefined || request.method !== 'POST' || request.caller === undefined) return
    // What has not come in yet cannot be compared.
    if (request.body instanceof Readable) return
    const row = {
      user_id: request.caller.access.userId,
      key_hash: hashOf(String(given)),
      fingerprint: key.sign('idempotency', [request.method, request.url, request.body]),
      created_at: now().toISOString(),
      status: null,
      body: null,
    }
    const known = await claim(database, row, now())
    if (known === undefined) request.idempotency = { userId: row.user_id, keyHash: row.key_hash }
    else return replay(request, reply, answerOf(known, row.fingerprint))
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const { idempotency } = request
    if (idempotency === undefined) return payload
    const { statusCode: status } = reply
    if (status >= 500 || status === 429) await release(database, idempotency)
    else await settle(database, idempotency, { status, body: keptBody(request, status, payload) })
    return payload
  })
}

/** What a request was answered. */
interface Answer {
  readonly status: number
  readonly body: string | null
}

/** @throws HttpProblem for a request that is another one, or is under way. */
function answerOf(known: Row, fingerprint: string): Answer {
  const { status, body } = known
  if (known.fingerprint !== fingerprint) {
    throw new HttpProblem(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was sent with another request.')
  }
  if (status !== null) return { status, body }
  throw new HttpProblem(409, 'REQUEST_UNDER_WAY', 'This request is being carried out: ask again in a moment.').after(1)
}

function replay(request: FastifyRequest, reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (request.routeOptions.config.givesSecret === true && status < 300) {
    throw new HttpProblem(409, 'ALREADY_DONE', 'This was done already. Its answer held a secret and is told only once.')
  }
  const type = status < 400 ? 'application/json' : problemMediaType
  if (body !== null) reply.type(`${type}; charset=utf-8`)
  reply.header('idempotency-replayed', 'true').code(status)
  // A serializer would take the text for a value.
  return reply.serializer((text: string) => text).send(body ?? '')
}

function hashOf(key: string): string {
  if (key.length === 0 || key.length > 255) {
    throw new HttpProblem(400, 'INVALID_IDEMPOTENCY_KEY', 'An Idempotency-Key has 1 to 255 characters.')
  }
  return createHash('sha256').update(key).digest('hex')
}

interface Row {
  readonly user_id: number
  readonly key_hash: string
  readonly fingerprint: string
  readonly created_at: string
  readonly status: number | null
  readonly body: string | null
}

/** Takes the key for this request; gives the request that has it already. */
function claim(database: Database, row: Row, now: Date): Promise<Row | undefined> {
  const since = (ms: number): string => new Date(now.getTime() - ms).toISOString()
  return database.write(async transaction => {
    await transaction
      .deleteFrom('idempotent_request')
      .where(eb =>
        eb.or([
          eb('created_at', '<', since(keptMs)),
          eb.and([eb('status', 'is', null), eb('created_at', '<', since(abandonedMs))]),
        ]),
      )
      .execute()
    const known = await transaction
      .selectFrom('idempotent_request')
      .selectAll()
      .where('user_id', '=', row.user_id)
      .where('key_hash', '=', row.key_hash)
      .executeTakeFirst()
    if (known === undefined) await transaction.insertInto('idempotent_request').values(row).execute()
    return known
  })
}

async function release(database: Database, { userId, keyHash }: IdempotentRequest): Promise<void> {
  await database.write(transaction =>
    transaction
      .deleteFrom('idempotent_request')
      .where('user_id', '=', userId)
      .where('key_hash', '=', keyHash)
      .execute(),
  )
}

async function settle(database: Database, { userId, keyHash }: IdempotentRequest, answer: Answer): Promise<void> {
  await database.write(transaction =>
    transaction
      .updateTable('idempotent_request')
      .set(answer)
      .where('user_id', '=', userId)
      .where('key_hash', '=', keyHash)
      .execute(),
  )
}

function keptBody({ routeOptions }: FastifyRequest, status: number, payload: unknown): string | null {
  const isSecret = routeOptions.config.givesSecret === true && status < 300
  return typeof payload === 'string' && !isSecret ? payload : null
}
