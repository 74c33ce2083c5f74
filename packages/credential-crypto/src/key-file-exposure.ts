import type { Stats } from 'node:fs'

/** How others than this process's user can get at a file. */
export interface KeyFileExposure {
  /** Ends the sentence "Key file … ". */
  readonly problem: string
  /** Command that mends it, without the path. */
  readonly remedy: string
}

/**
 * Tells whether others can read or replace a key, as `ssh` asks about its keys: no access for group and others, and an
 * owner who is this user or root.
 *
 * @param stats - Of the file, not of a link to it.
 * @param userId - This process's user; `undefined` on Windows, where modes mean nothing.
 */
export function keyFileExposure(
  stats: Pick<Stats, 'mode' | 'uid'>,
  userId: number | undefined,
): KeyFileExposure | undefined {
  if (userId === undefined) return undefined
  if (stats.uid !== userId && stats.uid !== 0) {
    return { problem: `belongs to user ${stats.uid}, not to user ${userId}`, remedy: `chown ${userId}` }
  }
  const mode = stats.mode & 0o777
  if ((mode & 0o077) === 0) return undefined
  const shown = mode.toString(8).padStart(4, '0')
  return { problem: `is open to its group or to others (mode ${shown})`, remedy: 'chmod 600' }
}
