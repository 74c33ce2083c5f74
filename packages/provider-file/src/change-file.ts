import { createDirectoryOf, linkTarget, replaceFile } from './atomic-write.ts'
import { EditRefusal, editedText } from './edited-text.ts'
import type { SecretEdit } from './edited-text.ts'
import { readFileContent } from './file-content.ts'
import type { ReadingRules } from './file-content.ts'
import { lockFile, LockLoss } from './file-lock.ts'
import type { FileLock } from './file-lock.ts'
import { readFileState } from './file-state.ts'
import { removeLeftovers } from './leftovers.ts'
import { requirePrivateDirectory } from './private-file.ts'
import { formatOf, loadParserOf } from './secrets-format.ts'

/** A change to make in a file of secrets. */
export interface FileChange {
  readonly filePath: string
  readonly rules: ReadingRules
  readonly edit: SecretEdit
  /** Ends the wait for other writers. */
  readonly signal?: AbortSignal | undefined
}

const maxAttempts = 3

/**
 * Makes one change in a file of secrets, against other processes and crashes; resolves once it is on the disk. A file
 * that cannot be read is left as it is.
 *
 * @returns False when a key was to be removed and there is no file.
 * @throws TextFault, FileFault, EditRefusal, LockTimeout, LockLoss, SyncFailure, or an error of the system.
 */
export async function changeFile(change: FileChange): Promise<boolean> {
  const target = await linkTarget(change.filePath)
  const state = await readFileState(target)
  if (change.edit.value === undefined && state === undefined) return false
  await requirePrivateDirectory(change.filePath, change.rules)
  await createDirectoryOf(target)
  for (let attempt = 1; ; attempt += 1) {
    const lock = await lockFile(target, change.signal)
    try {
      await removeLeftovers(target)
      return await changeLocked(change, target, lock)
    } catch (error) {
      if (!(error instanceof LockLoss) || attempt === maxAttempts) throw error
    } finally {
      await lock.release()
    }
  }
}

async function changeLocked({ filePath, rules, edit }: FileChange, target: string, lock: FileLock): Promise<boolean> {
  await loadParserOf(filePath)
  const format = formatOf(filePath)
  const content = await readFileContent(target, rules)
  if (edit.value === undefined) {
    if (!content) return false
    const { values, unusable } = format.parse(content.text)
    if (!values.has(edit.key) && !unusable.has(edit.key)) return true
  }
  const text = editedText(format, content?.text, edit)
  if (Buffer.byteLength(text) > rules.maxBytes) {
    // What this provider could not read again it must not write.
    throw new EditRefusal(
      `the file would be larger than ${rules.maxBytes} bytes`,
      'Raise maxBytes, or keep less in the file.',
    )
  }
  await replaceFile(target, text, lock.confirm)
  return true
}
