import { CredentialError } from './credential-error.ts'

/**
 * Text that UTF-8 can carry; Node would otherwise write U+FFFD in place of a lone surrogate and say nothing.
 *
 * @param text - What was given.
 * @param name - What it is called in the message.
 */
export function wellFormed(text: string, name = 'text to encrypt'): string {
  if (!text.isWellFormed()) {
    throw new CredentialError('not_utf8', `The ${name} holds a lone surrogate, which UTF-8 cannot carry`)
  }
  return text
}
