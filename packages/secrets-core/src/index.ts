export type { ProviderStats } from './chain/guarded-provider.ts'
export type { ProviderEntry } from './chain/provider-link.ts'
export type { ResolutionTrace, TraceStep } from './chain/trace.ts'
export { isAuthError } from './manager/auth-error.ts'
export { getSecretsManager, setSecretsManager } from './manager/default-manager.ts'
export { diagnosticChannels } from './manager/diagnostics.ts'
export type { ChangeMessage, ProviderMessage, SetMessage } from './manager/diagnostics.ts'
export type { Explanation, ShadowedAnswer } from './manager/explain.ts'
export type { NamedHealth } from './manager/health-report.ts'
export type { KeyList, ListFailure } from './manager/list-keys.ts'
export type {
  HealthOptions,
  ListOptions,
  OverlapOptions,
  ReadOptions,
  ResolveOptions,
  SecretsManagerOptions,
  SensitiveSink,
  SubscribeOptions,
  WriteOptions,
} from './manager/manager-options.ts'
export { fromPythonConfig } from './manager/python-config.ts'
export type { ManagerStats } from './manager/manager-stats.ts'
export type { Resolution } from './manager/resolution.ts'
export { SecretMissingError, SecretUnresolvedError } from './manager/resolution-error.ts'
export type { ChangeListener, SecretChange } from './manager/secret-change.ts'
export { SecretLoadError } from './manager/secret-load-error.ts'
export type { SecretProblem } from './manager/secret-load-error.ts'
export type { RequiredValues, SecretReader, SecretValues } from './manager/secret-reader.ts'
export type { FieldOutput, Loaded, LoadedField, SecretField, SecretShape } from './manager/secret-shape.ts'
export type { SecretValue } from './manager/secret-value.ts'
export { SecretsManager } from './manager/secrets-manager.ts'
export type { StandardChainConfig } from './manager/standard-chain.ts'
export type {
  StandardOutput,
  StandardResult,
  StandardSchemaProps,
  StandardSchemaV1,
} from './manager/standard-schema.ts'
export type { SecretAttempt, WithSecretOptions } from './manager/with-secret.ts'
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
export { SecretError } from './contract/secret-error.ts'
