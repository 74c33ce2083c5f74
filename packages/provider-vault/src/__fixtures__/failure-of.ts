import { SecretError } from '@st/secrets-core/provider'

/** The SecretError that a promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<SecretError> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  )
  if (SecretError.isInstance(error)) return error
  throw error
}
