/** Error code of the system, such as `ENOENT`; `undefined` for every other failure. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether a failure says that there is no such file. */
export function isAbsence(error: unknown): boolean {
  const code = systemErrorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Whether a failure says that the file is already there. */
export function isPresence(error: unknown): boolean {
  return systemErrorCode(error) === 'EEXIST'
}

/** Whether a failure says that a directory has no such entry; not when what should be a directory is none. */
export function isMissingEntry(error: unknown): boolean {
  return systemErrorCode(error) === 'ENOENT'
}

type Test = (error: unknown) => boolean

/** The result of a system call, or `undefined` when it says that there is no such file. */
export async function unlessAbsent<T>(call: Promise<T>, isAbsent: Test = isAbsence): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** {@link unlessAbsent} without waiting. */
export function unlessAbsentSync<T>(call: () => T, isAbsent: Test = isAbsence): T | undefined {
  try {
    return call()
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
