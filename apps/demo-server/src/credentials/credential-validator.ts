/** What the service that a credential is for says about it. Never holds the credential. */
export type CredentialVerdict =
  /** It is accepted, and whose account it opens where that is told. */
  | { readonly outcome: 'valid'; readonly account?: string }
  /** It is refused. */
  | { readonly outcome: 'invalid' }
  /** The service did not answer, or not in a way that is understood. */
  | { readonly outcome: 'unknown'; readonly reason: 'timeout' | 'unreachable' | 'unexpected_answer' }
  /** Nobody knows how to ask for this kind of credential. */
  | { readonly outcome: 'unsupported' }

/** Asks a service whether it accepts a credential. */
export interface CredentialValidator {
  /** Of the credentials that it can ask about. */
  readonly provider: string
  readonly name: string
  /** @param signal - Ends it after a while; what it throws then does not matter. */
  validate(value: string, signal: AbortSignal): Promise<CredentialVerdict>
}

/** How long a service may take. */
const deadlineMs = 5000

/** Asks the one that can; a failure of it is a verdict and never an error, whose text could quote the credential. */
export async function validateCredential(
  validators: readonly CredentialValidator[],
  { provider, name, value }: { readonly provider: string; readonly name: string; readonly value: string },
): Promise<CredentialVerdict> {
  const validator = validators.find(known => known.provider === provider && known.name === name)
  if (validator === undefined) return { outcome: 'unsupported' }
  const signal = AbortSignal.timeout(deadlineMs)
  try {
    return await validator.validate(value, signal)
  } catch {
    return { outcome: 'unknown', reason: signal.aborted ? 'timeout' : 'unreachable' }
  }
}
