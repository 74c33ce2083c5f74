import { createCredentialCipher } from './create-credential-cipher.ts'
import type { CredentialCipher } from './credential-cipher.ts'

let current: Promise<CredentialCipher> | undefined

/**
 * Encrypts a credential with the key of this process, in the form that SimpleTuner stores.
 *
 * The key is had at the first call and kept: `SIMPLETUNER_CREDENTIAL_KEY`, else `~/.simpletuner/credential.key`, else a
 * key that is generated and saved there. Calls that come meanwhile share that work; a failure is not remembered.
 *
 * @param plaintext - Any text, the empty one too.
 * @throws {@link CredentialError} `key_refused`, or `not_utf8` for text with a lone surrogate.
 */
export async function encryptCredential(plaintext: string): Promise<string> {
  const cipher = await defaultCipher()
  return cipher.encrypt(plaintext)
}

/**
 * Decrypts a credential that SimpleTuner or {@link encryptCredential} stored, with the key of this process.
 *
 * @param token - As stored, in any spelling that Python reads. Of any age.
 * @throws {@link CredentialError} `key_refused`, `malformed`, `unsupported_version`, `authentication_failed` or
 * `not_utf8`.
 */
export async function decryptCredential(token: string): Promise<string> {
  const cipher = await defaultCipher()
  return cipher.decrypt(token)
}

/** Forgets the key of this process; the next call looks at the variable and the file again. */
export function resetCipher(): void {
  current = undefined
}

function defaultCipher(): Promise<CredentialCipher> {
  current ??= createCurrent()
  return current
}

function createCurrent(): Promise<CredentialCipher> {
  const cipher = createCredentialCipher()
  cipher.catch(() => {
    // Not the one that a reset has started since.
    if (current === cipher) current = undefined
  })
  return cipher
}
