import { isCanonicalBase64 } from './canonical-base64.ts'

const PADDING = ['', '==', '=']

/** Base64url with padding: the text form of Fernet keys and tokens. */
export function encodeBase64Url(bytes: Buffer): string {
  // Node leaves the padding out of base64url.
  return bytes.toString('base64url') + PADDING[bytes.length % 3]
}

/**
 * Inverse of {@link encodeBase64Url}; `undefined` for any text that it would not have written.
 *
 * @param text - Any text.
 * @param target - Where to put the bytes, if in no memory of their own; long enough for all of them.
 */
export function decodeBase64Url(text: string, target?: Buffer): Buffer | undefined {
  // Node takes the low byte of each character, so that U+0141 would be read as an "A".
  return isAscii(text) ? decodeAsciiBase64Url(text, target) : undefined
}

/** {@link decodeBase64Url} of a text known to hold no character above U+00FF. */
export function decodeAsciiBase64Url(text: string, target?: Buffer): Buffer | undefined {
  const bytes = target ?? Buffer.allocUnsafe(decodedBytes(text))
  const length = bytes.write(text, 'base64url')
  // Node reads both alphabets, and skips what is in neither, which the length shows.
  if (!isCanonicalBase64(text, length) || text.includes('+') || text.includes('/')) return undefined
  return bytes.subarray(0, length)
}

/** Base64url without padding, read as strictly. */
export function decodeUnpaddedBase64Url(text: string, target?: Buffer): Buffer | undefined {
  if (text.endsWith('=') || text.length % 4 === 1) return undefined
  return decodeBase64Url(text.padEnd(Math.ceil(text.length / 4) * 4, '='), target)
}

/** Base64 as people paste it: in either alphabet, with its padding or without; otherwise read as strictly. */
export function decodeEitherBase64(text: string): Buffer | undefined {
  const isPadded = text.length % 4 === 0
  return decodeUnpaddedBase64Url(
    (isPadded ? text.replace(/={1,2}$/, '') : text).replaceAll('+', '-').replaceAll('/', '_'),
  )
}

/** How many bytes a text may hold at most. */
export function decodedBytes(text: string): number {
  return Math.ceil(text.length / 4) * 3
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') === text.length
}
