export { jsonDocumentOf, parseJson, parseJsonDocument } from './contract/json-document.ts'
export type { JsonDocument, JsonOrigin } from './contract/json-document.ts'
export { parseLosslessJson } from './contract/lossless-json.ts'
export { once } from './contract/once.ts'
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
export { retryAfterMs } from './contract/retry-after.ts'
export { SecretError } from './contract/secret-error.ts'
export type { SecretErrorDetails, SecretErrorKind } from './contract/secret-error.ts'
export type { ProviderContext, ProviderDescription, ProviderHost, SecretProvider } from './contract/secret-provider.ts'
export { untilAborted } from './contract/until-aborted.ts'
