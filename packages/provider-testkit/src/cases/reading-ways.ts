import type { ProviderContext, ProviderDocument, SecretProvider } from '@st/secrets-core/provider'

/** One of the ways to read that a provider may offer beside `getSecret`. */
export interface ReadingWay {
  /** The provider's member. */
  readonly name: string
  /** Reads one key through it. */
  readonly read: (key: string, context: ProviderContext) => Promise<string | undefined>
}

/** The optional reading members that this provider has, as functions of one shape. */
export function readingWays(provider: SecretProvider): readonly ReadingWay[] {
  const getSecretSync = provider.getSecretSync?.bind(provider)
  const readSecret = provider.readSecret?.bind(provider)
  const readDocument = provider.readDocument?.bind(provider)
  const readDocumentSync = provider.readDocumentSync?.bind(provider)
  // The asynchronous members are not called in async functions: one that throws must be told from one that rejects.
  const ways: readonly (ReadingWay | undefined)[] = [
    getSecretSync && { name: 'getSecretSync', read: async key => getSecretSync(key) },
    readSecret && {
      name: 'readSecret',
      read: (key, context) => readSecret({ key }, context).then(secret => secret?.value),
    },
    readDocument && {
      name: 'readDocument',
      read: (key, context) => readDocument({}, context).then(document => valueIn(document, key)),
    },
    readDocumentSync && { name: 'readDocumentSync', read: async key => valueIn(readDocumentSync({}), key) },
  ]
  return ways.filter(way => way !== undefined)
}

function valueIn(document: ProviderDocument | undefined, key: string): string | undefined {
  return document?.values.get(key)
}
