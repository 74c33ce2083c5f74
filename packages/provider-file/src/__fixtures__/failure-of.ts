import { SecretError } from '@st/secrets-core/provider'

/** The typed error that a call, or what it has begun, ends with; fails when it ends in any other way. */
export async function failureOf(ending: Promise<unknown> | (() => unknown)): Promise<SecretError> {
  let failure: unknown
  try {
    await (typeof ending === 'function' ? ending() : ending)
  } catch (error) {
    failure = error
  }
  if (!SecretError.isInstance(failure)) throw new Error('expected a SecretError', { cause: failure })
  return failure
}
