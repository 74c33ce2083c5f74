import { checkedOptions } from './credential-cipher-options.ts'
import type { CheckedOptions, CredentialCipherOptions, CredentialKeySource } from './credential-cipher-options.ts'
import type { CredentialCipher } from './credential-cipher.ts'
import { defaultSecret } from './default-secret.ts'
import { deriveKeyBytes } from './derive-key.ts'
import { fernetKeys } from './fernet-keys.ts'
import { keyFingerprint } from './key-fingerprint.ts'
import { readKeyFile } from './key-file.ts'
import { KeyRingCipher } from './key-ring-cipher.ts'
import type { RingKey } from './key-ring-cipher.ts'
import { undamagedSecret } from './undamaged-secret.ts'

/**
 * Makes a cipher over one or more keys.
 *
 * The keys are derived here, one after another and without blocking the event loop. Nothing is shared with other
 * ciphers; a changed variable or key file is seen by the next one that is made.
 *
 * @param options - Which keys, and how careful to be. Default: the key that SimpleTuner uses.
 * @throws {@link CredentialError} `key_refused` when a key cannot be had or must not be used.
 */
export async function createCredentialCipher(options: CredentialCipherOptions = {}): Promise<CredentialCipher> {
  const checked = checkedOptions(options)
  const [first, ...others] = checked.keys ?? []
  const encrypting = await ringKey(await (first ? secretOf(first, checked) : defaultSecret(checked)))
  const decrypting = []
  // One at a time: a derivation holds a thread of the pool that file access and name lookups need too.
  for (const source of others) decrypting.push(await ringKey(await secretOf(source, checked)))
  return new KeyRingCipher([encrypting, ...decrypting], checked.isStrict)
}

async function secretOf(source: CredentialKeySource, options: CheckedOptions): Promise<string> {
  if (source.keyFile !== undefined) return readKeyFile(source.keyFile, options.insecurePermissions)
  return undamagedSecret(source.secret, 'secret')
}

async function ringKey(secret: string): Promise<RingKey> {
  const key = await deriveKeyBytes(secret)
  const derived = { keys: fernetKeys(key), fingerprint: keyFingerprint(key) }
  key.fill(0)
  return derived
}
