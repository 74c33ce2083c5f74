import { deriveHkdf } from './hkdf.ts'

const LABEL = '@st/credential-crypto key fingerprint 1'
const FINGERPRINT_BYTES = 8

/** How every fingerprint is spelt. */
export const FINGERPRINT: RegExp = /^[0-9a-f]{16}$/

/**
 * Name of a derived key. Guessing the secret from it costs as much as guessing it from a token: both come after the
 * slow derivation.
 */
export function keyFingerprint(key: Buffer): string {
  return deriveHkdf(key, { info: LABEL, length: FINGERPRINT_BYTES }).toString('hex')
}
