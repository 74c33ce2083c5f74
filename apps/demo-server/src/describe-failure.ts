/**
 * What may be logged of any failure: its name, its code and where it happened. Not its message, which may quote what was
 * being handled.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'failed with something that is no error'
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  const frames = error.stack?.split('\n').filter(line => /^\s+at /.test(line)) ?? []
  const frame = frames.find(line => !line.includes('node:')) ?? frames[0]
  return `${error.name}${code}${frame === undefined ? '' : ` ${frame.trim()}`}`
}
