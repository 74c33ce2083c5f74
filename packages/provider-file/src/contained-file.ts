import { lstatSync, realpathSync } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileContent, readFileContentSync } from './file-content.ts'
import type { FileContent } from './file-content.ts'
import { leadsOutside } from './file-fault.ts'
import { isInside } from './is-inside.ts'
import { isMissingEntry, unlessAbsent, unlessAbsentSync } from './system-error.ts'

/**
 * Kubernetes exchanges the link `..data` and then removes what it led to: a path that was followed just before leads to
 * nothing, and the next look finds the new file.
 */
const maxAttempts = 5

/** Windows has separators and streams of its own in names. */
const separators = process.platform === 'win32' ? /[/\\:]/ : /\//

/** Whether a key can be the name of a file that is not hidden. Names longer than 255 bytes exist nowhere. */
export function isFileName(key: string): boolean {
  return (
    !key.startsWith('.') &&
    !key.includes('\0') &&
    !separators.test(key) &&
    // A lone surrogate has no bytes of its own, and would name another file.
    key.isWellFormed() &&
    key !== '' &&
    Buffer.byteLength(key) <= 255
  )
}

/**
 * The content of one file of a directory, or `undefined` when there is none. Links inside of the directory are followed.
 *
 * @throws FileFault of kind `insecure` for a link that leads out of it, without opening what is there; else as
 * `readFileContent`.
 */
export async function readContainedFile(
  directory: string,
  name: string,
  maxBytes: number,
): Promise<FileContent | undefined> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const root = await unlessAbsent(realpath(directory))
    if (root === undefined || (await unlessAbsent(lstat(join(root, name)), isMissingEntry)) === undefined) {
      return undefined
    }
    const path = await unlessAbsent(realpath(join(root, name)))
    const content = path && (await readFileContent(requireInside(root, path), { maxBytes, within: root }))
    if (content) return content
  }
  return undefined
}

/** {@link readContainedFile} without waiting. */
export function readContainedFileSync(directory: string, name: string, maxBytes: number): FileContent | undefined {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const root = unlessAbsentSync(() => realpathSync.native(directory))
    if (root === undefined || unlessAbsentSync(() => lstatSync(join(root, name)), isMissingEntry) === undefined) {
      return undefined
    }
    const path = unlessAbsentSync(() => realpathSync.native(join(root, name)))
    const content = path && readFileContentSync(requireInside(root, path), { maxBytes, within: root })
    if (content) return content
  }
  return undefined
}

function requireInside(directory: string, path: string): string {
  if (!isInside(directory, path)) throw leadsOutside()
  return path
}
