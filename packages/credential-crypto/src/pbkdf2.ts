import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { inDerivationSlot } from './derivation-slot.ts'

const KEY_BYTES = 32

/**
 * 32 bytes from PBKDF2-HMAC-SHA256 (RFC 8018 §5.2), on the thread pool. Whoever asked wipes them, and the secret.
 */
export async function derivePbkdf2(secret: Buffer, salt: string | Buffer, iterations: number): Promise<Buffer> {
  return inDerivationSlot(() => promisify(pbkdf2)(secret, salt, iterations, KEY_BYTES, 'sha256'))
}
