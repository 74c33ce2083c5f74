import type { ExitCode } from './exit-codes.ts'

/** A command ends without its result. Holds no value, no token and no line of what was read. */
export class CliError extends Error {
  override readonly name: string = 'CliError'
  /** What the process ends with. */
  readonly exitCode: ExitCode
  /** What to do about it. */
  readonly hint: string | undefined

  /**
   * @param exitCode - What the process ends with.
   * @param message - What failed, on which named thing.
   * @param hint - What to do about it.
   */
  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message)
    this.exitCode = exitCode
    this.hint = hint
  }
}
