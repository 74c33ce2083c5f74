import type { CredentialContext } from './credential-context.ts'

/**
 * Encrypts and decrypts credentials at once and without waiting: its keys are derived before it is handed out.
 *
 * It reads both stored forms, SimpleTuner's (v1) and `st2`, and writes the one of its option `format`.
 */
export interface CredentialCipher {
  /**
   * Tells keys apart without giving them away: 16 hexadecimal digits. Belongs to the key that encrypts and to its form;
   * the same for the same secret (and `salt` and `kdf`, for `st2`) everywhere. In `st2` tokens it is the part behind the
   * first dot. Stored beside the data and given as `expectedFingerprint`, it shows a wrong key before anything is
   * decrypted.
   */
  readonly keyFingerprint: string

  /**
   * Encrypts with the first key.
   *
   * @param plaintext - Any text, the empty one too.
   * @param context - What the value belongs to. `st2` binds to it; v1 does not, and only checks that it is one.
   * @returns Text for the database. A v1 token shows when it was made and, to 16 bytes, how long the plaintext is; an
   * `st2` token shows its key and the length.
   * @throws {@link CredentialError} `not_utf8` for text with a lone surrogate.
   */
  encrypt(plaintext: string, context?: CredentialContext): string

  /**
   * Decrypts with whichever key made the token. Of any age: stored credentials do not expire.
   *
   * @param token - As stored.
   * @param context - What it was encrypted with; v1 tokens decrypt in any.
   * @throws {@link CredentialError} `malformed`, `unsupported_version`, `unknown_key`, `authentication_failed` or
   * `not_utf8`.
   */
  decrypt(token: string, context?: CredentialContext): string

  /**
   * Whether {@link CredentialCipher.rotate} would change the token: made by another key than the first, in another form,
   * or spelt in another way than this package spells it. Decrypts nothing. Verifies the signature of a v1 token; of an
   * `st2` token only the name of the key is looked at, because the rest takes the context.
   *
   * @throws {@link CredentialError} `malformed`, `unsupported_version`, `unknown_key`, or for v1 `authentication_failed`.
   */
  needsReencrypt(token: string): boolean

  /**
   * Encrypts anew with the first key, in the form of this cipher. From v1 to v1 the time stays at which the credential was
   * first encrypted.
   *
   * @param token - As stored.
   * @param context - What it belongs to: an `st2` token was encrypted with it, and the new one is bound to it.
   * @returns The new token, or the same one where {@link CredentialCipher.needsReencrypt} is false. That is verified too.
   * @throws {@link CredentialError} `malformed`, `unsupported_version`, `unknown_key` or `authentication_failed`.
   */
  rotate(token: string, context?: CredentialContext): string
}
