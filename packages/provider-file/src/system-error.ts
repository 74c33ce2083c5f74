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
