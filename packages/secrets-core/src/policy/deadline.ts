/** The time given to an operation passed before it ended. */
export class DeadlineError extends Error {
  /** Milliseconds that were given. */
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms`)
    this.name = 'DeadlineError'
    this.timeoutMs = timeoutMs
  }
}

/**
 * Runs `start` and settles at the deadline at the latest, whether or not `start` heeds the signal it is given: both
 * client libraries under the network providers ignore signals in places.
 */
export async function withDeadline<T>(timeoutMs: number, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => {
      const error = new DeadlineError(timeoutMs)
      reject(error)
      controller.abort(error)
    },
    Math.max(0, timeoutMs),
  )
  try {
    return await Promise.race([start(controller.signal), expired])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits for `work`, or until `signal` aborts: then rejects with its reason and leaves `work` to others that wait. */
export async function untilAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work
  // When `work` rejects after the wait has ended, nobody is left to handle it.
  work.catch(() => undefined)
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
