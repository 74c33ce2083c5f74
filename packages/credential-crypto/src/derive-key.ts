import { encodeBase64Url } from './base64-url.ts'
import { CredentialError } from './credential-error.ts'
import { derivePbkdf2 } from './pbkdf2.ts'

const SALT = 'simpletuner-credential-encryption-v1'
const ITERATIONS = 100_000

/**
 * Derives the Fernet key that SimpleTuner derives from the same secret: PBKDF2-HMAC-SHA256 over its UTF-8, with
 * SimpleTuner's fixed salt and 100,000 iterations (R87).
 *
 * Runs on the thread pool and does not block the event loop. The secret is used as it is: not trimmed, not normalized.
 * The empty secret is derived too, because SimpleTuner does so; never encrypt with that key, everybody can compute it.
 *
 * @param secret - Any text.
 * @returns 32 bytes as base64url with padding (44 characters), as {@link Fernet} takes it.
 * @throws {@link CredentialError} `not_utf8` when the secret holds a lone surrogate.
 */
export async function deriveKey(secret: string): Promise<string> {
  const key = await deriveKeyBytes(secret)
  const text = encodeBase64Url(key)
  key.fill(0)
  return text
}

/** {@link deriveKey} as bytes; whoever asked wipes them. */
export async function deriveKeyBytes(secret: string): Promise<Buffer> {
  if (typeof secret !== 'string') throw new TypeError('secret must be a string')
  if (!secret.isWellFormed()) throw new CredentialError('not_utf8', 'The secret holds a lone surrogate')
  const bytes = Buffer.from(secret, 'utf8')
  try {
    return await derivePbkdf2(bytes, SALT, ITERATIONS)
  } finally {
    bytes.fill(0)
  }
}
