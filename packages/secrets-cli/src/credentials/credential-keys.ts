import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createCredentialCipher, type CredentialCipher } from '@st/credential-crypto'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'

/** A key, as it is named on the command line. */
export interface KeyChoice {
  /** Its file. `undefined`: the variable, else the file, that `@st/credential-crypto` looks for. */
  readonly keyFile?: string | undefined
  /** Its salt, which a passphrase needs for `st2` tokens. */
  readonly salt?: string | undefined
}

/** In which form tokens are written. */
export type TokenFormat = 'v1' | 'st2'

/** The ciphers of a rotation. */
export interface RotationCiphers {
  /** Writes with the new key, and reads with it and the old ones. */
  readonly ring: CredentialCipher
  /** Has the new key only, and shows that what was written needs no other. */
  readonly target: CredentialCipher
}

/** How keys are changed. */
export interface RotationKeys {
  /** The first one encrypts from now on. */
  readonly newKey: KeyChoice
  /** Those that can have encrypted what is there. Nothing is done to them. */
  readonly oldKeys: readonly KeyChoice[]
  /** In which form to write. */
  readonly format: TokenFormat
}

/**
 * A cipher over the keys that were chosen.
 *
 * @throws CliError when there is none to be found by default; CredentialError `key_refused` when one must not be used.
 */
export async function cipherOf(keys: readonly KeyChoice[], format: TokenFormat): Promise<CredentialCipher> {
  if (keys.some(({ keyFile }) => keyFile === undefined)) requireDefaultKey()
  return createCredentialCipher({ keys: keys.map(sourceOf), format })
}

/**
 * The cipher for new values: unlike {@link cipherOf} it makes a key where there is none, as the package does.
 *
 * @throws CredentialError `key_refused` when the key cannot be had or saved, or must not be used.
 */
export async function encryptingCipher(key: KeyChoice, format: TokenFormat): Promise<CredentialCipher> {
  return createCredentialCipher({ keys: [sourceOf(key)], format })
}

/**
 * The ciphers of a rotation.
 *
 * @throws As {@link cipherOf} does.
 */
export async function rotationCiphers({ newKey, oldKeys, format }: RotationKeys): Promise<RotationCiphers> {
  // At the same time, so that the new key is derived once for both.
  const [ring, target] = await Promise.all([cipherOf([newKey, ...oldKeys], format), cipherOf([newKey], format)])
  return { ring, target }
}

function sourceOf({
  keyFile,
  salt,
}: KeyChoice): { readonly keyFile: string; readonly salt?: string } | { salt?: string } {
  return { ...(keyFile === undefined ? {} : { keyFile }), ...(salt === undefined ? {} : { salt }) }
}

/** A key that is made now has encrypted nothing. */
function requireDefaultKey(): void {
  if (process.env['SIMPLETUNER_CREDENTIAL_KEY']) return
  const path = defaultKeyFile()
  if (path !== undefined && existsSync(path)) return
  throw new CliError(
    exitCodes.notFound,
    'There is no credential key: SIMPLETUNER_CREDENTIAL_KEY is not set, and ~/.simpletuner/credential.key does not exist.',
    'Set the variable, restore the file from a backup, or name the file of the key.',
  )
}

/** Where the key is unless it is named; `undefined` when there is no home folder. */
export function defaultKeyFile(): string | undefined {
  try {
    return join(homedir(), '.simpletuner', 'credential.key')
  } catch {
    return undefined
  }
}
