/**
 * What may be logged of any failure: its name, its code and where it happened. Not its message, which may quote what was
 * being handled.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'failed with something that is no error'
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  const frame = error.stack?.split('\n').find(line => /^\s+at /.test(line) && !line.includes('node:'))
  return `${error.name}${code}${frame === undefined ? '' : ` ${frame.trim()}`}`
}
