import { realpath, stat } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import type { RotationCiphers } from './credential-keys.ts'
import { ReplacementFile } from '../replacement-file.ts'
import { type ContextChoice, contextOf } from './row-context.ts'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { systemFailure } from '../system-failure.ts'
import type { TokenFile, TokenRecord } from './token-record.ts'
import { tokenRecords } from './token-records.ts'
import { attempt, isSound, type OnProgress, type RotationReport, type TokenProblem } from './token-report.ts'

/** How tokens are rotated. */
export interface RotationOptions {
  /** The keys. */
  readonly ciphers: RotationCiphers
  /** What the tokens are bound to. */
  readonly context: ContextChoice
  /** Whether to say what would be done, and write nothing. */
  readonly isDryRun?: boolean | undefined
  /** Whether to rotate the rest where some tokens cannot be. Default: nothing is written then. */
  readonly skipsProblems?: boolean | undefined
  /** Milliseconds for which somebody else's lock of a database is waited for. Default: 5000. */
  readonly lockTimeoutMs?: number | undefined
  /** Is told how far it has come. */
  readonly onProgress?: OnProgress | undefined
  /** Ends it before anything is put in place. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Brings the tokens of a file to the new key. The file is replaced as a whole, after what was written has been read back
 * and compared with it, token by token; nothing but the tokens changes. Killed, it leaves the file as it was: run it again.
 *
 * @throws CliError when the file is not what it should be, cannot be written, or changes meanwhile.
 */
export async function rotateFile(given: TokenFile, options: RotationOptions): Promise<RotationReport> {
  const file = { ...given, path: await realPath(given.path) }
  const before = await fileStats(file.path)
  const next = options.isDryRun ? undefined : await ReplacementFile.beside(file.path)
  try {
    const report = await new FileRotation(file, options, Number(before.size)).rewrite(next)
    const isUnsound = report.problems.length > 0 && !options.skipsProblems
    if (next === undefined || isUnsound || report.changed === 0) return report
    const verified = await verify(file, { path: next.path, options, size: Number(before.size) })
    options.signal?.throwIfAborted()
    await next.replace(async () => requireUnchanged(before, await fileStats(file.path), file.path))
    return { ...report, verified, isWritten: true }
  } finally {
    await next?.discard()
  }
}

/**
 * The path of a file, past links: the file is to be replaced, and not the link.
 *
 * @throws CliError when there is none.
 */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw systemFailure(error, `Reading ${path}`)
  }
}

/**
 * What is known of a file.
 *
 * @throws CliError when there is none, or it is something else.
 */
export async function fileStats(path: string): Promise<BigIntStats> {
  const stats = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw systemFailure(error, `Reading ${path}`)
  })
  if (!stats.isFile()) throw new CliError(exitCodes.unusable, `${path} is not a file.`, 'Check the path.')
  return stats
}

function requireUnchanged(before: BigIntStats, after: BigIntStats, path: string): void {
  if (identityOf(before) === identityOf(after)) return
  throw new CliError(exitCodes.conflict, `${path} was changed meanwhile, and is left as it is now.`, 'Run it again.')
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

class FileRotation {
  readonly #file: TokenFile
  readonly #options: RotationOptions
  readonly #size: number
  readonly #problems: TokenProblem[] = []
  #tokens = 0
  #changed = 0
  #empty = 0

  constructor(file: TokenFile, options: RotationOptions, size: number) {
    this.#file = file
    this.#options = options
    this.#size = size
  }

  async rewrite(next: ReplacementFile | undefined): Promise<RotationReport> {
    const { onProgress, signal } = this.#options
    const phase = next === undefined ? 'checking' : 'rewriting'
    const onBytes = (done: number): void => {
      signal?.throwIfAborted()
      onProgress?.({ phase, done, total: this.#size })
    }
    for await (const record of tokenRecords(this.#file, onBytes)) {
      const text = this.#rotated(record)
      await next?.write(text)
    }
    await next?.flush()
    return {
      tokens: this.#tokens,
      changed: this.#changed,
      empty: this.#empty,
      problems: this.#problems,
      verified: 0,
      isWritten: false,
    }
  }

  #rotated(record: TokenRecord): string {
    const { token, text } = record
    if (token === undefined) {
      if (record.isData) this.#empty += 1
      return text
    }
    this.#tokens += 1
    const { ciphers, context } = this.#options
    const rotated = attempt(record, context, bound => ciphers.ring.rotate(token, bound))
    if ('kind' in rotated) {
      this.#problems.push({ place: `line ${record.line}`, kind: rotated.kind })
      return text
    }
    if (rotated.value === token) return text
    this.#changed += 1
    return record.with(rotated.value)
  }
}

interface Rewritten {
  readonly path: string
  readonly options: RotationOptions
  readonly size: number
}

/** Reads both files side by side. */
async function verify(file: TokenFile, { path, options, size }: Rewritten): Promise<number> {
  const written = tokenRecords({ ...file, path })
  const { onProgress } = options
  let verified = 0
  try {
    const before = tokenRecords(file, done => onProgress?.({ phase: 'verifying', done, total: size }))
    for await (const record of before) {
      const { value: after, done } = await written.next()
      if (done || !isCounterpart(record, after, options)) throw unverified(file.path)
      if (record.text !== after.text) verified += 1
    }
    if ((await written.next()).done !== true) throw unverified(file.path)
  } finally {
    await written.return(undefined)
  }
  return verified
}

function isCounterpart(before: TokenRecord, after: TokenRecord, { ciphers, context }: RotationOptions): boolean {
  if (before.text === after.text) return true
  if (before.token === undefined || after.token === undefined) return false
  const bound = contextOf(before, context)
  if (bound === 'missing' || before.with(after.token) !== after.text) return false
  return isSound(ciphers, { before: before.token, after: after.token, context: bound })
}

function unverified(path: string): CliError {
  return new CliError(
    exitCodes.unexpected,
    `What was written for ${path} is not what it should be; the file is left as it is.`,
  )
}
