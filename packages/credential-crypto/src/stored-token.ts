import { decodeAsciiBase64Url, decodedBytes, encodeBase64Url } from './base64-url.ts'
import { isCanonicalBase64 } from './canonical-base64.ts'
import { CredentialError } from './credential-error.ts'
import { decodeLenientBase64 } from './lenient-base64.ts'

/** A stored credential without its two layers of base64. */
export interface StoredToken {
  /** The Fernet token as bytes. Nothing in it is verified yet. */
  readonly raw: Buffer
  /** Whether the text is the very one that {@link encodeStoredToken} writes for these bytes. */
  readonly isCanonical: boolean
}

/** Writes what SimpleTuner stores: base64url of the text of a Fernet token, so base64 twice (R89). */
export function encodeStoredToken(raw: Buffer): string {
  // The inner text is ASCII, and base64 of ASCII holds none of the characters in which the alphabets differ.
  return btoa(encodeBase64Url(raw))
}

/**
 * Reads what SimpleTuner stores, in every spelling that Python reads (R90).
 *
 * @param token - As stored.
 * @param isStrict - Whether to refuse all spellings but the canonical one.
 * @param memory - Gives memory for that many bytes. Default: memory of their own.
 * @throws {@link CredentialError} `malformed`.
 */
export function decodeStoredToken(token: string, isStrict: boolean, memory?: (length: number) => Buffer): StoredToken {
  if (typeof token !== 'string') throw new TypeError('token must be a string')
  const canonical = decodeCanonical(token, memory)
  if (canonical !== undefined) return { raw: canonical, isCanonical: true }
  const raw = isStrict ? undefined : decodeLenient(token)
  if (raw === undefined) throw malformed(token)
  return { raw, isCanonical: false }
}

function decodeCanonical(token: string, memory?: (length: number) => Buffer): Buffer | undefined {
  const inner = decodeOuter(token)
  if (inner === undefined || !isCanonicalBase64(token, inner.length)) return undefined
  return decodeAsciiBase64Url(inner, memory?.(decodedBytes(inner)))
}

function decodeOuter(token: string): string | undefined {
  try {
    // Faster than a buffer, and it refuses what `Buffer.from` skips, white space excepted.
    return atob(token)
  } catch {
    return undefined
  }
}

function decodeLenient(token: string): Buffer | undefined {
  // Python encodes the text as ASCII first. Latin-1 alone would fold U+0141 into an "A".
  if (Buffer.byteLength(token, 'utf8') !== token.length) return undefined
  const inner = decodeLenientBase64(Buffer.from(token, 'latin1'))
  return inner && decodeLenientBase64(inner)
}

function malformed(token: string): CredentialError {
  // Every Fernet token begins like this until the year 2106.
  const isFernet = token.startsWith('gAAAAA')
  return new CredentialError('malformed', 'The token is malformed: it is not base64 twice over', {
    hint: isFernet
      ? 'This looks like a plain Fernet token, in base64 only once; the Fernet class reads those.'
      : 'It may be a value that was never encrypted, or one that was cut off.',
  })
}
