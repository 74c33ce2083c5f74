export { jsonDocumentOf, parseJson, parseJsonDocument } from './contract/json-document.ts'
export type { JsonDocument, JsonOrigin } from './contract/json-document.ts'
export type {
  DocumentLookup,
  ProviderDocument,
  ProviderProvenance,
  ProviderSecret,
  SecretLookup,
  SecretStage,
  VersionLookup,
} from './contract/provider-answer.ts'
export type { Finding, ProviderHealth } from './contract/provider-health.ts'
export { SecretError } from './contract/secret-error.ts'
export type { SecretErrorDetails, SecretErrorKind } from './contract/secret-error.ts'
export type { ProviderContext, ProviderDescription, ProviderHost, SecretProvider } from './contract/secret-provider.ts'
