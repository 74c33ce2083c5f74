import type { CredentialError, CredentialErrorKind } from '@st/credential-crypto'
import type { SecretError, SecretErrorKind, SecretUnresolvedError } from '@st/secrets-core'
import { CliError } from './cli-error.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'

/** What people and programs are told about a command that failed; no member ever holds a value. */
export interface FailureReport {
  /** What the process ends with. */
  readonly exitCode: ExitCode
  /** For programs: `ST_SECRETS_…`, `ST_CRYPTO_…`, or `ST_CLI_…` for the command line's own. */
  readonly code: string
  /** What failed, on which named thing. */
  readonly message: string
  /** What to do about it, where somebody knows. */
  readonly hint?: string
}

const secretExitCodes: Readonly<Record<SecretErrorKind, ExitCode>> = {
  missing: exitCodes.notFound,
  // Only where no step says why; see `ofUnresolved`.
  unresolved: exitCodes.unavailable,
  invalid: exitCodes.unusable,
  not_configured: exitCodes.usage,
  unavailable: exitCodes.unavailable,
  timeout: exitCodes.unavailable,
  throttled: exitCodes.unavailable,
  unauthenticated: exitCodes.refused,
  forbidden: exitCodes.refused,
  malformed: exitCodes.unusable,
  insecure: exitCodes.unusable,
  unsupported: exitCodes.usage,
  conflict: exitCodes.conflict,
  closed: exitCodes.unexpected,
  internal: exitCodes.unexpected,
}

const credentialExitCodes: Readonly<Record<CredentialErrorKind, ExitCode>> = {
  malformed: exitCodes.unusable,
  unsupported_version: exitCodes.unusable,
  authentication_failed: exitCodes.unusable,
  unknown_key: exitCodes.unusable,
  expired: exitCodes.unusable,
  not_utf8: exitCodes.unusable,
  key_refused: exitCodes.unusable,
  key_mismatch: exitCodes.unusable,
}

const systemExitCodes: Readonly<Record<string, ExitCode>> = {
  ENOENT: exitCodes.notFound,
  ENOTDIR: exitCodes.notFound,
  EACCES: exitCodes.unusable,
  EPERM: exitCodes.unusable,
  EROFS: exitCodes.unusable,
  EEXIST: exitCodes.conflict,
}

/**
 * What went wrong, for the user. An error that nobody foresaw is told by its class and place alone: its message may hold
 * anything.
 *
 * @param error - As it was thrown.
 */
export function failureReport(error: unknown): FailureReport {
  if (error instanceof CliError) return ofCliError(error)
  if (isSecretError(error)) return withHint({ ...told(error), exitCode: ofSecretError(error) }, hintOf(error))
  if (isCredentialError(error)) return withHint({ ...told(error), exitCode: ofCredentialError(error) }, error.hint)
  if (isTimeout(error)) {
    return { exitCode: exitCodes.unavailable, code: 'ST_CLI_TIMEOUT', message: 'The time that --timeout gives is up.' }
  }
  return ofUnforeseen(error)
}

// Told by their marks rather than by their classes: this loads neither package, and their copies may be several.
function isSecretError(error: unknown): error is SecretError {
  return error instanceof Error && Symbol.for('@st/secrets.error') in error
}

function isCredentialError(error: unknown): error is CredentialError {
  return error instanceof Error && Symbol.for('@st/credential-crypto.error') in error
}

/** What `AbortSignal.timeout` aborts with. */
function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}

function told({ code, message }: SecretError | CredentialError): Pick<FailureReport, 'code' | 'message'> {
  return { code, message }
}

function withHint(report: FailureReport, hint: string | undefined): FailureReport {
  return hint === undefined ? report : { ...report, hint }
}

/** The core's own hint for a missing key is one for programs. */
function hintOf({ kind, key, hint }: SecretError): string | undefined {
  return kind === 'missing' && key !== undefined ? `st-secrets explain ${key} shows what each provider answers.` : hint
}

function ofCliError({ exitCode, message, hint }: CliError): FailureReport {
  const name = Object.entries(exitCodes).find(([, code]) => code === exitCode)?.[0] ?? 'unexpected'
  const code = `ST_CLI_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
  return withHint({ exitCode, code, message }, hint)
}

function ofSecretError(error: SecretError): ExitCode {
  if (error.detail?.startsWith('config_')) return exitCodes.usage
  if (error.detail === 'locked') return exitCodes.conflict
  return isUnresolved(error) ? ofUnresolved(error) : secretExitCodes[error.kind]
}

function isUnresolved(error: SecretError): error is SecretUnresolvedError {
  return error.kind === 'unresolved' && 'trace' in error
}

/** What a failure of this kind ends the process with. */
export function exitCodeOfKind(kind: SecretErrorKind): ExitCode {
  return secretExitCodes[kind]
}

/** Waiting helps before anything else does; else the first provider that failed says what to mend. */
function ofUnresolved({ transient, trace }: SecretUnresolvedError): ExitCode {
  if (transient) return exitCodes.unavailable
  const kind = trace.steps.find(step => step.outcome === 'failed')?.kind ?? 'unresolved'
  return secretExitCodes[kind]
}

function ofCredentialError({ kind, detail }: CredentialError): ExitCode {
  return kind === 'key_refused' && detail === 'missing' ? exitCodes.notFound : credentialExitCodes[kind]
}

function ofUnforeseen(error: unknown): FailureReport {
  const code = systemCode(error)
  if (code !== undefined) {
    const exitCode = systemExitCodes[code] ?? exitCodes.unexpected
    return { exitCode, code: 'ST_CLI_SYSTEM', message: `The system answered ${code}${pathOf(error)}.` }
  }
  const name = error instanceof Error ? error.constructor.name : typeof error
  const place = error instanceof Error ? placeOf(error) : ''
  return {
    exitCode: exitCodes.unexpected,
    code: 'ST_CLI_UNEXPECTED',
    message: `Something that was not foreseen happened: ${name}${place}.`,
    hint: 'This is a defect of st-secrets; please report it with the command that shows it.',
  }
}

/** Code of a failed system call, such as `ENOSPC`. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return 'syscall' in error && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? ` for ${error.path}` : ''
}

/** The first line of the stack that is no message: `at get (…/get.ts:12:7)`. */
function placeOf({ stack = '' }: Error): string {
  const frame = stack.split('\n').find(line => /^\s+at /.test(line))
  return frame === undefined ? '' : ` ${frame.trim()}`
}
