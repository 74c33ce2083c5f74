import { createHash, randomBytes } from 'node:crypto'
import { lstat, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { unlessAbsent } from './system-error.ts'

const endings = /^[0-9a-f]{16}\.(?:tmp|claim)$/
/** A write takes milliseconds. */
const abandonedAfterMs = 10_000

/** A new name for the next text of a file, beside it, that nobody else uses. */
export function temporaryPath(filePath: string): string {
  return `${prefixOf(filePath)}${randomBytes(8).toString('hex')}.tmp`
}

/** The name of the claim to take one particular lock of a file away: the same one for every process that tries. */
export function claimPath(filePath: string, lockIdentity: string): string {
  return `${prefixOf(filePath)}${createHash('sha256').update(lockIdentity).digest('hex').slice(0, 16)}.claim`
}

/** Removes what writers of this file left beside it when they were killed. The caller holds the file's lock. */
export async function removeLeftovers(filePath: string): Promise<void> {
  await Promise.all((await leftoversOf(filePath)).map(path => rm(path, { force: true })))
}

/** What writers have left beside the file and nobody seems to need any more. The next write removes it. */
export async function abandonedLeftovers(filePath: string): Promise<readonly string[]> {
  const found = [...(await leftoversOf(filePath)), `${filePath}.lock`].map(async path => {
    const stats = await unlessAbsent(lstat(path))
    return stats && Date.now() - stats.mtimeMs > abandonedAfterMs ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

async function leftoversOf(filePath: string): Promise<readonly string[]> {
  const directory = dirname(filePath)
  const prefix = basename(prefixOf(filePath))
  const names = (await unlessAbsent(readdir(directory))) ?? []
  return names
    .filter(name => name.startsWith(prefix) && endings.test(name.slice(prefix.length)))
    .map(name => join(directory, name))
}

function prefixOf(filePath: string): string {
  return join(dirname(filePath), `.${basename(filePath)}.`)
}
