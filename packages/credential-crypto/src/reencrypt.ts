import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { CredentialCipher } from './credential-cipher.ts'
import type { CredentialContext } from './credential-context.ts'
import { CredentialError } from './credential-error.ts'
import type { CredentialErrorKind } from './credential-error.ts'

const DEFAULT_BATCH_SIZE = 500

/** How long the event loop is kept from others at a time; collecting what was left of it comes on top. */
const TURN_MS = 2

/** A row whose token is to be replaced. */
export interface ReencryptChange<Row> {
  /** As it was read. */
  readonly row: Row
  /** What to store in place of its token. */
  readonly token: string
}

/** How {@link reencrypt} reads and writes rows. */
export interface ReencryptOptions<Row> {
  /** Its first key and its `format` are what the rows are brought to. */
  readonly cipher: CredentialCipher
  /** The stored token of a row. */
  readonly token: (row: Row) => string
  /**
   * What the credential of a row belongs to: an `st2` token is bound to it already, and the new one will be. Default: no
   * context.
   */
  readonly context?: ((row: Row) => CredentialContext) | undefined
  /**
   * Stores the changes of one batch, in a transaction where all or nothing is wanted. Not called for a batch without
   * changes. To spare a credential that somebody saves meanwhile, replace a token only where it still is the one that was
   * read.
   */
  readonly write: (changes: readonly ReencryptChange<Row>[]) => Promise<void> | void
  /** Rows that are read before their changes are written. Default: 500. */
  readonly batchSize?: number | undefined
  /** Whether to leave out writing; the report says what would be changed. Default: `false`. */
  readonly dryRun?: boolean | undefined
  /**
   * Is told after each batch how far it has come, and once more before a failure or a stop reaches the caller: what it was
   * told last is what has been done. Default: nobody is told.
   */
  readonly onProgress?: ((progress: ReencryptReport) => void) | undefined
  /** Stops before the next batch; the batch that is being written is finished. Default: never. */
  readonly signal?: AbortSignal | undefined
}

/** A row that could not be re-encrypted and stays as it is. */
export interface ReencryptFailure {
  /** Which row, counted from 0 in the order of reading. */
  readonly index: number
  /** Why. `malformed` is what a plaintext gives. */
  readonly kind: CredentialErrorKind
}

/** What {@link reencrypt} has done. */
export interface ReencryptReport {
  /** Rows that were read, in batches that are finished. */
  readonly seen: number
  /** Rows whose new token has been written, or would have been in a dry run. */
  readonly changed: number
  /** Rows that could not be re-encrypted, in the order of reading. */
  readonly failed: readonly ReencryptFailure[]
}

const OPTION_NAMES = ['cipher', 'token', 'context', 'write', 'batchSize', 'dryRun', 'onProgress', 'signal']

/**
 * Brings rows to the cipher's first key and format. Rows already there are verified and skipped, so that it can be run
 * again after a stop. A row that cannot be decrypted is reported and does not stop the others.
 *
 * Gives the event loop a turn every few milliseconds, and holds one batch of rows in memory.
 *
 * @param rows - In any order that stays the same while rows are updated; ordered by primary key, say.
 * @param options - How rows are read and written.
 * @throws What `rows`, `token`, `context`, `write` and `onProgress` throw, as it is; the reason of `signal`; a `TypeError`
 * or `RangeError` for options that make no sense. Batches written before stay written.
 */
export async function reencrypt<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  options: ReencryptOptions<Row>,
): Promise<ReencryptReport> {
  const run = new Reencryption(checkedOptions(options))
  try {
    await run.all(rows)
  } catch (error) {
    run.tellBeforeFailure()
    throw error
  }
  return run.report()
}

class Reencryption<Row> {
  readonly #options: CheckedOptions<Row>
  readonly #failed: ReencryptFailure[] = []
  #seen = 0
  #changed = 0
  #batch = emptyBatch<Row>()
  #turnStarted = performance.now()

  constructor(options: CheckedOptions<Row>) {
    this.#options = options
  }

  async all(rows: AsyncIterable<Row> | Iterable<Row>): Promise<void> {
    const { batchSize, signal } = this.#options
    signal?.throwIfAborted()
    for await (const row of rows) {
      this.#take(row)
      if (performance.now() - this.#turnStarted > TURN_MS) await this.#giveTurn()
      if (this.#batch.read < batchSize) continue
      await this.#finishBatch()
      signal?.throwIfAborted()
    }
    if (this.#batch.read > 0) await this.#finishBatch()
  }

  report(): ReencryptReport {
    return { seen: this.#seen, changed: this.#changed, failed: [...this.#failed] }
  }

  tellBeforeFailure(): void {
    try {
      this.#options.onProgress?.(this.report())
    } catch {
      // The caller is to learn of the first failure.
    }
  }

  #take(row: Row): void {
    const index = this.#seen + this.#batch.read
    const token = this.#options.token(row)
    const context = this.#options.context?.(row)
    this.#batch.read += 1
    try {
      const rotated = this.#options.cipher.rotate(token, context)
      if (rotated !== token) this.#batch.changes.push({ row, token: rotated })
    } catch (error) {
      if (!CredentialError.isInstance(error)) throw error
      this.#batch.failed.push({ index, kind: error.kind })
    }
  }

  async #finishBatch(): Promise<void> {
    const { read, changes, failed } = this.#batch
    this.#batch = emptyBatch()
    if (changes.length > 0 && !this.#options.isDryRun) await this.#options.write(changes)
    this.#seen += read
    this.#changed += changes.length
    for (const failure of failed) this.#failed.push(failure)
    this.#options.onProgress?.(this.report())
  }

  async #giveTurn(): Promise<void> {
    await turnOfTheLoop()
    this.#turnStarted = performance.now()
  }
}

interface CheckedOptions<Row> extends ReencryptOptions<Row> {
  readonly batchSize: number
  readonly isDryRun: boolean
}

interface Batch<Row> {
  read: number
  readonly changes: ReencryptChange<Row>[]
  readonly failed: ReencryptFailure[]
}

function emptyBatch<Row>(): Batch<Row> {
  return { read: 0, changes: [], failed: [] }
}

/** Refuses what it does not know: a `dryrun` that goes unheard would write. */
function checkedOptions<Row>(options: ReencryptOptions<Row>): CheckedOptions<Row> {
  const { batchSize = DEFAULT_BATCH_SIZE, dryRun = false } = options
  const unknown = Object.keys(options).find(name => !OPTION_NAMES.includes(name))
  if (unknown !== undefined) throw new TypeError(`reencrypt has no option '${unknown}'`)
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    throw new RangeError('batchSize must be a whole number above 0')
  if (typeof dryRun !== 'boolean') throw new TypeError('dryRun must be true or false')
  return { ...options, batchSize, isDryRun: dryRun }
}
