import { CredentialError } from './credential-error.ts'

/** Text that UTF-8 can carry; Node would otherwise write U+FFFD in place of a lone surrogate and say nothing. */
export function wellFormed(text: string): string {
  if (!text.isWellFormed()) {
    throw new CredentialError('not_utf8', 'The text to encrypt holds a lone surrogate, which UTF-8 cannot carry')
  }
  return text
}
