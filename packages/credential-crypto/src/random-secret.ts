import { decodeEitherBase64 } from './base64-url.ts'

const KEY_BYTES = 32
const HEX = /^[0-9a-f]{64}$/i

/** Fewer different characters, capitals or small letters than this come up in one of ten million random keys. */
const FEWEST_IN_HEX = 10
const FEWEST_IN_BASE64 = 20
const CASES = [/(?:[A-Z].*){3}/, /(?:[a-z].*){3}/]

/**
 * Whether a secret has the form of 32 random bytes, in base64 or hexadecimal, as generated secrets and
 * `openssl rand` have it. Guessing those is hopeless without any slow derivation.
 *
 * Text that a person thought up is longer, shorter or has other characters; if not, it repeats its letters or is all in
 * small ones. The rule decides which key a token was made with, so it stays as it is for as long as there are tokens.
 */
export function isRandomSecret(secret: string): boolean {
  const different = new Set(secret).size
  if (HEX.test(secret)) return different >= FEWEST_IN_HEX
  const bytes = decodeEitherBase64(secret)
  bytes?.fill(0)
  return bytes?.length === KEY_BYTES && different >= FEWEST_IN_BASE64 && CASES.every(letters => letters.test(secret))
}
