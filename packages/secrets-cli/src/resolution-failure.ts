import { type Resolution, SecretMissingError, SecretUnresolvedError } from '@st/secrets-core'

/** Why a resolution has no value, as an error. */
export function resolutionFailure({ status, trace }: Resolution): SecretMissingError | SecretUnresolvedError {
  return status === 'missing' ? new SecretMissingError(trace) : new SecretUnresolvedError(trace)
}
