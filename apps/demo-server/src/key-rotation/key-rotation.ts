import { setImmediate } from 'node:timers/promises'
import { type CredentialCipher, CredentialError } from '@st/credential-crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { AuditActor, AuditEvent } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import { credentialContext } from '../credentials/credential-cipher-source.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { Refusal } from '../refusal.ts'
import type { ChangingKey } from './changing-key.ts'
import { checkOf, readDatabaseKey } from './database-key.ts'
import { noNextKey } from './environment-keys.ts'
import { onlyHere } from './only-here.ts'
import type { KeyRotationTable } from './key-rotation-tables.ts'

/** How far a rotation has come. */
export interface KeyRotationStatus {
  readonly id: number
  /** `failed` when some values could not be decrypted: the old key is still needed, and it can be tried again. */
  readonly state: 'reencrypting' | 'verifying' | 'failed' | 'done'
  readonly isPaused: boolean
  /** Of the new key. */
  readonly fingerprint: string
  readonly total: number
  /** In this state. */
  readonly processed: number
  readonly failed: number
  readonly startedAt: string
  /** Absent until it is done. */
  readonly finishedAt?: string
}

/** What a rotation works with. */
export interface KeyRotationContext {
  readonly database: Database
  readonly writes: AuditedWrites
  /** What is changed. */
  readonly key: ChangingKey
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
  /** Values in a transaction. Default 100: some milliseconds in which nobody else writes. */
  readonly batchSize?: number | undefined
}

/**
 * Changes the key: all values are encrypted with the next one, a batch at a time. It can be stopped at any moment, and goes
 * on from there. Of several instances on one database, one does the work.
 */
export class KeyRotation {
  readonly #database: Database
  readonly #writes: AuditedWrites
  readonly #key: ChangingKey
  readonly #now: () => Date
  readonly #batchSize: number
  #running: Promise<KeyRotationStatus | undefined> | undefined

  constructor({ database, writes, key, now = () => new Date(), batchSize = 100 }: KeyRotationContext) {
    this.#database = database
    this.#writes = writes
    this.#key = key
    this.#now = now
    this.#batchSize = batchSize
  }

