import { decodeEitherBase64 } from './base64-url.ts'
import { CredentialError } from './credential-error.ts'

const FEWEST_BYTES = 16
const MOST_BYTES = 64

/**
 * Reads a salt in either base64 alphabet, with padding or without. None has no bytes.
 *
 * @param name - Of the key that has it, for the message.
 * @throws {@link CredentialError} `key_refused` for anything that is not 16 to 64 bytes.
 */
export function keySalt(text: string | undefined, name: string): Buffer {
  if (text === undefined) return Buffer.alloc(0)
  const salt = decodeEitherBase64(text)
  if (salt !== undefined && salt.length >= FEWEST_BYTES && salt.length <= MOST_BYTES) return salt
  throw new CredentialError(
    'key_refused',
    `The salt of ${name} is not ${FEWEST_BYTES} to ${MOST_BYTES} bytes in base64`,
    {
      detail: 'salt_malformed',
      hint: 'Copy it from your configuration, or from a token: st2.<key>.<salt>.<sealed>. Do not make a new one for old data.',
    },
  )
}
