import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { findMark, makeMark, newLabel } from './lock-mark.ts'
import type { LockMark } from './lock-mark.ts'
import { isStale, removeStale } from './stale-lock.ts'
import type { StaleMark } from './stale-lock.ts'

/** The right to change a file, held against other processes. */
export interface FileLock {
  /** @throws LockLoss when another process has taken the lock, because this one was too slow. */
  readonly confirm: () => Promise<void>
  /** Gives the right back; leaves a lock alone that another process has taken. Never fails. */
  readonly release: () => Promise<void>
}

/** Another process has taken the lock. */
export class LockLoss extends Error {
  override readonly name = 'LockLoss'
}

/** The lock could not be had in time. */
export class LockTimeout extends Error {
  override readonly name = 'LockTimeout'
  /** File that stands for the lock. */
  readonly lockPath: string
  /** Whether the caller's own time was up. */
  readonly isAborted: boolean

  constructor(lockPath: string, isAborted: boolean) {
    super('the lock could not be had in time')
    this.lockPath = lockPath
    this.isAborted = isAborted
  }
}

const patienceMs = 15_000
const pauseMs = 20

/**
 * Waits for the right to change a file.
 *
 * The lock is a file beside it that only one process can create. Whoever waits takes a lock away whose process has ended,
 * or that is older than ten seconds.
 *
 * @throws LockTimeout when the signal aborts or fifteen seconds have passed.
 * @throws LockObstacle when there is something in its place that is no lock.
 */
export async function lockFile(filePath: string, signal?: AbortSignal): Promise<FileLock> {
  const lockPath = `${filePath}.lock`
  const label = await newLabel()
  const startedMs = performance.now()
  let last: LockMark | undefined
  for (;;) {
    if (signal?.aborted || performance.now() - startedMs > patienceMs) {
      throw new LockTimeout(lockPath, signal?.aborted === true)
    }
    if (await makeMark(lockPath, label)) return heldLock(lockPath, label)
    const mark = await findMark(lockPath)
    // A lock that goes from hand to hand is not asked about each time.
    const isFree = isSameMark(mark, last) && (await isRemoved({ filePath, path: lockPath, mark, label }))
    last = mark
    if (!isFree) await pause(signal)
  }
}

function isSameMark(mark: LockMark | undefined, last: LockMark | undefined): mark is LockMark {
  return mark !== undefined && mark.identity === last?.identity
}

async function isRemoved(held: StaleMark): Promise<boolean> {
  return (await isStale(held.mark)) && (await removeStale(held))
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  // Two waiting processes must not stay in step.
  const lengthMs = pauseMs * (0.5 + Math.random())
  await delay(lengthMs, undefined, { signal }).catch(() => {})
}

function heldLock(lockPath: string, label: string): FileLock {
  const removeOwn = async (): Promise<void> => {
    const mark = await findMark(lockPath)
    if (mark?.label === label) await rm(lockPath, { force: true })
    if (mark && mark.label === undefined) throw new LockLoss()
  }
  return {
    confirm: async () => {
      if ((await findMark(lockPath))?.label !== label) throw new LockLoss()
    },
    // What was done under the lock is done, whatever becomes of the lock: one more try, else it goes stale.
    release: () => removeOwn().catch(() => removeOwn().catch(() => {})),
  }
}
