/** Base64url with padding: the text form of Fernet keys and tokens. */
export function encodeBase64Url(bytes: Buffer): string {
  // Node leaves the padding out of base64url.
  return bytes.toString('base64url') + ['', '==', '='][bytes.length % 3]
}

/** Inverse of {@link encodeBase64Url}; `undefined` for any text that it would not have written. */
export function decodeBase64Url(text: string): Buffer | undefined {
  // Node decodes whatever it can and says nothing; encoding once more shows whether that was everything.
  const bytes = Buffer.from(text, 'base64url')
  return encodeBase64Url(bytes) === text ? bytes : undefined
}
