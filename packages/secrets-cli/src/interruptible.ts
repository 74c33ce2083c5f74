import { Interruption } from './interruption.ts'

/**
 * Runs what Ctrl-C is to end in an orderly way, and in which a limit on the size of files is a failure like any other.
 *
 * @param work - Gets a signal that aborts with an {@link Interruption}.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(new Interruption())
  process.once('SIGINT', interrupt)
  process.on('SIGXFSZ', ignore)
  try {
    return await work(stop.signal)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGXFSZ', ignore)
  }
}

function ignore(): void {
  // The failed call says what there is to say.
}
