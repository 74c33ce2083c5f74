import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { fileExposures } from './file-exposure.ts'
import type { Access } from './file-exposure.ts'
import { exposed, leadsOutside, notAFile, stillChanging, tooLarge } from './file-fault.ts'
import { readFileState, readFileStateSync, stateOf } from './file-state.ts'
import type { FileState } from './file-state.ts'
import { isInside } from './is-inside.ts'
import { unlessAbsent, unlessAbsentSync } from './system-error.ts'
import { TextFault } from './text-fault.ts'

/** A file as it was read. */
export interface FileContent {
  readonly text: string
  readonly state: FileState
  /** Of the file that was read, whatever its path leads to since. */
  readonly access: Access
  /**
   * Whether a later change is sure to show in the state. Clocks of file systems tick in steps of up to two seconds: a
   * file that has just changed can change again and look the same.
   */
  readonly isSettled: boolean
}

/** What may be read. */
export interface ReadingRules {
  /** Largest file, in bytes. */
  readonly maxBytes: number
  /** Refuses a file that others can get at. Default: `false`. */
  readonly refusesExposure?: boolean | undefined
  /** Real path of the directory that the file must lie in; the path must then be free of links. Default: any. */
  readonly within?: string | undefined
}

const coarsestTickMs = 2000
const chunkBytes = 64 * 1024
const maxAttempts = 3

/**
 * The text of a regular file as it was at one moment, or `undefined` when there is none.
 *
 * @throws FileFault when it is no regular file, larger than `maxBytes`, exposed or elsewhere against the rules, or when
 * it changes faster than it can be read.
 * @throws TextFault when it is not UTF-8.
 */
export async function readFileContent(filePath: string, rules: ReadingRules): Promise<FileContent | undefined> {
  let outcome: Outcome = 'absent'
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    outcome = await readOnce(filePath, rules)
    if (typeof outcome === 'object') return outcome
    if (outcome === 'absent' && (await unlessAbsent(lstat(filePath))) === undefined) return undefined
  }
  return concluded(outcome)
}

/** {@link readFileContent} without waiting. */
export function readFileContentSync(filePath: string, rules: ReadingRules): FileContent | undefined {
  let outcome: Outcome = 'absent'
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    outcome = readOnceSync(filePath, rules)
    if (typeof outcome === 'object') return outcome
    if (outcome === 'absent' && unlessAbsentSync(() => lstatSync(filePath)) === undefined) return undefined
  }
  return concluded(outcome)
}

/** What one attempt came to: a link can be exchanged, and a file written in place, while it is read. */
type Outcome = FileContent | 'absent' | 'written'

async function readOnce(filePath: string, rules: ReadingRules): Promise<Outcome> {
  if ((await readFileState(filePath)) === undefined) return 'absent'
  const startedMs = Date.now()
  const file = await unlessAbsent(open(filePath, readingFlags(rules)))
  if (file === undefined) return 'absent'
  try {
    const before = checkedStats(filePath, { rules, descriptor: file.fd, stats: await file.stat({ bigint: true }) })
    const bytes = await readBytes(file, rules)
    const after = await file.stat({ bigint: true })
    return isUnwritten(before, after) ? contentOf({ bytes, stats: after, startedMs }) : 'written'
  } finally {
    await file.close()
  }
}

function readOnceSync(filePath: string, rules: ReadingRules): Outcome {
  if (readFileStateSync(filePath) === undefined) return 'absent'
  const startedMs = Date.now()
  const descriptor = unlessAbsentSync(() => openSync(filePath, readingFlags(rules)))
  if (descriptor === undefined) return 'absent'
  try {
    const before = checkedStats(filePath, { rules, descriptor, stats: fstatSync(descriptor, { bigint: true }) })
    const bytes = readBytesSync(descriptor, rules)
    const after = fstatSync(descriptor, { bigint: true })
    return isUnwritten(before, after) ? contentOf({ bytes, stats: after, startedMs }) : 'written'
  } finally {
    closeSync(descriptor)
  }
}

/** What is still absent is a link to nothing. */
function concluded(outcome: 'absent' | 'written'): undefined {
  if (outcome === 'written') throw stillChanging()
}

/** Not by `ctime`: that changes too when a rename takes the file's name away, and leaves it as it is. */
function isUnwritten(before: BigIntStats, after: BigIntStats): boolean {
  return before.size === after.size && before.mtimeNs === after.mtimeNs
}

/** Opening must wait for nobody (a pipe for its writer) and take nothing over (a terminal). Windows has none of them. */
function readingFlags({ within }: ReadingRules): number {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>
  return (O_RDONLY ?? 0) | O_NONBLOCK | O_NOCTTY | (within === undefined ? 0 : O_NOFOLLOW)
}

interface OpenFile {
  readonly rules: ReadingRules
  readonly descriptor: number
  readonly stats: BigIntStats
}

/** Asked of the open file, so that what was checked is what is read. */
function checkedStats(filePath: string, { rules, descriptor, stats }: OpenFile): BigIntStats {
  if (!stats.isFile()) throw notAFile()
  if (stats.size > BigInt(rules.maxBytes)) throw tooLarge(rules.maxBytes)
  const [exposure] = rules.refusesExposure ? fileExposures(filePath, stats) : []
  if (exposure) throw exposed(exposure)
  if (rules.within !== undefined) requireInside(rules.within, descriptor)
  return stats
}

function requireInside(directory: string, descriptor: number): void {
  const openedPath = pathOf(descriptor)
  if (openedPath !== undefined && !isInside(directory, openedPath)) throw leadsOutside()
}

/** Where the kernel says that an open file lies, whatever was exchanged while it was opened; Linux alone says it. */
function pathOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return undefined
  }
}

/** Bounded by what arrives: a file can grow meanwhile, and the kernel's own files have no size. */
async function readBytes(file: FileHandle, { maxBytes }: ReadingRules): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let length = 0; length <= maxBytes;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes))
    if (bytesRead === 0) return Buffer.concat(chunks)
    chunks.push(buffer.subarray(0, bytesRead))
    length += bytesRead
  }
  throw tooLarge(maxBytes)
}

function readBytesSync(descriptor: number, { maxBytes }: ReadingRules): Uint8Array {
  const chunks: Uint8Array[] = []
  for (let length = 0; length <= maxBytes;) {
    const buffer = Buffer.alloc(chunkBytes)
    const bytesRead = readSync(descriptor, buffer)
    if (bytesRead === 0) return Buffer.concat(chunks)
    chunks.push(buffer.subarray(0, bytesRead))
    length += bytesRead
  }
  throw tooLarge(maxBytes)
}

function contentOf(read: {
  readonly bytes: Uint8Array
  readonly stats: BigIntStats
  readonly startedMs: number
}): FileContent {
  const { bytes, stats, startedMs } = read
  const isSettled = startedMs - Number(stats.ctimeNs / 1_000_000n) > coarsestTickMs
  return { text: decoded(bytes), state: stateOf(stats), access: { uid: stats.uid, mode: stats.mode }, isSettled }
}

/** UTF-8, without one byte order mark. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new TextFault('not_utf8', 'text')
  }
}
