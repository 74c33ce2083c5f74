import { CredentialError } from '../credential-error.ts'

/** The failure of a call, which must be a {@link CredentialError}. */
export async function caught(call: () => unknown): Promise<CredentialError> {
  try {
    await call()
  } catch (error) {
    if (CredentialError.isInstance(error)) return error
    throw error
  }
  throw new Error('the call was to fail and did not')
}
