import { randomBytes } from 'node:crypto'
import { link, open, readdir, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A temporary file this old belongs to a process that ended while it was writing. */
const leftOverMs = 60_000

/**
 * Makes a file for its owner only, whole and durable or not at all. Of several processes that do this at once one wins.
 *
 * @returns Whether it was made: `false` when there is one of this name already, which is left as it is.
 */
export async function createSecretFile(path: string, contents: Uint8Array | string): Promise<boolean> {
  await removeLeftOvers(path)
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeDurably(temporary, contents)
    await link(temporary, path)
    await syncFolder(dirname(path))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(temporary).catch(() => undefined)
  }
}

/** Makes what was done in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r')
  await folder.sync()
}

async function removeLeftOvers(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter(found => found.startsWith(`${basename(path)}.`) && /\.[0-9a-f]{12}$/.test(found))) {
    const file = join(folder, name)
    const found = await stat(file).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > leftOverMs) await unlink(file).catch(() => undefined)
  }
}

async function writeDurably(path: string, contents: Uint8Array | string): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(contents)
  await file.sync()
}
