import type { ProviderContext, SecretError, SecretProvider } from '@st/secrets-core/provider'
import { InMemorySecretProvider } from './in-memory-secret-provider.ts'

/** Ways to break the contract itself, which a `SecretError` cannot show. */
export type SyntheticFault =
  /** Never settles, not even when the signal aborts. */
  | 'hang'
  /** Throws from the call instead of rejecting. */
  | 'throws_sync'
  /** Rejects with something that is no error. */
  | 'throws_non_error'
  /** Resolves to something that is no string. */
  | 'answers_rubbish'

/** Puts a fault in front of another provider until it is healed. */
export class FaultySecretProvider implements SecretProvider {
  /** The name of the provider behind it. */
  readonly name: string
  readonly #inner: SecretProvider
  readonly #reads: string[] = []
  #fault: SecretError | SyntheticFault | undefined

  /**
   * @param fault - The error that every read rejects with, or a way to break the contract.
   * @param inner - Who answers once this provider is healed. Default: an empty {@link InMemorySecretProvider}.
   */
  constructor(fault: SecretError | SyntheticFault, inner: SecretProvider = new InMemorySecretProvider()) {
    this.name = inner.name
    this.#fault = fault
    this.#inner = inner
  }

  /** Keys asked for, in order, before and after healing. */
  get reads(): readonly string[] {
    return this.#reads
  }

  /** What the provider behind it says. */
  isAvailable(): boolean {
    return this.#inner.isAvailable()
  }

  /** Shows the fault, or asks the provider behind it once healed. */
  getSecret(key: string, context?: Partial<ProviderContext>): Promise<string | undefined> {
    this.#reads.push(key)
    const fault = this.#fault
    if (fault === undefined) {
      return this.#inner.getSecret(key, { signal: context?.signal ?? new AbortController().signal })
    }
    return typeof fault === 'string' ? show(fault) : Promise.reject(fault)
  }

  /** Takes the fault away: later reads reach the provider behind it. Reads that hang stay pending. */
  heal(): void {
    this.#fault = undefined
  }
}

function show(fault: SyntheticFault): Promise<string | undefined> {
  switch (fault) {
    case 'hang':
      return new Promise(() => {})
    case 'throws_sync':
      throw new Error('thrown instead of rejected')
    case 'throws_non_error':
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a non-error is what this fault is about
      return Promise.reject('rejected with a string')
    case 'answers_rubbish':
      // The wrong type is what this fault is about.
      return Promise.resolve(42 as unknown as string)
  }
}
