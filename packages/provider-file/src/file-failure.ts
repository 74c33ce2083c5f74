import { SecretError } from '@st/secrets-core/provider'
import type { SecretErrorKind } from '@st/secrets-core/provider'
import { SyncFailure } from './atomic-write.ts'
import { EditRefusal } from './edited-text.ts'
import { FileFault } from './file-fault.ts'
import { LockLoss, LockTimeout } from './file-lock.ts'
import { LockObstacle } from './lock-mark.ts'
import { systemErrorCode } from './system-error.ts'
import { TextFault } from './text-fault.ts'

/** What was being done, by which provider. */
export interface FileAction {
  readonly provider: string
  readonly verb: 'read' | 'write'
  /** What was read or written, as people know it; never a path that may be a value put in the wrong place. */
  readonly subject: string
  /** Key that was asked for, where it was one. */
  readonly key?: string | undefined
}

/** A failure as the contract wants it: typed, with the file and the remedy, without a piece of the text. */
export function secretErrorOf(error: unknown, { provider, verb, subject, key }: FileAction): SecretError {
  if (SecretError.isInstance(error)) return error
  const { kind, reason, detail, hint } = failureOf(error, { verb, subject })
  return new SecretError(kind, `Cannot ${verb} ${subject}: ${reason}.`, { provider, key, detail, hint })
}

interface Failure {
  readonly kind: SecretErrorKind
  readonly reason: string
  readonly hint?: string | undefined
  readonly detail?: string | undefined
}

type Verb = FileAction['verb']

const readableHint = 'Let this user read the file and enter the directories above it.'
const writableHint = 'Let this user read and write the file and its directory.'
const spaceHint = 'Free some space; the file is as it was.'
const pathHint = 'Correct the path.'

const knownFailures: Readonly<Record<string, (verb: Verb) => Failure>> = {
  EACCES: verb => ({ kind: 'forbidden', reason: 'permission denied', hint: permissionHint(verb) }),
  EPERM: verb => ({ kind: 'forbidden', reason: 'not permitted', hint: permissionHint(verb) }),
  ERR_ACCESS_DENIED: verb => ({
    kind: 'forbidden',
    reason: 'Node was started without this permission',
    hint: `Start it with --allow-fs-read${verb === 'read' ? '' : ' and --allow-fs-write'} for the directory.`,
  }),
  EROFS: () => ({
    kind: 'forbidden',
    reason: 'the file system is read-only',
    hint: 'Use a file on a file system that can be written.',
  }),
  EISDIR: () => ({ kind: 'malformed', reason: 'it is a directory', hint: pathHint }),
  ENOTDIR: () => ({ kind: 'malformed', reason: 'a parent is no directory', hint: pathHint }),
  ELOOP: () => ({ kind: 'malformed', reason: 'its symbolic links form a loop', hint: 'Correct the links.' }),
  ENAMETOOLONG: () => ({ kind: 'not_configured', reason: 'the path is too long', hint: 'Use a shorter path.' }),
  ERR_INVALID_ARG_VALUE: () => ({ kind: 'not_configured', reason: 'the path is none', hint: pathHint }),
  ENOENT: () => ({ kind: 'unavailable', reason: 'its directory has gone', hint: 'Create the directory again.' }),
  ENOSPC: () => ({ kind: 'unavailable', reason: 'no space is left', hint: spaceHint }),
  EDQUOT: () => ({ kind: 'unavailable', reason: 'the quota is used up', hint: spaceHint }),
  EMFILE: () => ({
    kind: 'unavailable',
    reason: 'this process has too many open files',
    hint: 'Raise its limit (ulimit -n), or look for files that are not closed.',
  }),
  EBUSY: () => ({
    kind: 'unavailable',
    reason: 'it is in use, or mounted by itself',
    hint: 'Mount the directory of the file instead of the file alone.',
  }),
  EIO: () => ({ kind: 'unavailable', reason: 'the disk fails', hint: 'Look at the log of the system.' }),
  MODULE_NOT_FOUND: () => ({
    kind: 'not_configured',
    reason: 'the package yaml is not there',
    hint: 'Put the package yaml beside the bundle, or read once without Sync first.',
  }),
}

function permissionHint(verb: Verb): string {
  return verb === 'read' ? readableHint : writableHint
}

function failureOf(error: unknown, { verb, subject }: Pick<FileAction, 'verb' | 'subject'>): Failure {
  if (error instanceof TextFault) {
    return {
      kind: 'malformed',
      reason: `the file ${error.message}`,
      detail: error.detail,
      hint: textHint(error, subject),
    }
  }
  if (error instanceof FileFault) {
    return { kind: error.kind, reason: error.message, detail: error.detail, hint: error.hint }
  }
  if (error instanceof EditRefusal) return { kind: 'invalid', reason: error.message, hint: error.hint }
  if (error instanceof LockTimeout) return lockFailure(error)
  if (error instanceof LockObstacle) return obstacleFailure(error)
  if (error instanceof LockLoss) {
    const hint = 'Try again: this process was held up.'
    return { kind: 'conflict', reason: 'other processes took its lock over', hint }
  }
  if (error instanceof SyncFailure) return syncFailure(error)
  return systemFailure(systemErrorCode(error), verb)
}

/** Stands alone where the failure of a key is told: it names the file and the place, too. */
function textHint({ detail, position }: TextFault, subject: string): string {
  if (detail === 'not_utf8' || detail === 'binary') return `Save ${subject} as UTF-8 text.`
  const place = position === undefined ? '' : `, ${position}`
  return `Correct ${subject}${place}, by hand; it is not overwritten while it cannot be read.`
}

function lockFailure({ lockPath, isAborted }: LockTimeout): Failure {
  const hint = `Try again; remove ${lockPath} if no process is writing.`
  return isAborted
    ? { kind: 'timeout', reason: 'the time was up before another writer had finished', detail: 'locked', hint }
    : { kind: 'unavailable', reason: 'another writer does not finish', detail: 'locked', hint }
}

function obstacleFailure({ path }: LockObstacle): Failure {
  const reason = `${path} is in the way, where a lock is made`
  return { kind: 'malformed', reason, detail: 'locked', hint: `Remove ${path}.` }
}

function syncFailure({ systemCode }: SyncFailure): Failure {
  const reason = 'the change is made, and may be lost if the machine stops now, because its directory cannot be synced'
  return { kind: 'unavailable', reason, detail: systemCode, hint: 'Make the change again.' }
}

function systemFailure(code: string | undefined, verb: Verb): Failure {
  if (code === undefined) return { kind: 'internal', reason: 'unexpected failure' }
  return { kind: 'unavailable', reason: `the system answers ${code}`, ...knownFailures[code]?.(verb), detail: code }
}
