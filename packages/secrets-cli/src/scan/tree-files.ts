import { createReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemFailure } from '../system-failure.ts'
import { gitRecords, type GitRun } from './run-git.ts'
import type { ScannedFile } from './scanned-file.ts'

/** As much of a file as is read at once. */
const chunkLength = 1 << 18

/**
 * Every file of a folder, or the file that a path names. Links are not followed: what they lead to is somebody else's,
 * or in the folder anyway. What git keeps for itself is left out.
 *
 * @throws CliError when the path does not exist, or a folder cannot be listed.
 */
export async function* treeFiles(root: string): AsyncGenerator<ScannedFile> {
  const stats = await lstat(root).catch((error: unknown) => {
    throw systemFailure(error, `Reading ${root}`)
  })
  if (stats.isDirectory()) yield* filesOf(root)
  else if (stats.isFile()) yield fileAt(root)
}

/** Those files of a folder that git has or would take: tracked, or neither tracked nor ignored. */
export async function* unignoredFiles(root: string, run: Omit<GitRun, 'cwd'>): AsyncGenerator<ScannedFile> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  for (const path of await gitRecords(args, { ...run, cwd: root })) {
    const full = join(root, path)
    // Deleted and still in the index, a link, a repository within this one.
    const stats = await lstat(full).catch((): undefined => undefined)
    if (stats?.isFile()) yield fileAt(full)
  }
}

async function* filesOf(folder: string): AsyncGenerator<ScannedFile> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw systemFailure(error, `Listing ${folder}`)
  })
  for (const entry of entries.toSorted((first, second) => (first.name < second.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== '.git') yield* filesOf(path)
    // Named pipes and devices would be waited for.
    else if (entry.isFile()) yield fileAt(path)
  }
}

function fileAt(path: string): ScannedFile {
  return { path, open: () => createReadStream(path, { highWaterMark: chunkLength }) }
}
