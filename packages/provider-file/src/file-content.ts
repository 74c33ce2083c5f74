import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { FileFault } from './file-fault.ts'
import { isAbsence } from './system-error.ts'
import { TextFault } from './text-fault.ts'

/** Tells one state of a file from another. */
export interface FileState {
  readonly device: bigint
  readonly inode: bigint
  readonly size: bigint
  readonly modifiedNs: bigint
  readonly changedNs: bigint
}

/** A file as it was read. */
export interface FileContent {
  readonly text: string
  readonly state: FileState
  /**
   * Whether a later change is sure to show in the state. Clocks of file systems tick in steps of up to two seconds: a
   * file that has just changed can change again and look the same.
   */
  readonly isSettled: boolean
}

const coarsestTickMs = 2000

/** Opening a pipe must not wait for its writer. */
const readingFlags = constants.O_RDONLY | constants.O_NONBLOCK

/** The state of the file, or `undefined` when there is none. */
export async function readFileState(filePath: string): Promise<FileState | undefined> {
  try {
    return stateOf(await stat(filePath, { bigint: true }))
  } catch (error) {
    return undefinedIfAbsent(error)
  }
}

/** {@link readFileState} without waiting. */
export function readFileStateSync(filePath: string): FileState | undefined {
  try {
    return stateOf(statSync(filePath, { bigint: true }))
  } catch (error) {
    return undefinedIfAbsent(error)
  }
}

/**
 * The text of a regular file, or `undefined` when there is none.
 *
 * @throws FileFault when it is no regular file or larger than `maxBytes`.
 * @throws TextFault when it is not UTF-8.
 */
export async function readFileContent(filePath: string, maxBytes: number): Promise<FileContent | undefined> {
  const startedMs = Date.now()
  try {
    const file = await open(filePath, readingFlags)
    try {
      const stats = checkedStats(await file.stat({ bigint: true }), maxBytes)
      return contentOf({ bytes: await file.readFile(), stats, startedMs })
    } finally {
      await file.close()
    }
  } catch (error) {
    return undefinedIfAbsent(error)
  }
}

/** {@link readFileContent} without waiting. */
export function readFileContentSync(filePath: string, maxBytes: number): FileContent | undefined {
  const startedMs = Date.now()
  try {
    const file = openSync(filePath, readingFlags)
    try {
      const stats = checkedStats(fstatSync(file, { bigint: true }), maxBytes)
      return contentOf({ bytes: readFileSync(file), stats, startedMs })
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return undefinedIfAbsent(error)
  }
}

/** Whether two looks at a file saw the same state. */
export function isSameState(first: FileState, second: FileState): boolean {
  return (
    first.inode === second.inode &&
    first.device === second.device &&
    first.size === second.size &&
    first.modifiedNs === second.modifiedNs &&
    first.changedNs === second.changedNs
  )
}

function checkedStats(stats: BigIntStats, maxBytes: number): BigIntStats {
  if (!stats.isFile()) throw new FileFault('not_a_file', maxBytes)
  if (stats.size > BigInt(maxBytes)) throw new FileFault('too_large', maxBytes)
  return stats
}

function contentOf(read: {
  readonly bytes: Uint8Array
  readonly stats: BigIntStats
  readonly startedMs: number
}): FileContent {
  const { bytes, stats, startedMs } = read
  const isSettled = startedMs - Number(stats.ctimeNs / 1_000_000n) > coarsestTickMs
  return { text: decoded(bytes), state: stateOf(stats), isSettled }
}

/** UTF-8, without one byte order mark. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new TextFault('not_utf8', 'text')
  }
}

function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileState {
  return { device: dev, inode: ino, size, modifiedNs: mtimeNs, changedNs: ctimeNs }
}

function undefinedIfAbsent(error: unknown): undefined {
  if (!isAbsence(error)) throw error
}
