import { CredentialError } from './credential-error.ts'

/** The one answer to every token that is not what the key's owner wrote there, whatever is wrong with it. */
export function authenticationFailed(): CredentialError {
  return new CredentialError('authentication_failed', 'The token could not be authenticated: other key, or changed', {
    hint:
      'Decrypt with the key and in the context that it was encrypted with. After a change of key keep the old one ' +
      'behind the new one in `keys`.',
  })
}
