import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { type CredentialContext, reencrypt, type ReencryptChange } from '@st/credential-crypto'
import type { RotationOptions } from './rotate-file.ts'
import { contextOf } from './row-context.ts'
import { SqliteTokens, type TokenColumn, type TokenRow } from './sqlite-tokens.ts'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { attempt, isSound, type RotationReport, type TokenProblem } from './token-report.ts'

/**
 * Brings the tokens of a column to the new key: all are decrypted first, then changed in batches, each compared with what
 * it replaces before it is written, then read back. Stopped or killed, it leaves some rows changed and all readable with
 * both keys; run again, it goes on, as the tokens themselves tell which are done. SQLite keeps what was replaced in
 * unused parts of the file until it is vacuumed.
 *
 * @throws CliError when the database, table or column is not what it should be, or somebody else writes meanwhile.
 */
export async function rotateSqlite(subject: TokenColumn, options: RotationOptions): Promise<RotationReport> {
  const members = Object.values(options.context.members)
  const { isDryRun = false, lockTimeoutMs } = options
  const table = await SqliteTokens.open(subject, { members, isReadOnly: isDryRun, lockTimeoutMs })
  try {
    const rotation = new SqliteRotation(subject, table, options)
    const report = await rotation.check()
    const isUnsound = report.problems.length > 0 && !options.skipsProblems
    if (isDryRun || isUnsound || report.changed === 0) return report
    await rotation.rewrite()
    return { ...report, verified: await rotation.verify(), isWritten: true }
  } finally {
    table.close()
  }
}

class SqliteRotation {
  readonly #subject: TokenColumn
  readonly #table: SqliteTokens
  readonly #options: RotationOptions
  readonly #total: number
  /** Rows that stay as they are. */
  readonly #skipped = new Set<bigint>()

  constructor(subject: TokenColumn, table: SqliteTokens, options: RotationOptions) {
    this.#subject = subject
    this.#table = table
    this.#options = options
    this.#total = table.count()
  }

  /** Rotates every token, and stores none. */
  async check(): Promise<RotationReport> {
    const problems: TokenProblem[] = []
    const counts = { tokens: 0, changed: 0, empty: 0 }
    for await (const row of this.#rows('checking')) {
      if (row.token === undefined && !row.isOdd) {
        counts.empty += 1
        continue
      }
      counts.tokens += 1
      const result = this.#rotated(row)
      if ('kind' in result) {
        problems.push({ place: `row ${row.id}`, kind: result.kind })
        this.#skipped.add(row.id)
      } else if (result.value !== row.token) counts.changed += 1
    }
    return { ...counts, problems, verified: 0, isWritten: false }
  }

  async rewrite(): Promise<void> {
    const { ciphers, signal, onProgress } = this.#options
    await reencrypt(this.#usable('rewriting'), {
      cipher: ciphers.ring,
      token: row => row.token ?? '',
      context: row => this.#contextOf(row),
      write: changes => this.#store(changes),
      signal,
      onProgress: ({ seen }) => onProgress?.({ phase: 'rewriting', done: seen, total: this.#total }),
    })
  }

  /** Decrypts every token with the new key alone. */
  async verify(): Promise<number> {
    const { target } = this.#options.ciphers
    let verified = 0
    for await (const row of this.#usable('verifying')) {
      const result = attempt(row, this.#options.context, bound => target.rotate(row.token ?? '', bound) === row.token)
      if (!('value' in result) || !result.value) throw changedMeanwhile(this.#subject, row)
      verified += 1
    }
    return verified
  }

  #rotated(row: TokenRow): ReturnType<typeof attempt<string>> {
    const { token } = row
    if (token === undefined) return { kind: 'no_text' }
    return attempt(row, this.#options.context, bound => this.#options.ciphers.ring.rotate(token, bound))
  }

  #contextOf(row: TokenRow): CredentialContext {
    const context = contextOf(row, this.#options.context)
    // Emptied since it was checked.
    if (context === 'missing') throw changedMeanwhile(this.#subject, row)
    return context
  }

  #store(changes: readonly ReencryptChange<TokenRow>[]): void {
    const { ciphers } = this.#options
    for (const { row, token } of changes) {
      const tokens = { before: row.token ?? '', after: token, context: this.#contextOf(row) }
      if (!isSound(ciphers, tokens)) {
        throw new CliError(
          exitCodes.unexpected,
          `Row ${row.id} of ${this.#subject.path} would not decrypt afterwards; it is left as it is.`,
        )
      }
    }
    this.#table.update(changes)
  }

  async *#usable(phase: 'rewriting' | 'verifying'): AsyncGenerator<TokenRow> {
    for await (const row of this.#rows(phase)) {
      if (row.token !== undefined && !this.#skipped.has(row.id)) yield row
    }
  }

  async *#rows(phase: 'checking' | 'rewriting' | 'verifying'): AsyncGenerator<TokenRow> {
    const { signal, onProgress } = this.#options
    let done = 0
    for (const batch of this.#table.batches()) {
      signal?.throwIfAborted()
      yield* batch
      done += batch.length
      if (phase !== 'rewriting') onProgress?.({ phase, done, total: this.#total })
      // So that an interruption is heard.
      await turnOfTheLoop()
    }
  }
}

function changedMeanwhile({ path }: TokenColumn, { id }: TokenRow): CliError {
  return new CliError(
    exitCodes.conflict,
    `Row ${id} of ${path} was changed meanwhile by somebody who has the old key.`,
    'Run it again.',
  )
}
