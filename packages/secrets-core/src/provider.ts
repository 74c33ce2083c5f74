export { jsonDocumentOf, parseJson, parseJsonDocument } from './contract/json-document.ts'
export type { JsonDocument, JsonOrigin } from './contract/json-document.ts'
export type {
  DocumentLookup,
  ProviderDocument,
  ProviderProvenance,
  ProviderSecret,
  SecretLookup,
} from './contract/provider-answer.ts'
export { SecretError } from './contract/secret-error.ts'
export type { SecretErrorDetails, SecretErrorKind } from './contract/secret-error.ts'
export type { ProviderContext, ProviderDescription, SecretProvider } from './contract/secret-provider.ts'
