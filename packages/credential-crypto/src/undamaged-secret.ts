import { CredentialError } from './credential-error.ts'

/**
 * Refuses secrets that are empty, whose key everybody can compute, or that hold U+FFFD: Node puts it in place of bytes
 * of a variable that are not UTF-8, so that different secrets would become one.
 *
 * @param secret - What was given.
 * @param origin - Name of the option or variable, for the message.
 */
export function undamagedSecret(secret: string, origin: string): string {
  if (secret === '') {
    throw new CredentialError('key_refused', `The credential key in ${origin} is empty`, {
      detail: 'empty',
      hint: 'Give it a secret, for instance the output of: openssl rand -base64 32',
    })
  }
  if (secret.includes('\uFFFD') || !secret.isWellFormed()) {
    throw new CredentialError('key_refused', `The credential key in ${origin} is not valid text`, {
      detail: 'not_utf8',
      hint: 'It holds U+FFFD or a lone surrogate, the mark of bytes that are not UTF-8. Use a key that is plain text.',
    })
  }
  return secret
}
