/** System code of a failure, `EACCES`; the only part of a foreign error that leaves this package. */
export function failureCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown failure'
}
