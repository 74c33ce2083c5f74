import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { createPrivateFile } from './atomic-write.ts'
import { thisProcess } from './lock-holder.ts'
import { isAbsence, isPresence, systemErrorCode, unlessAbsent } from './system-error.ts'

/** A file that stands for a right, as it was found. */
export interface LockMark {
  /** Tells it from every other mark, also from one that is made in its place later. */
  readonly identity: string
  /** What its maker wrote, empty when that has not happened yet; `undefined` when this user may not read it. */
  readonly label: string | undefined
  /** Milliseconds since it was written, in either direction: clocks are set, and file servers have their own. */
  readonly ageMs: number
}

/** Something else is in the place of a mark. */
export class LockObstacle extends Error {
  override readonly name = 'LockObstacle'
  /** Where it is. */
  readonly path: string

  constructor(path: string) {
    super('there is no lock but something else')
    this.path = path
  }
}

const maxLabelBytes = 1024

/** What this process writes into a mark; no two labels are the same. */
export async function newLabel(): Promise<string> {
  return JSON.stringify({ ...(await thisProcess()), token: randomUUID() })
}

/** Makes a mark; false when there is one already. */
export async function makeMark(path: string, label: string): Promise<boolean> {
  let file: FileHandle
  try {
    file = await createPrivateFile(path)
  } catch (error) {
    if (isPresence(error)) return false
    throw error
  }
  try {
    await writeAndClose(file, label)
  } catch (error) {
    // Without its label nobody could tell soon whose mark it was.
    await rm(path, { force: true }).catch(() => {})
    throw error
  }
  return true
}

/**
 * The mark at this path, or `undefined` when there is none.
 *
 * @throws LockObstacle when there is something that no process of ours has made.
 */
export async function findMark(path: string): Promise<LockMark | undefined> {
  const stats = await unlessAbsent(lstat(path, { bigint: true }))
  if (stats === undefined) return undefined
  // Whoever may write into the directory can put a pipe or a link there.
  if (!stats.isFile()) throw new LockObstacle(path)
  const label = await labelIn(path)
  const ageMs = Math.abs(Date.now() - Number(stats.mtimeMs))
  return { identity: [stats.dev, stats.ino, stats.mtimeNs, label].join(' '), label, ageMs }
}

async function writeAndClose(file: FileHandle, text: string): Promise<void> {
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

async function labelIn(path: string): Promise<string | undefined> {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>
  try {
    const file = await open(path, (O_RDONLY ?? 0) | O_NONBLOCK | O_NOFOLLOW)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxLabelBytes))
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isAbsence(error)) return ''
    if (systemErrorCode(error) === 'EACCES') return undefined
    throw error
  }
}
