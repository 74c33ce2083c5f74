import { SecretError, type SecretErrorDetails } from '../contract/secret-error.ts'

/** What a provider throws whose source does not answer. */
export function down(details: SecretErrorDetails = {}): SecretError {
  return new SecretError('unavailable', 'no answer', details)
}

/** What a provider throws that may not read. */
export function denied(): SecretError {
  return new SecretError('forbidden', 'no permission')
}

/** What a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const [result] = await Promise.allSettled([promise])
  if (result.status === 'fulfilled') throw new Error('it was fulfilled')
  return result.reason
}

/** What a function throws. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
