import { rm } from 'node:fs/promises'
import { claimPath } from './leftovers.ts'
import { hasEnded, holderNamed } from './lock-holder.ts'
import { findMark, makeMark } from './lock-mark.ts'
import type { LockMark } from './lock-mark.ts'

/** A write takes milliseconds: a lock of this age is one that nobody will give back, as when a worker was ended. */
const staleAfterMs = 10_000
/** The same for a lock whose holder was killed before it put its name in. */
const namelessStaleAfterMs = 1000

/** Whether nobody will give this mark back: its process has ended, or it is too old. */
export async function isStale({ label, ageMs }: LockMark): Promise<boolean> {
  if (ageMs > staleAfterMs) return true
  if (label === undefined) return false
  const holder = holderNamed(label)
  return holder === undefined ? ageMs > namelessStaleAfterMs : hasEnded(holder)
}

/** A mark to take away, and the file that it is about. */
export interface StaleMark {
  readonly filePath: string
  readonly path: string
  readonly mark: LockMark
  /** What this process writes into its claim. */
  readonly label: string
}

/**
 * Takes a stale mark away, unless somebody else does.
 *
 * Removing it outright could remove the mark of whoever came next. So a process first makes a claim whose name comes of
 * this one mark: while it holds the claim nobody else may remove that mark, and it looks again before it does. A claim
 * whose process was killed is a stale mark itself.
 *
 * @returns Whether the mark is gone.
 */
export async function removeStale(stale: StaleMark): Promise<boolean> {
  const { filePath, path, mark, label } = stale
  const claim = claimPath(filePath, mark.identity)
  if (!(await makeMark(claim, label))) {
    const found = await findMark(claim)
    if (found && (await isStale(found))) await removeStale({ ...stale, path: claim, mark: found })
    return false
  }
  try {
    if ((await findMark(path))?.identity === mark.identity) await rm(path, { force: true })
    return true
  } finally {
    await rm(claim, { force: true })
  }
}
