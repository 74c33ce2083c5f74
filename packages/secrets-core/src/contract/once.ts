/**
 * Makes something on first use and keeps it; a failure is not kept, so that the next use tries again. For providers,
 * whose constructors ask nobody: a client, a login.
 *
 * @param make - Called by the first use, and by the next one after it failed.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
