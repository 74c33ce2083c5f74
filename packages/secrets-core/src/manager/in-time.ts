import { SecretError } from '../contract/secret-error.ts'
import { untilAborted } from '../contract/until-aborted.ts'
import { DeadlineError, withDeadline } from '../policy/deadline.ts'
import type { ReadOptions } from './manager-options.ts'

/** Runs `work` for as long as one caller wants to wait for it; rejects with `timeout`, or with the signal's reason. */
export async function inTime<T>(
  { timeoutMs, signal }: ReadOptions,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (timeoutMs === undefined) return untilAborted(signal, work(signal))
  try {
    return await withDeadline(timeoutMs, work, signal)
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error
    throw callerTimeout(error)
  }
}

/** The time is up for which one caller wanted to wait. */
export function callerTimeout({ message }: DeadlineError): SecretError {
  return new SecretError('timeout', `${message}, which the caller allowed.`)
}
