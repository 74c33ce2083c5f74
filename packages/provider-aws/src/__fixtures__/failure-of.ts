import { SecretError } from '@st/secrets-core/provider'

/** The SecretError that something rejects with. */
export async function failureOf(promise: Promise<unknown> | undefined): Promise<SecretError> {
  const error: unknown = await promise?.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  )
  if (SecretError.isInstance(error)) return error
  throw error
}
