import { randomUUID } from 'node:crypto'
import { readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isAbsence, isPresence, systemErrorCode } from './system-error.ts'

/** Who holds a lock. */
interface LockHolder {
  readonly pid: number
  readonly machine: string
}

/** A write takes milliseconds: a lock of this age is one that nobody will give back. */
const staleAfterMs = 10_000
/** The same for a lock whose holder was killed before it put its name in. */
const namelessStaleAfterMs = 1000

/** What this process writes into a lock; no two labels are the same. */
export async function newLockLabel(): Promise<string> {
  const holder: LockHolder = { pid: process.pid, machine: await machineName() }
  return JSON.stringify({ ...holder, token: randomUUID() })
}

/** Whether nobody will give this lock back: its process is gone, or it is too old. */
export async function isStale(lockPath: string, label: string): Promise<boolean> {
  const holder = holderOf(label)
  if (holder && holder.machine === (await machineName()) && !isRunning(holder.pid)) return true
  const age = await ageMs(lockPath)
  return age > (holder ? staleAfterMs : namelessStaleAfterMs)
}

/**
 * Takes a stale lock away, unless somebody else has done so.
 *
 * One process at a time may do this: otherwise a slow one could take away the lock of whoever came next. It holds a
 * lock of its own, for as long as it takes to look again and to remove the stale one.
 */
export async function removeStale(lockPath: string, stale: string): Promise<boolean> {
  const takeoverPath = `${lockPath}.takeover`
  if (!(await isCreated(takeoverPath, ''))) {
    if ((await ageMs(takeoverPath)) > staleAfterMs) await rm(takeoverPath, { force: true })
    return false
  }
  try {
    if ((await lockLabel(lockPath)) === stale) await rm(lockPath, { force: true })
    return true
  } finally {
    await rm(takeoverPath, { force: true })
  }
}

/** Makes the file that stands for a lock; false when it is there already. */
export async function isCreated(lockPath: string, label: string): Promise<boolean> {
  try {
    await writeFile(lockPath, label, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (isPresence(error)) return false
    throw error
  }
}

/** What the holder wrote into a lock; `undefined` when nobody holds it, or when it is another user's. */
export async function lockLabel(lockPath: string): Promise<string | undefined> {
  try {
    return await readFile(lockPath, 'utf8')
  } catch (error) {
    if (isAbsence(error) || systemErrorCode(error) === 'EACCES') return undefined
    throw error
  }
}

function holderOf(label: string): LockHolder | undefined {
  try {
    const holder: unknown = JSON.parse(label)
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('machine' in holder)) return undefined
    const { pid, machine } = holder
    return typeof pid === 'number' && typeof machine === 'string' ? { pid, machine } : undefined
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process may not be signalled, and runs.
    return systemErrorCode(error) === 'EPERM'
  }
}

async function ageMs(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs
  } catch (error) {
    if (isAbsence(error)) return 0
    throw error
  }
}

/** Process ids mean something within one machine, and on Linux within one namespace: containers may share a file. */
async function machineName(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '')
  return `${hostname()} ${namespace}`
}
