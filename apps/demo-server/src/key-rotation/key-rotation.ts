import { setImmediate } from 'node:timers/promises'
import { CredentialError } from '@st/credential-crypto'
import type { Selectable, Transaction } from 'kysely'
import type { AuditActor, AuditEvent } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import { type CipherSource, credentialContext } from '../credentials/credential-cipher-source.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { Refusal } from '../refusal.ts'
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
  /** Encrypts with the new key and decrypts with the old one too. */
  readonly ciphers: CipherSource
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
  /** Values in a transaction. Default 200: some milliseconds in which nobody else writes. */
  readonly batchSize?: number | undefined
}

/** Encrypts all values with the newest key, a batch at a time: it can be stopped at any moment, and goes on from there. */
export class KeyRotation {
  readonly #database: Database
  readonly #writes: AuditedWrites
  readonly #ciphers: CipherSource
  readonly #now: () => Date
  readonly #batchSize: number

  constructor({ database, writes, ciphers, now = () => new Date(), batchSize = 200 }: KeyRotationContext) {
    this.#database = database
    this.#writes = writes
    this.#ciphers = ciphers
    this.#now = now
    this.#batchSize = batchSize
  }

  /** The latest rotation; `undefined` when there was none. */
  async status(): Promise<KeyRotationStatus | undefined> {
    const row = await latest(this.#database.reads)
    return row && statusOf(row)
  }

  /**
   * Begins a rotation to the key that the cipher encrypts with, or begins one that failed again.
   *
   * @throws Refusal `ROTATION_RUNNING`
   */
  begin(actor: AuditActor): Promise<KeyRotationStatus> {
    return this.#writes.write(eventOf(actor, 'Began to rotate the key'), async ({ transaction, record }) => {
      const before = await latest(transaction)
      if (before !== undefined && !hasEnded(before)) {
        throw new Refusal('conflict', 'ROTATION_RUNNING', 'The key is being rotated already.')
      }
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
          fingerprint: this.#ciphers.cipher.keyFingerprint,
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
   * Goes on until it is done, has failed, is paused, or the signal aborts.
   *
   * @returns How far it has come; `undefined` when there is no rotation.
   */
  async run(signal?: AbortSignal): Promise<KeyRotationStatus | undefined> {
    for (;;) {
      const status = await this.#step()
      if (status === undefined || hasEnded(status) || status.isPaused || signal?.aborted === true) return status
      // Whatever came in meanwhile goes first.
      await setImmediate()
    }
  }

  /** One batch, and how far it got, in one transaction. */
  #step(): Promise<KeyRotationStatus | undefined> {
    return this.#database.write(async transaction => {
      const row = await latest(transaction)
      if (row === undefined) return undefined
      const isMoving = !row.is_paused && !hasEnded(row)
      return statusOf(isMoving ? await this.#advance(transaction, row) : row)
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
    let failed = 0
    for (const row of values) {
      const token = attempt(() => this.#ciphers.cipher.rotate(row.value, credentialContext(row, row.version)))
      if (token === undefined) failed += 1
      else if (token !== row.value) {
        await transaction.updateTable('credential_version').set({ value: token }).where('id', '=', row.id).execute()
      }
    }
    return failed
  }

  /** Gives how many are not of the new key, or do not decrypt. */
  #verify(values: readonly Value[]): number {
    const { cipher } = this.#ciphers
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
