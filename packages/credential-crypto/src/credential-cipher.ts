/**
 * Encrypts and decrypts credentials as SimpleTuner stores them, at once and without waiting: its keys are derived
 * before it is handed out.
 */
export interface CredentialCipher {
  /**
   * Tells keys apart without giving them away: 16 hexadecimal digits, the same for the same secret everywhere.
   * Belongs to the key that encrypts. Store it beside the data, and a wrong key shows before anything is decrypted.
   */
  readonly keyFingerprint: string

  /**
   * Encrypts with the first key.
   *
   * @param plaintext - Any text, the empty one too.
   * @returns Text for the database; it shows when it was made and, to 16 bytes, how long the plaintext is.
   * @throws {@link CredentialError} `not_utf8` for text with a lone surrogate.
   */
  encrypt(plaintext: string): string

  /**
   * Decrypts with whichever key made the token. Of any age: stored credentials do not expire.
   *
   * @param token - As stored.
   * @throws {@link CredentialError} `malformed`, `unsupported_version`, `authentication_failed` or `not_utf8`.
   */
  decrypt(token: string): string

  /**
   * Whether {@link CredentialCipher.rotate} would change the token: made by another key than the first, or spelt in
   * another way than this package spells it. Verifies the signature and decrypts nothing.
   *
   * @throws {@link CredentialError} `malformed`, `unsupported_version` or `authentication_failed`.
   */
  needsReencrypt(token: string): boolean

  /**
   * Encrypts anew with the first key and keeps the time at which the credential was first encrypted.
   *
   * @returns The new token, or the same one where {@link CredentialCipher.needsReencrypt} is false.
   * @throws {@link CredentialError} `malformed`, `unsupported_version` or `authentication_failed`.
   */
  rotate(token: string): string
}
