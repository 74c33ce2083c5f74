export { ConfigError } from './config/config-error.ts'
export type { ConfigProblem } from './config/config-error.ts'
export { defineConfig } from './config/define-config.ts'
export { keyMatcher } from './config/key-matcher.ts'
export { loadConfig } from './config/load-config.ts'
export type { LoadConfigOptions, LoadedConfig } from './config/load-config.ts'
export type { ConfiguredProvider, ProviderName, SecretsConfig } from './config/secrets-config.ts'
export type { ProviderEntry } from './chain/provider-link.ts'
export type { SecretsManagerOptions, SensitiveSink } from './manager/manager-options.ts'
export type { StandardChainConfig } from './manager/standard-chain.ts'
export type { BreakerPolicy, CachePolicy, ProviderPolicy, RetryPolicy } from './policy/provider-policy.ts'
export type {
  DocumentLookup,
  Finding,
  ProviderContext,
  ProviderDescription,
  ProviderDocument,
  ProviderHealth,
  ProviderHost,
  ProviderProvenance,
  ProviderSecret,
  SecretErrorDetails,
  SecretErrorKind,
  SecretLookup,
  SecretProvider,
  SecretStage,
  VersionLookup,
} from './provider.ts'
export { SecretError } from './provider.ts'
