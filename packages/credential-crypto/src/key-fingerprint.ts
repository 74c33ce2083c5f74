import { hkdfSync } from 'node:crypto'

const LABEL = '@st/credential-crypto key fingerprint 1'
const FINGERPRINT_BYTES = 8

/**
 * Name of a derived key. Guessing the secret from it costs as much as guessing it from a token: both come after the
 * slow derivation.
 */
export function keyFingerprint(key: Buffer): string {
  return Buffer.from(hkdfSync('sha256', key, '', LABEL, FINGERPRINT_BYTES)).toString('hex')
}
