import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { CredentialError } from './credential-error.ts'
import { warn } from './credential-warning.ts'
import { createKeyFile } from './create-key-file.ts'
import { failureCode } from './failure-code.ts'
import { readKeyFile, readKeyFileIfAny } from './key-file.ts'
import type { InsecurePermissions } from './key-file.ts'
import { undamagedSecret } from './undamaged-secret.ts'

const VARIABLE = 'SIMPLETUNER_CREDENTIAL_KEY'
const SECRET_BYTES = 32

/** How {@link defaultSecret} treats the file. */
export interface DefaultSecretOptions {
  /** Whether a secret that cannot be saved is used nevertheless. */
  readonly isEphemeral: boolean
  readonly insecurePermissions: InsecurePermissions
}

/**
 * Finds the secret where SimpleTuner looks for it (R91): the variable, which counts unless it is empty and is not
 * trimmed, then the key file, and when there is none a generated secret, which is saved.
 *
 * A file that exists and cannot be used is refused, never passed over: everything encrypted with it would be lost.
 */
export async function defaultSecret(options: DefaultSecretOptions): Promise<string> {
  const variable = process.env[VARIABLE]
  return variable ? secretOfVariable(variable) : secretOfFile(options)
}

function secretOfVariable(secret: string): string {
  if (/^\s|\s$/.test(secret)) {
    warn('ST_CRYPTO_KEY_WHITE_SPACE', `${VARIABLE} begins or ends with white space, which counts as part of the key`)
  }
  return undamagedSecret(secret, VARIABLE)
}

async function secretOfFile(options: DefaultSecretOptions): Promise<string> {
  const home = homeFolder()
  if (home === undefined) return unsaved('there is no home folder', options)
  const path = join(home, '.simpletuner', 'credential.key')
  const existing = await readKeyFileIfAny(path, options.insecurePermissions)
  if (existing !== undefined) return existing
  try {
    await createKeyFile(path, generatedSecret())
  } catch (error) {
    return unsaved(`${path}: ${failureCode(error)}`, options)
  }
  // Read back, because another process may have been faster, and its key is then the one on disk.
  return readKeyFile(path, options.insecurePermissions)
}

function homeFolder(): string | undefined {
  try {
    const home = homedir()
    // A relative one would make the key depend on the folder in which the process happens to start.
    return isAbsolute(home) ? home : undefined
  } catch {
    // HOME is unset and the user is in no list of users.
    return undefined
  }
}

function unsaved(reason: string, options: DefaultSecretOptions): string {
  const problem = `A new credential key cannot be saved (${reason})`
  if (!options.isEphemeral) {
    throw new CredentialError('key_refused', problem, {
      detail: 'unwritable',
      hint: `Set ${VARIABLE}, or make ~/.simpletuner a writable folder on a file system that has hard links.`,
    })
  }
  warn('ST_CRYPTO_EPHEMERAL_KEY', `${problem}; what is encrypted from now on is lost when this process ends`)
  return generatedSecret()
}

/** As Python's `secrets.token_urlsafe(32)`: 43 characters, no line end. */
function generatedSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}
