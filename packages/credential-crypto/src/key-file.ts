import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { CredentialError } from './credential-error.ts'
import { warn } from './credential-warning.ts'
import { failureCode } from './failure-code.ts'
import { keyFileExposure } from './key-file-exposure.ts'
import { keyText } from './key-text.ts'

/** What to do about a key file that others than its owner can get at. */
export type InsecurePermissions = 'error' | 'warn'

/**
 * Reads the secret in a key file. Never writes: a file that cannot be used is refused and stays as it is.
 *
 * @param path - Of the file, or of a link to it.
 * @param insecurePermissions - What to do when others can get at it.
 * @param isEmptyAllowed - Whether a blank file is the empty secret instead of a failure. Default: `false`.
 * @throws {@link CredentialError} `key_refused`; `detail` is `missing`, `unreadable`, `not_a_file`, `insecure`,
 * `not_utf8` or `empty`.
 */
export async function readKeyFile(
  path: string,
  insecurePermissions: InsecurePermissions,
  isEmptyAllowed = false,
): Promise<string> {
  const secret = await readKeyFileIfAny(path, insecurePermissions, isEmptyAllowed)
  if (secret !== undefined) return secret
  throw new CredentialError('key_refused', `Key file ${path} does not exist, or is a link to nothing`, {
    detail: 'missing',
    path,
    hint: `Restore it from a backup, or make a new key: (umask 077 && openssl rand -base64 32 > ${quoted(path)})`,
  })
}

/** {@link readKeyFile}, with `undefined` for a file that does not exist. */
export async function readKeyFileIfAny(
  path: string,
  permissions: InsecurePermissions,
  isEmptyAllowed = false,
): Promise<string | undefined> {
  const file = await openIfAny(path)
  if (file === undefined) return undefined
  try {
    await requireKeyFile(file, path, permissions)
    const content = await file.readFile().catch((error: unknown) => {
      throw unreadable(path, error)
    })
    const secret = keyText(content)
    content.fill(0)
    return secret === '' && isEmptyAllowed ? '' : usable(secret, path)
  } finally {
    await file.close()
  }
}

async function openIfAny(path: string): Promise<FileHandle | undefined> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer. Windows lacks the flag.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    // A part of the path that is no folder: there is no key file, and none can be made.
    if (['ENOENT', 'ENOTDIR'].includes(failureCode(error))) return undefined
    throw unreadable(path, error)
  }
}

async function requireKeyFile(file: FileHandle, path: string, permissions: InsecurePermissions): Promise<void> {
  // Asked of the open file, so that what was checked is what is read.
  const stats = await file.stat()
  if (!stats.isFile()) {
    const hint = 'Move it away and restore the key file from a backup.'
    throw new CredentialError('key_refused', `Key file ${path} is not a file`, { detail: 'not_a_file', path, hint })
  }
  const exposure = keyFileExposure(stats, process.getuid?.())
  if (exposure === undefined) return
  const problem = `Key file ${path} ${exposure.problem}`
  const hint = `${exposure.remedy} ${quoted(path)}`
  if (permissions === 'warn') return warn('ST_CRYPTO_INSECURE_KEY_FILE', `${problem}; mend it with: ${hint}`)
  throw new CredentialError('key_refused', problem, {
    detail: 'insecure',
    path,
    hint: `${hint} (or use it nevertheless: insecurePermissions: 'warn')`,
  })
}

function usable(secret: string | undefined, path: string): string {
  if (secret === undefined) {
    throw new CredentialError('key_refused', `Key file ${path} is not UTF-8 text`, {
      detail: 'not_utf8',
      path,
      hint: 'Restore it from a backup. Binary keys do not work: openssl rand -base64 32 makes a key that is text.',
    })
  }
  if (secret === '') {
    throw new CredentialError('key_refused', `Key file ${path} is empty`, {
      detail: 'empty',
      path,
      hint: 'Restore it from a backup. If nothing has been encrypted yet, delete it.',
    })
  }
  return secret
}

function unreadable(path: string, error: unknown): CredentialError {
  const code = failureCode(error)
  return new CredentialError('key_refused', `Key file ${path} cannot be read (${code})`, {
    detail: 'unreadable',
    path,
    hint: 'Let the user that runs this process read the file and enter the folders above it.',
  })
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
