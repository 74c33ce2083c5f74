import { createCredentialCipher } from '../create-credential-cipher.ts'
import type { CredentialCipher } from '../credential-cipher.ts'
import { deriveKeyBytes } from '../derive-key.ts'
import { fernetKeys } from '../fernet-keys.ts'
import type { FernetKeys } from '../fernet-keys.ts'

const keys = new Map<string, Promise<FernetKeys>>()
const ciphers = new Map<string, Promise<CredentialCipher>>()
const strictCiphers = new Map<string, Promise<CredentialCipher>>()

/** Keys of a secret, derived once. */
export async function keysOf(secret: string): Promise<FernetKeys> {
  const known = keys.get(secret) ?? deriveKeyBytes(secret).then(fernetKeys)
  keys.set(secret, known)
  return known
}

/** A cipher over one secret, made once. */
export async function cipherOf(secret: string): Promise<CredentialCipher> {
  const known = ciphers.get(secret) ?? createCredentialCipher({ keys: [{ secret }] })
  ciphers.set(secret, known)
  return known
}

/** A cipher that reads strictly, made once. */
export async function strictCipherOf(secret: string): Promise<CredentialCipher> {
  const known = strictCiphers.get(secret) ?? createCredentialCipher({ keys: [{ secret }], strict: true })
  strictCiphers.set(secret, known)
  return known
}
