import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isAbsence } from './system-error.ts'

const temporaryEnding = /^[0-9a-f]{16}\.tmp$/
/** As many as Linux follows. */
const maxLinks = 40

/** The file that a path leads to, through symbolic links, also when the last of them leads to nothing yet. */
export async function linkTarget(filePath: string): Promise<string> {
  let path = filePath
  for (let links = 0; links < maxLinks; links += 1) {
    try {
      return await realpath(path)
    } catch (error) {
      if (!isAbsence(error)) throw error
    }
    const link = await readlinkIfAny(path)
    if (link === undefined) return path
    path = resolve(dirname(path), link)
  }
  return path
}

/** Creates the directory of a file, for this user only, and makes it durable. */
export async function createDirectoryOf(filePath: string): Promise<void> {
  const directory = dirname(filePath)
  const topmost = await mkdir(directory, { recursive: true, mode: 0o700 })
  if (topmost === undefined) return
  for (let created = directory; created.length >= topmost.length; created = dirname(created)) {
    await syncDirectory(dirname(created))
  }
}

/**
 * Replaces a file as a whole: whoever reads it sees the old text or the new one, and a crash leaves one of them. The file
 * has mode 0600 and the owner that it had. Resolves once it is on the disk.
 *
 * The caller holds the lock of the file: what earlier writers left behind when they were killed is removed.
 *
 * @param confirm - Called right before the file is replaced; throws to leave it as it is.
 */
export async function replaceFile(filePath: string, text: string, confirm: () => Promise<void>): Promise<void> {
  await removeLeftovers(filePath)
  const path = temporaryPath(filePath)
  try {
    await writeDurably(path, text, await ownerOf(filePath))
    await confirm()
    await rename(path, filePath)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  await syncDirectory(dirname(filePath))
}

/** A name beside the file that nobody else uses; a file left there is removed before the next write. */
export function temporaryPath(filePath: string): string {
  return `${temporaryPrefix(filePath)}${randomBytes(8).toString('hex')}.tmp`
}

function temporaryPrefix(filePath: string): string {
  return join(dirname(filePath), `.${basename(filePath)}.`)
}

async function removeLeftovers(filePath: string): Promise<void> {
  const directory = dirname(filePath)
  const prefix = basename(temporaryPrefix(filePath))
  const leftovers = (await readdir(directory)).filter(
    name => name.startsWith(prefix) && temporaryEnding.test(name.slice(prefix.length)),
  )
  await Promise.all(leftovers.map(name => rm(join(directory, name), { force: true })))
}

/** Owner of the present file, when it is another user: root that changes a user's file leaves it to the user. */
async function ownerOf(filePath: string): Promise<Owner | undefined> {
  try {
    const { uid, gid } = await stat(filePath)
    return uid === process.geteuid?.() ? undefined : { uid, gid }
  } catch (error) {
    if (isAbsence(error)) return undefined
    throw error
  }
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

async function writeDurably(path: string, text: string, owner: Owner | undefined): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    // The mode given to `open` passes through the umask.
    await file.chmod(0o600)
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
  } finally {
    await handle.close()
  }
}

async function readlinkIfAny(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined
  } catch (error) {
    if (isAbsence(error)) return undefined
    throw error
  }
}