  /** The latest rotation; `undefined` when there was none. */
  async status(): Promise<KeyRotationStatus | undefined> {
    const row = await latest(this.#database.reads)
    return row && statusOf(row)
  }

  /**
   * Begins to change the key to the next one, which encrypts from now on; or begins again what has failed. The work is done
   * by {@link KeyRotation.resume}.
   *
   * @throws Refusal `ROTATION_RUNNING`, `NO_NEXT_KEY`
   */
  begin(actor: AuditActor): Promise<KeyRotationStatus> {
    return this.#key.exclusively(() => this.#begin(actor))
  }

  /** Pauses it after the batch that is running, or lets it go on. @throws Refusal `NO_ROTATION` */
  setPaused(isPaused: boolean, actor: AuditActor): Promise<KeyRotationStatus> {
    const action = isPaused ? 'Paused the rotation of the key' : 'Resumed the rotation of the key'
    return this.#writes.write(eventOf(actor, action), async ({ transaction, record }) => {
      const row = await latest(transaction)
      if (row === undefined || hasEnded(row)) {
        throw new Refusal('conflict', 'NO_ROTATION', 'The key is not being rotated.')
      }
      await transaction.updateTable('key_rotation').set({ is_paused: isPaused }).where('id', '=', row.id).execute()
      await record()
      return statusOf({ ...row, is_paused: isPaused })
    })
  }

  /**
   * Goes on with a change wherever it was left, also by a process that ended, and drops the old key when all is done. Does
   * nothing when there is none, when it is paused, and while another instance does it. To be called at the start, after
   * {@link KeyRotation.begin}, after a pause, and now and then: whoever did it may have ended.
   *
   * @param signal - Stops it after a batch.
   * @returns How far it has come; `undefined` when the key is not being changed.
   * @throws KeyError when the keys that it takes are not here.
   */
  resume(signal?: AbortSignal): Promise<KeyRotationStatus | undefined> {
    this.#running ??= this.#resume(signal).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #resume(signal: AbortSignal | undefined): Promise<KeyRotationStatus | undefined> {
    await this.#key.refresh()
    if (await this.#key.isNextWaiting()) await this.#key.exclusively(() => this.#beginWaiting())
    const status = await this.status()
    if (status === undefined || status.state === 'failed' || status.isPaused) return status
    if (status.state === 'done' && !(await this.#key.isFinishing())) return undefined
    return (await onlyHere(this.#database, () => this.#run(signal))) ?? this.status()
  }

  /** A process ended between making the key and beginning to use it, unless it has begun meanwhile. */
  async #beginWaiting(): Promise<void> {
    await this.#key.refresh()
    if (await this.#key.isNextWaiting()) await this.#begin({ name: 'server' })
  }

  async #run(signal: AbortSignal | undefined): Promise<KeyRotationStatus | undefined> {
    for (;;) {
      const status = await this.#step()
      if (status?.state === 'done') await this.#key.finish()
      if (status === undefined || hasEnded(status) || status.isPaused || signal?.aborted === true) return status
      // Whatever came in meanwhile goes first.
      await setImmediate()
    }
  }

  async #begin(actor: AuditActor): Promise<KeyRotationStatus> {
    const event = eventOf(actor, 'Began to change the key')
    const next = await this.#prepareNext(event)
    const status = await this.#writes.write(event, async ({ transaction, record }) => {
      const before = await latest(transaction)
      if (before !== undefined && !hasEnded(before)) throw rotationRunning()
      await takeUp(transaction, next)
      const { total } = await transaction
        .selectFrom('credential_version')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const moment = this.#now().toISOString()
      const row = await transaction
        .insertInto('key_rotation')
        .values({
          state: 'reencrypting',
          is_paused: false,
          fingerprint: next.keyFingerprint,
          cursor: 0,
          total,
          processed: 0,
          failed: 0,
          started_at: moment,
          updated_at: moment,
          finished_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      await record({ details: { fingerprint: row.fingerprint, total } })
      return statusOf(row)
    })
    await this.#key.refresh()
    return status
  }

  /** What is refused here is in the audit log like what is refused inside the write. */
  async #prepareNext(event: AuditEvent): Promise<CredentialCipher> {
    const before = await latest(this.#database.reads)
    const isRunning = before !== undefined && !hasEnded(before)
    try {
      if (isRunning) throw rotationRunning()
      const next = await this.#key.prepareNext()
      if (next === undefined) throw noNextKey()
      return next
    } catch (error) {
      if (error instanceof Refusal) await this.#writes.refuse(event, error)
      throw error
    }
  }

  /** One batch, and how far it got, in one transaction. */
  #step(): Promise<KeyRotationStatus | undefined> {
    return this.#database.write(async transaction => {
      const row = await latest(transaction)
      if (row === undefined) return undefined
      if (row.is_paused || hasEnded(row)) return statusOf(row)
      await this.#key.requireCurrent(transaction)
      return statusOf(await this.#advance(transaction, row))
    })
  }

  async #advance(transaction: Transaction<Schema>, row: Row): Promise<Row> {
    const values = await this.#nextValues(transaction, row.cursor)
    const failed = row.state === 'verifying' ? this.#verify(values) : await this.#reencrypt(transaction, values)
    const progress = {
      ...row,
      cursor: values.at(-1)?.id ?? row.cursor,
      processed: row.processed + values.length - failed,
      failed: row.failed + failed,
      updated_at: this.#now().toISOString(),
    }
    const after = values.length < this.#batchSize ? this.#nextState(progress) : progress
    const { id: _id, ...columns } = after
    await transaction.updateTable('key_rotation').set(columns).where('id', '=', row.id).execute()
    if (after.state === 'done') await forgetPrevious(transaction)
    if (hasEnded(after)) await this.#writes.append(transaction, endOf(after))
    return after
  }

  #nextState(row: Row): Row {
    if (row.failed > 0) return { ...row, state: 'failed' }
    if (row.state === 'verifying') return { ...row, state: 'done', finished_at: this.#now().toISOString() }
    return { ...row, state: 'verifying', cursor: 0, processed: 0 }
  }

  #nextValues(transaction: Transaction<Schema>, cursor: number): Promise<Value[]> {
    return transaction
      .selectFrom('credential_version as value')
      .innerJoin('credential', 'credential.id', 'value.credential_id')
      .select(['value.id', 'value.value', 'value.version', 'user_id', 'provider', 'name'])
      .where('value.id', '>', cursor)
      .orderBy('value.id')
      .limit(this.#batchSize)
      .execute()
  }

  /** Gives how many could not be. */
  async #reencrypt(transaction: Transaction<Schema>, values: readonly Value[]): Promise<number> {
    const rotated = values.map(row => ({
      ...row,
      token: attempt(() => this.#key.cipher.rotate(row.value, credentialContext(row, row.version))),
    }))
    const changed = rotated.flatMap(({ id, value, token }) =>
      token === undefined || token === value ? [] : [{ id, token }],
    )
    if (changed.length > 0) await storeTokens(transaction, changed)
    return rotated.filter(({ token }) => token === undefined).length
  }

  /** Gives how many are not of the new key, or do not decrypt. */
  #verify(values: readonly Value[]): number {
    const { cipher } = this.#key
    const isGood = (row: Value): boolean =>
      attempt(() => cipher.decrypt(row.value, credentialContext(row, row.version))) !== undefined &&
      attempt(() => cipher.needsReencrypt(row.value)) === false
    return values.filter(row => !isGood(row)).length
  }
}

