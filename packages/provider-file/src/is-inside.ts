import { isAbsolute, relative, sep } from 'node:path'

/** Whether a path lies below a directory; both are absolute and free of links. */
export function isInside(directory: string, path: string): boolean {
  const below = relative(directory, path)
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}
