/** What nobody handles while the function runs and in the turns of the event loop after it: thrown, or rejected. */
export async function uncaughtFailures(run: () => unknown): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  const note = (reason: unknown): unknown => failures.push(reason)
  // Vitest listens too, and would fail the run.
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
  process.setUncaughtExceptionCaptureCallback(note)
  try {
    await run()
    for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve))
  } finally {
    process.setUncaughtExceptionCaptureCallback(null)
    process.removeAllListeners('unhandledRejection')
    for (const listener of others) process.on('unhandledRejection', listener)
  }
  return failures
}
