import { statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { notAFile } from './file-fault.ts'
import { unlessAbsent, unlessAbsentSync } from './system-error.ts'

/** Tells one state of a file from another. */
export interface FileState {
  readonly device: bigint
  readonly inode: bigint
  readonly size: bigint
  readonly modifiedNs: bigint
  readonly changedNs: bigint
}

/** The state of the file, or `undefined` when there is none. Nothing is opened: opening a device can have effects. */
export async function readFileState(filePath: string): Promise<FileState | undefined> {
  const stats = await unlessAbsent(stat(filePath, { bigint: true }))
  return stats && stateOf(stats)
}

/** {@link readFileState} without waiting. */
export function readFileStateSync(filePath: string): FileState | undefined {
  const stats = unlessAbsentSync(() => statSync(filePath, { bigint: true }))
  return stats && stateOf(stats)
}

/** The state that a regular file had when it was looked at. */
export function stateOf(stats: BigIntStats): FileState {
  if (!stats.isFile()) throw notAFile()
  const { dev, ino, size, mtimeNs, ctimeNs } = stats
  return { device: dev, inode: ino, size, modifiedNs: mtimeNs, changedNs: ctimeNs }
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
