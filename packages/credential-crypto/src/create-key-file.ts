import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { failureCode } from './failure-code.ts'

/** Answers of systems that cannot open or sync a folder: Windows, some network mounts, folders without read access. */
const FOLDER_NOT_SYNCABLE = ['EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']

/** The name is taken, or the process that took it has removed what was to be linked. */
const SOMEBODY_WAS_FASTER = ['EEXIST', 'ENOENT']

/**
 * Saves a secret in a new file, 0600 from its first byte on, in a folder that is made 0700 if there is none.
 *
 * Never replaces anything, and of several processes exactly one creates the file: the secret is written under another
 * name and then given the right one with `link`, which fails where that name is taken. So the file is whole as soon as
 * it exists, also after a crash. That something has the name already, a link to nothing included, is no failure here:
 * whoever asked reads the file next, and uses what is in it.
 *
 * Once the file exists, what crashed processes have left under other names goes too. So does what others are about to
 * link, who then know as well that the file exists.
 */
export async function createKeyFile(path: string, secret: string): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `${temporaryPrefix(path)}${randomUUID()}.tmp`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeDurably(temporary, secret)
  try {
    await link(temporary, path)
    await syncFolder(folder)
  } catch (error) {
    if (!SOMEBODY_WAS_FASTER.includes(failureCode(error))) throw error
  } finally {
    await rm(temporary, { force: true })
  }
  // The key is saved by now; a folder that cannot be listed is no reason to say otherwise.
  await removeLeftovers(path).catch(() => undefined)
}

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.`
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Makes the new name survive a power failure, where the file system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    if (!FOLDER_NOT_SYNCABLE.includes(failureCode(error))) throw error
  }
}

async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder)
  const leftovers = names.filter(name => name.startsWith(temporaryPrefix(path)) && name.endsWith('.tmp'))
  await Promise.all(leftovers.map(name => rm(join(folder, name), { force: true })))
}
