import { untilAborted } from '../contract/until-aborted.ts'

/** The time given to an operation passed before it ended. */
export class DeadlineError extends Error {
  /** Milliseconds that were given. */
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`No answer within ${Math.round(timeoutMs)} ms`)
    this.name = 'DeadlineError'
    this.timeoutMs = timeoutMs
  }
}

/** Node's timers end at once above this. */
export const longestTimerMs: number = 2 ** 31 - 1

/**
 * Runs `start` and settles at the deadline, or when `parent` aborts, at the latest, whether or not `start` heeds the
 * signal it is given: both client libraries under the network providers ignore signals in places.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  start: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const controller = new AbortController()
  const end = (): void => controller.abort(new DeadlineError(timeoutMs))
  const timer = setTimeout(end, Math.min(Math.max(0, timeoutMs), longestTimerMs))
  const onAbort = (): void => controller.abort(parent?.reason)
  parent?.addEventListener('abort', onAbort, { once: true })
  try {
    parent?.throwIfAborted()
    return await untilAborted(controller.signal, start(controller.signal))
  } finally {
    clearTimeout(timer)
    parent?.removeEventListener('abort', onAbort)
  }
}

/** Waits for some time; an abort ends the wait with the signal's reason. */
export async function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, pauseMs)
  try {
    await untilAborted(signal, promise)
  } finally {
    clearTimeout(timer)
  }
}