interface Value {
  readonly id: number
  readonly value: string
  readonly version: number
  readonly user_id: number
  readonly provider: string
  readonly name: string
}

type Row = Selectable<KeyRotationTable>

function latest(database: Pick<Database['reads'], 'selectFrom'>): Promise<Row | undefined> {
  return database.selectFrom('key_rotation').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
}

function rotationRunning(): Refusal {
  return new Refusal('conflict', 'ROTATION_RUNNING', 'The key is being changed already.')
}

/** In one statement: waiting for the answers to one for each would be most of the time on PostgreSQL. */
async function storeTokens(
  transaction: Transaction<Schema>,
  tokens: readonly { readonly id: number; readonly token: string }[],
): Promise<void> {
  const rows = sql.join(tokens.map(({ id, token }) => sql`(cast(${id} as integer), ${token})`))
  await transaction
    .updateTable('credential_version')
    // Both databases name the columns of values so.
    .from(sql<{ column1: number; column2: string }>`(values ${rows})`.as<'changed'>(sql`changed`))
    .set(eb => ({ value: eb.ref('changed.column2') }))
    .whereRef('credential_version.id', '=', 'changed.column1')
    .execute()
}

/** From here on every instance encrypts with this key, or stores nothing. */
async function takeUp(transaction: Transaction<Schema>, next: CredentialCipher): Promise<void> {
  const row = await readDatabaseKey(transaction)
  if (row === undefined || row.fingerprint === next.keyFingerprint) return
  await transaction
    .updateTable('key_check')
    .set({
      ...checkOf(next),
      previous_fingerprint: row.fingerprint,
      previous_check_value: row.check_value,
    })
    .where('id', '=', 1)
    .execute()
}

async function forgetPrevious(transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .updateTable('key_check')
    .set({ previous_fingerprint: null, previous_check_value: null })
    .where('id', '=', 1)
    .execute()
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if (CredentialError.isInstance(error)) return undefined
    throw error
  }
}

function eventOf(actor: AuditActor, action: string): AuditEvent {
  return { type: 'credential.key.rotated', actor, action }
}

function hasEnded({ state }: Pick<Row, 'state'>): boolean {
  return state === 'done' || state === 'failed'
}

function endOf({ state, fingerprint, total, failed }: Row): AuditEvent {
  const isDone = state === 'done'
  const action = isDone ? 'Rotated the key' : 'Could not rotate the key: some values cannot be decrypted'
  const event = eventOf({ name: 'server' }, action)
  return { ...event, outcome: isDone ? 'done' : 'refused', details: { fingerprint, total, failed } }
}

function statusOf(row: Row): KeyRotationStatus {
  const status = {
    id: row.id,
    state: row.state,
    isPaused: row.is_paused,
    fingerprint: row.fingerprint,
    total: row.total,
    processed: row.processed,
    failed: row.failed,
    startedAt: row.started_at,
  }
  return row.finished_at === null ? status : { ...status, finishedAt: row.finished_at }
}
