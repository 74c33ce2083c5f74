import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { authenticationFailed } from './authentication-failed.ts'
import { scratchMemory } from './scratch-memory.ts'

const ALGORITHM = 'aes-256-gcm'
const TAG_BYTES = 16
const NONCE_BYTES = 12

/** Bytes that sealing adds to a payload. */
export const SEAL_BYTES: number = NONCE_BYTES + TAG_BYTES

/** What a payload is sealed with besides the key. */
export interface AesGcmSeal {
  /** What is not kept in the result and must be the same again to open it. */
  readonly additionalData: Buffer
  /** 12 bytes that this key has never been used with. Given only to reproduce published vectors. Default: random. */
  readonly nonce?: Buffer | undefined
}

/**
 * Encrypts and authenticates with AES-256-GCM (NIST SP 800-38D).
 *
 * @returns Nonce, ciphertext, tag; in memory that the next call uses again: encode it at once.
 */
export function sealAesGcm(payload: string | Uint8Array, key: KeyObject, seal: AesGcmSeal): Buffer {
  // Drawn alone and never kept: one that came up twice would give the key for forgeries away.
  const nonce = seal.nonce ?? randomFillSync(Buffer.allocUnsafe(NONCE_BYTES))
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(seal.additionalData)
  // All of it comes out at once: GCM is a stream.
  const ciphertext = typeof payload === 'string' ? cipher.update(payload, 'utf8') : cipher.update(payload)
  cipher.final()
  const length = SEAL_BYTES + ciphertext.length
  const sealed = scratchMemory(length)
  sealed.set(nonce)
  sealed.set(ciphertext, NONCE_BYTES)
  sealed.set(cipher.getAuthTag(), NONCE_BYTES + ciphertext.length)
  return sealed.subarray(0, length)
}

/**
 * Inverse of {@link sealAesGcm}. Whoever asked wipes the payload.
 *
 * @param sealed - At least {@link SEAL_BYTES} bytes.
 * @throws {@link CredentialError} `authentication_failed` for another key, other additional data or any change.
 */
export function openAesGcm(sealed: Buffer, key: KeyObject, additionalData: Buffer): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  decipher.setAAD(additionalData)
  const payload = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    decipher.final()
  } catch {
    payload.fill(0)
    throw authenticationFailed()
  }
  return payload
}
