/** What is thrown past everybody while the function runs and in the turn of the event loop after it. */
export async function uncaughtExceptions(run: () => void | Promise<void>): Promise<readonly unknown[]> {
  const uncaught: unknown[] = []
  process.setUncaughtExceptionCaptureCallback(error => uncaught.push(error))
  try {
    await run()
    await new Promise(resolve => setImmediate(resolve))
  } finally {
    process.setUncaughtExceptionCaptureCallback(null)
  }
  return uncaught
}
