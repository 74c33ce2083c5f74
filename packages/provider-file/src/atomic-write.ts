import { chmod, lstat, mkdir, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { temporaryPath } from './leftovers.ts'
import { isPresence, systemErrorCode, unlessAbsent } from './system-error.ts'

/** As many as Linux follows. */
const maxLinks = 40
/** What systems answer that have directories, and no way to sync them. */
const unsupportedSync: readonly (string | undefined)[] = ['EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF']

/** The new file is in place, and its name may not be on the disk yet. */
export class SyncFailure extends Error {
  override readonly name = 'SyncFailure'
  /** What the system answered. */
  readonly systemCode: string | undefined

  constructor(systemCode: string | undefined) {
    super('the directory cannot be synced')
    this.systemCode = systemCode
  }
}

/** The file that a path leads to, through symbolic links, also when the last of them leads to nothing yet. */
export async function linkTarget(filePath: string): Promise<string> {
  let path = filePath
  for (let links = 0; links < maxLinks; links += 1) {
    const real = await unlessAbsent(realpath(path))
    if (real !== undefined) return real
    const link = await readlinkIfAny(path)
    if (link === undefined) return path
    path = resolve(dirname(path), link)
  }
  return path
}

/** Creates the directory of a file, for this user only, and makes it durable. */
export async function createDirectoryOf(filePath: string): Promise<void> {
  const missing: string[] = []
  for (let path = dirname(filePath); (await unlessAbsent(stat(path))) === undefined; path = dirname(path)) {
    missing.unshift(path)
  }
  for (const directory of missing) {
    await createDirectory(directory)
    await syncDirectory(dirname(directory))
  }
}

/**
 * Replaces a file as a whole: whoever reads it sees the old text or the new one, and a crash leaves one of them. The file
 * has mode 0600 and the owner that it had. Resolves once it is on the disk.
 *
 * @param confirm - Called right before the file is replaced; throws to leave it as it is.
 * @throws SyncFailure when the file is replaced and its name could not be made durable.
 */
export async function replaceFile(filePath: string, text: string, confirm: () => Promise<void>): Promise<void> {
  const path = temporaryPath(filePath)
  try {
    await writeDurably(path, text, await ownerOf(filePath))
    await confirm()
    await rename(path, filePath)
  } catch (error) {
    // What cannot be removed now, the next write removes.
    await rm(path, { force: true }).catch(() => {})
    throw error
  }
  await syncDirectory(dirname(filePath)).catch((error: unknown) => {
    throw new SyncFailure(systemErrorCode(error))
  })
}

/** Makes a new file for this user only, whatever the umask: the mode given to `open` passes through it. */
export async function createPrivateFile(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx', 0o600)
  try {
    const { mode } = await file.stat()
    // File systems without modes refuse the call, and cannot be asked for more than they have.
    if ((mode & 0o777) !== 0o600) await file.chmod(0o600)
    return file
  } catch (error) {
    // The first failure counts.
    await file.close().catch(() => {})
    await rm(path, { force: true }).catch(() => {})
    throw error
  }
}

async function createDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, 0o700)
  } catch (error) {
    // Another process was faster.
    if (isPresence(error)) return
    throw error
  }
  const { mode } = await stat(path)
  if ((mode & 0o700) !== 0o700) await chmod(path, 0o700)
}

/** Owner of the present file, when it is another user: root that changes a user's file leaves it to the user. */
async function ownerOf(filePath: string): Promise<Owner | undefined> {
  const stats = await unlessAbsent(stat(filePath))
  return stats === undefined || stats.uid === process.geteuid?.() ? undefined : { uid: stats.uid, gid: stats.gid }
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

async function writeDurably(path: string, text: string, owner: Owner | undefined): Promise<void> {
  const file = await createPrivateFile(path)
  try {
    if (owner) await file.chown(owner.uid, owner.gid)
    await file.writeFile(text, 'utf8')
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a rename in this directory survive a crash of the machine. */
async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open directories, and has renames journalled.
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } catch (error) {
    if (!unsupportedSync.includes(systemErrorCode(error))) throw error
  } finally {
    await handle.close()
  }
}

async function readlinkIfAny(path: string): Promise<string | undefined> {
  const stats = await unlessAbsent(lstat(path))
  return stats?.isSymbolicLink() ? unlessAbsent(readlink(path)) : undefined
}
