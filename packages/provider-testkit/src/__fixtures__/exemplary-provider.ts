import type { SecretErrorKind, SecretProvider } from '@st/secrets-core/provider'
import { SecretError } from '@st/secrets-core/provider'
import type { ProviderFault, ProviderSource } from '../conformance-harness.ts'

/** Everything that the suite asks of a provider. */
export type WholeProvider = Required<Omit<SecretProvider, 'hasVersions' | 'readSecrets' | 'attach' | 'checkHealth'>>

/** Keeps the whole contract, with every member, so that a mutant differs from it in one thing. */
export function exemplaryProvider(secrets: Readonly<Record<string, string>>): WholeProvider {
  const held = new Map(Object.entries(secrets))
  return {
    name: 'exemplary',
    isAvailable: () => true,
    getSecret: async key => held.get(key),
    getSecretSync: key => held.get(key),
    readSecret: async ({ key }) => {
      const value = held.get(key)
      return value === undefined ? undefined : { value }
    },
    readDocument: async () => ({ values: new Map(held) }),
    readDocumentSync: () => ({ values: new Map(held) }),
    async *listKeys() {
      yield* held.keys()
    },
    setSecret: async (key, value) => {
      if (typeof value !== 'string') throw new TypeError('value must be a string')
      held.set(key, value)
    },
    deleteSecret: async key => {
      held.delete(key)
      return true
    },
    describe: () => ({ place: 'memory' }),
    close: async () => {},
  }
}

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
  const error = new SecretError(kindOf[fault], 'no answer', { provider: 'failing' })
  return fault === 'hang' || fault === 'slow_drip'
    ? () => failingProvider(signal => rejectionOnAbort(signal, error))
    : () => failingProvider(() => Promise.reject(error))
}

/** A provider whose every way to read ends alike. */
export function failingProvider(end: (signal: AbortSignal) => Promise<never>): SecretProvider {
  return {
    name: 'failing',
    isAvailable: () => true,
    getSecret: (_key, { signal }) => end(signal),
    readSecret: (_lookup, { signal }) => end(signal),
  }
}

/** Pending until the signal aborts; then rejected with this error, or with the reason of the signal. */
export function rejectionOnAbort(signal: AbortSignal, error?: Error): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(error ?? signal.reason))
  })
}
