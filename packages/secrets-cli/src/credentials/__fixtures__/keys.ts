import { createCredentialCipher, type CredentialCipher } from '@st/credential-crypto'
import type { RotationCiphers } from '../credential-keys.ts'

const oldSecret = 'the old secret of the tests'
const newSecret = 'bmV3IHNlY3JldCBvZiB0aGUgdGVzdHMsIDMyIGJ5dGU'

/** Made once: deriving a key takes a while. */
const made = new Map<string, Promise<CredentialCipher>>()

/** Writes v1 tokens with the old key alone. */
export function oldCipher(): Promise<CredentialCipher> {
  return cipher('v1', oldSecret)
}

/** Those of a rotation from the old key to the new one. */
export async function testCiphers(format: 'v1' | 'st2' = 'v1'): Promise<RotationCiphers> {
  const [ring, target] = await Promise.all([cipher(format, newSecret, oldSecret), cipher(format, newSecret)])
  return { ring, target }
}

/** A cipher that rotates in another way, and is the same in everything else. */
export function rotatingBy(like: CredentialCipher, rotate: CredentialCipher['rotate']): CredentialCipher {
  return {
    keyFingerprint: like.keyFingerprint,
    encrypt: (plaintext, context) => like.encrypt(plaintext, context),
    decrypt: (token, context) => like.decrypt(token, context),
    needsReencrypt: token => like.needsReencrypt(token),
    rotate,
  }
}

function cipher(format: 'v1' | 'st2', ...secrets: readonly string[]): Promise<CredentialCipher> {
  const name = [format, ...secrets].join()
  const known = made.get(name) ?? createCredentialCipher({ keys: secrets.map(secret => ({ secret })), format })
  made.set(name, known)
  return known
}
