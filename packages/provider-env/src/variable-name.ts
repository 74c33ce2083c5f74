/**
 * The environment variable that holds a key: upper-cased, with dashes and dots as underscores, after the prefix and an
 * underscore where there is one.
 *
 * Only the ASCII `-` and `.` are replaced, and the prefix stays as it is (R11, R12).
 */
export function variableName(key: string, prefix: string): string {
  const name = key.toUpperCase().replaceAll(/[-.]/g, '_')
  return prefix === '' ? name : `${prefix}_${name}`
}
