import type {
  DocumentLookup,
  ProviderDocument,
  ProviderSecret,
  SecretLookup,
  SecretProvider,
} from '@st/secrets-core/provider'

/** How keys lie in secrets. What a layout lacks, the provider lacks. */
export interface SecretLayout {
  /** As {@link SecretProvider}'s. */
  readSecret(lookup: SecretLookup, signal: AbortSignal): Promise<ProviderSecret | undefined>
  /** As {@link SecretProvider}'s. */
  readDocument?(lookup: DocumentLookup, signal: AbortSignal): Promise<ProviderDocument | undefined>
  /** As {@link SecretProvider}'s. */
  readSecrets?(keys: readonly string[], signal: AbortSignal): ReturnType<NonNullable<SecretProvider['readSecrets']>>
  /** Stores a value. */
  store(key: string, value: string, signal: AbortSignal): Promise<void>
  /** Removes a key: whether it is absent afterwards. */
  remove(key: string, signal: AbortSignal): Promise<boolean>
}
