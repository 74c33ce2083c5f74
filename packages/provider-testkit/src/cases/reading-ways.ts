import type { ProviderContext, ProviderDocument, ProviderSecret, SecretProvider } from '@st/secrets-core/provider'

/** One of the ways to read that a provider offers. */
export interface ReadingWay {
  /** The provider's member. */
  readonly name: string
  /** Reads one key through it. */
  readonly read: (key: string, context: ProviderContext) => Promise<string | undefined>
}

/** All ways to read that this provider has, as functions of one shape, `getSecret` first. */
export function allReadingWays(provider: SecretProvider): readonly ReadingWay[] {
  return [{ name: 'getSecret', read: (key, context) => provider.getSecret(key, context) }, ...readingWays(provider)]
}

/** The same without `getSecret`. */
export function readingWays(provider: SecretProvider): readonly ReadingWay[] {
  return [...asynchronousWays(provider), ...synchronousWays(provider)].filter(way => way !== undefined)
}

/** These are not called in async functions: one that throws must be told from one that rejects. */
function asynchronousWays(provider: SecretProvider): readonly (ReadingWay | undefined)[] {
  const readSecret = provider.readSecret?.bind(provider)
  const readSecrets = provider.readSecrets?.bind(provider)
  const readDocument = provider.readDocument?.bind(provider)
  return [
    readSecret && {
      name: 'readSecret',
      read: (key, context) => readSecret({ key }, context).then(secret => secret?.value),
    },
    readSecrets && {
      name: 'readSecrets',
      read: (key, context) => readSecrets([key], context).then(answers => valueOf(answers.get(key))),
    },
    readDocument && {
      name: 'readDocument',
      read: (key, context) => readDocument({}, context).then(document => valueIn(document, key)),
    },
  ]
}

function synchronousWays(provider: SecretProvider): readonly (ReadingWay | undefined)[] {
  const getSecretSync = provider.getSecretSync?.bind(provider)
  const readDocumentSync = provider.readDocumentSync?.bind(provider)
  return [
    getSecretSync && { name: 'getSecretSync', read: async key => getSecretSync(key) },
    readDocumentSync && { name: 'readDocumentSync', read: async key => valueIn(readDocumentSync({}), key) },
  ]
}

/** A batch answers a key that failed with its error. */
function valueOf(answer: ProviderSecret | Error | undefined): string | undefined {
  if (answer instanceof Error) throw answer
  return answer?.value
}

function valueIn(document: ProviderDocument | undefined, key: string): string | undefined {
  return document?.values.get(key)
}
