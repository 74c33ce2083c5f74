import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { isCreated, isStale, lockLabel, newLockLabel, removeStale } from './stale-lock.ts'

/** The right to change a file, held against other processes. */
export interface FileLock {
  /** @throws LockLoss when another process has taken the lock, because this one was too slow. */
  readonly confirm: () => Promise<void>
  /** Gives the right back; leaves a lock alone that another process has taken. */
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
 * The lock is a file beside it that only one process can create. A lock is stale when its process is gone or when it is
 * older than ten seconds; whoever waits then removes it.
 *
 * @throws LockTimeout when the signal aborts or fifteen seconds have passed.
 */
export async function lockFile(filePath: string, signal?: AbortSignal): Promise<FileLock> {
  const lockPath = `${filePath}.lock`
  const label = await newLockLabel()
  const startedMs = performance.now()
  for (;;) {
    if (signal?.aborted || performance.now() - startedMs > patienceMs) {
      throw new LockTimeout(lockPath, signal?.aborted === true)
    }
    if (await isCreated(lockPath, label)) return heldLock(lockPath, label)
    const found = await lockLabel(lockPath)
    const isFree = found !== undefined && (await isStale(lockPath, found)) && (await removeStale(lockPath, found))
    if (!isFree) await pause(signal)
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  // Two waiting processes must not stay in step.
  const lengthMs = pauseMs * (0.5 + Math.random())
  await delay(lengthMs, undefined, { signal }).catch(() => {})
}

function heldLock(lockPath: string, label: string): FileLock {
  return {
    confirm: async () => {
      if ((await lockLabel(lockPath)) !== label) throw new LockLoss()
    },
    release: async () => {
      if ((await lockLabel(lockPath)) === label) await rm(lockPath, { force: true })
    },
  }
}
