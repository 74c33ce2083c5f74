import { hash, randomBytes } from 'node:crypto'

/** A secret of 256 random bits, as text for cookies and headers. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * What is stored of such a secret. A plain hash suffices for 256 random bits, and looking it up by an index tells nothing
 * about the secret.
 */
export function secretHash(secret: string): string {
  return hash('sha256', secret)
}
