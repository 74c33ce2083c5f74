import { SecretError } from '@st/secrets-core/provider'
import type { SecretErrorKind } from '@st/secrets-core/provider'
import { EditRefusal } from './edited-text.ts'
import { FileFault } from './file-fault.ts'
import { LockLoss, LockTimeout } from './file-lock.ts'
import { systemErrorCode } from './system-error.ts'
import { TextFault } from './text-fault.ts'

/** What was being done, to which file, by which provider. */
export interface FileAction {
  readonly provider: string
  readonly filePath: string
  readonly verb: 'read' | 'write'
  /** Key that was asked for, where it was one. */
  readonly key?: string | undefined
}

const knownFailures: Readonly<Record<string, Failure>> = {
  EACCES: {
    kind: 'forbidden',
    reason: 'permission denied',
    hint: 'Let this user read and write the file and its directory.',
  },
  EPERM: {
    kind: 'forbidden',
    reason: 'not permitted',
    hint: 'Let this user read and write the file and its directory.',
  },
  EROFS: {
    kind: 'forbidden',
    reason: 'the file system is read-only',
    hint: 'Use a file on a file system that can be written.',
  },
  EISDIR: { kind: 'malformed', reason: 'it is a directory', hint: 'Set filePath to a regular file.' },
  ENOTDIR: { kind: 'malformed', reason: 'a parent is no directory', hint: 'Correct filePath.' },
  ELOOP: { kind: 'malformed', reason: 'its symbolic links form a loop', hint: 'Correct the links.' },
  ENAMETOOLONG: { kind: 'not_configured', reason: 'the path is too long', hint: 'Correct filePath.' },
  ENOSPC: { kind: 'unavailable', reason: 'no space is left', hint: 'Free some space; the file is as it was.' },
  EDQUOT: { kind: 'unavailable', reason: 'the quota is used up', hint: 'Free some space; the file is as it was.' },
}

/** A failure as the contract wants it: typed, with the file and the remedy, without a piece of the text. */
export function secretErrorOf(error: unknown, { provider, filePath, verb, key }: FileAction): SecretError {
  if (SecretError.isInstance(error)) return error
  const { kind, reason, detail, hint } = failureOf(error)
  return new SecretError(kind, `Cannot ${verb} secrets in ${filePath}: ${reason}.`, { provider, key, detail, hint })
}

interface Failure {
  readonly kind: SecretErrorKind
  readonly reason: string
  readonly hint?: string
  readonly detail?: string
}

function failureOf(error: unknown): Failure {
  if (error instanceof TextFault) {
    const hint = 'Correct the file by hand; it is not overwritten while it cannot be read.'
    return { kind: 'malformed', reason: `the file ${error.message}`, detail: error.detail, hint }
  }
  if (error instanceof FileFault) {
    return { kind: 'malformed', reason: `the file ${error.message}`, detail: error.detail, hint: error.hint }
  }
  if (error instanceof EditRefusal) return { kind: 'invalid', reason: error.message, hint: error.hint }
  if (error instanceof LockTimeout) return lockFailure(error)
  if (error instanceof LockLoss) {
    return {
      kind: 'conflict',
      reason: 'other processes took its lock over',
      hint: 'Try again: this process was held up.',
    }
  }
  return systemFailure(systemErrorCode(error))
}

function lockFailure({ lockPath, isAborted }: LockTimeout): Failure {
  const hint = `Try again; remove ${lockPath} if no process is writing.`
  return isAborted
    ? { kind: 'timeout', reason: 'the time was up before another writer had finished', detail: 'locked', hint }
    : { kind: 'unavailable', reason: 'another writer does not finish', detail: 'locked', hint }
}

function systemFailure(code: string | undefined): Failure {
  if (code === undefined) return { kind: 'internal', reason: 'unexpected failure' }
  return { kind: 'unavailable', reason: `the system answers ${code}`, ...knownFailures[code], detail: code }
}
