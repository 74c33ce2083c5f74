import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What is this old was left by a process that ended. */
const leftOverMs = 3_600_000

/** A folder that is removed with what is in it. */
export interface ScratchFolder extends AsyncDisposable {
  readonly path: string
}

/** Makes a folder for its owner only, and removes those that were left. @param parent - The server's own folder. */
export async function openScratchFolder(parent: string): Promise<ScratchFolder> {
  await removeLeftOvers(parent)
  const path = await mkdtemp(join(parent, 'backup-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function removeLeftOvers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!/^backup-\w{6}$/.test(name)) continue
    const path = join(parent, name)
    const found = await stat(path).catch(() => undefined)
    const isLeft = found !== undefined && Date.now() - found.mtimeMs > leftOverMs
    if (isLeft) await rm(path, { recursive: true, force: true })
  }
}
