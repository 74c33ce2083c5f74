/** User `nobody`, on every system that these tests run on as root. */
const nobody = 65_534

/** Runs something without root's right to open every file; does nothing special for other users. */
export async function asUnprivileged<T>(run: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(nobody)
  try {
    return await run()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}
