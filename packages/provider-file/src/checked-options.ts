const defaultMaxBytes = 1024 * 1024

/** A limit in bytes as a caller gave it. Default: 1 MiB. */
export function checkedMaxBytes(maxBytes: number = defaultMaxBytes): number {
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) throw new RangeError('maxBytes must be a positive integer')
  return maxBytes
}

/** A path as a caller gave it, who may have no types. */
export function checkedPath<T extends string | undefined>(option: string, path: T): T {
  if (path !== undefined && (typeof path !== 'string' || path.includes('\0'))) {
    throw new TypeError(`${option} must be a string without null characters`)
  }
  return path
}
