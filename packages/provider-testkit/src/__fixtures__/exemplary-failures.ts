import { SecretError } from '@st/secrets-core/provider'
import type { SecretErrorKind, SecretProvider } from '@st/secrets-core/provider'
import type { ProviderFault, ProviderSource } from '../conformance-harness.ts'

/** The name of every provider here. */
export const failingName = 'failing'

const kindOf: Readonly<Record<ProviderFault | 'unavailable', SecretErrorKind>> = {
  unavailable: 'unavailable',
  hang: 'timeout',
  reset: 'unavailable',
  throttle: 'throttled',
  forbidden: 'forbidden',
  unauthenticated: 'unauthenticated',
  malformed: 'malformed',
  redirect_cross_origin: 'insecure',
  slow_drip: 'timeout',
  huge_body: 'malformed',
}

/** Every fault that a harness can show. */
export const faults: readonly (ProviderFault | 'unavailable')[] =
  // `Object.keys` widens the names to `string`.
  Object.keys(kindOf) as (ProviderFault | 'unavailable')[]

/** A source that shows this fault, behind a provider that answers as the contract wants. */
export function exemplaryFailure(fault: ProviderFault | 'unavailable'): ProviderSource {
  return () => exemplaryFailingProvider(fault)
}

/** The provider of such a source, to be made a mutant of. */
export function exemplaryFailingProvider(fault: ProviderFault | 'unavailable'): FailingProvider {
  const error = new SecretError(kindOf[fault], 'no answer', { provider: failingName })
  if (fault === 'hang' || fault === 'slow_drip') return failingProvider(signal => rejectionOnAbort(signal, error))
  return {
    ...failingProvider(() => Promise.reject(error)),
    readSecrets: async keys => new Map(keys.map(key => [key, error])),
  }
}

/** What such a provider has. */
export type FailingProvider = SecretProvider &
  Required<Pick<SecretProvider, 'readSecret' | 'readSecrets' | 'setSecret' | 'checkHealth' | 'close'>>

/** A provider whose every call ends alike, but for its health, which tells. */
export function failingProvider(end: (signal: AbortSignal) => Promise<never>): FailingProvider {
  return {
    name: failingName,
    isAvailable: () => true,
    getSecret: (_key, { signal }) => end(signal),
    readSecret: (_lookup, { signal }) => end(signal),
    readSecrets: (_keys, { signal }) => end(signal),
    setSecret: (_key, _value, { signal }) => end(signal),
    checkHealth: async ({ signal }) => {
      try {
        return await end(signal)
      } catch (error) {
        const kind = SecretError.isInstance(error) ? error.kind : signal.aborted ? 'timeout' : 'internal'
        const finding = {
          id: 'source.failed',
          severity: 'error',
          message: 'It does not answer.',
          fix: 'Start it.',
        } as const
        return { status: 'failed', kind, findings: [finding] }
      }
    },
    close: async () => {},
  }
}

/** Pending until the signal aborts; then rejected with this error, or with the reason of the signal. */
export function rejectionOnAbort(signal: AbortSignal, error?: Error): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(error ?? signal.reason))
  })
}
