/** Codes of the process warnings that this package gives. */
export type CredentialWarningCode =
  | 'ST_CRYPTO_EPHEMERAL_KEY'
  | 'ST_CRYPTO_INSECURE_KEY_FILE'
  | 'ST_CRYPTO_KEY_WHITE_SPACE'

/** Tells the operator by a process warning, which Node prints and `process.on('warning')` hears. */
export function warn(code: CredentialWarningCode, message: string): void {
  process.emitWarning(message, { type: 'CredentialWarning', code })
}
