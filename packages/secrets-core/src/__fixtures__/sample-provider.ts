import type {
  DocumentLookup,
  ProviderDocument,
  ProviderProvenance,
  ProviderSecret,
} from '../contract/provider-answer.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'

/** A provider over a plain object that tests change at will, with what it was asked. */
export interface SampleProvider extends SecretProvider {
  /** What the source holds now; a key whose value is `undefined` is not there. */
  readonly secrets: Record<string, unknown>
  /** What it was asked, in order: keys, `'*'` for its document, `'A,B'` for several keys at once. */
  readonly reads: string[]
  /** Documents that it was told the manager knows. */
  readonly known: (ProviderDocument | undefined)[]
  /** Thrown by every call while it is set. */
  failure: unknown
  /** Whether it is configured. */
  available: boolean
  /** What its document or its secrets say about themselves. */
  provenance: ProviderProvenance
}

/** Answers key by key. */
export function keyedProvider(name: string, secrets: Record<string, unknown> = {}): SampleProvider {
  const provider: SampleProvider = {
    name,
    secrets,
    reads: [],
    known: [],
    failure: undefined,
    available: true,
    provenance: {},
    isAvailable: () => provider.available,
    getSecret: async key => {
      note(provider, key)
      // Samples may break the contract on purpose.
      return (Object.hasOwn(secrets, key) ? secrets[key] : undefined) as string | undefined
    },
  }
  return provider
}

/** Answers key by key, with provenance. */
export function provenProvider(name: string, secrets: Record<string, string> = {}): SampleProvider {
  const provider = keyedProvider(name, secrets)
  provider.readSecret = async ({ key }) => {
    note(provider, key)
    const value = secrets[key]
    return value === undefined ? undefined : { value, ...provider.provenance }
  }
  return provider
}

/** Answers with one document. */
export function documentProvider(name: string, secrets: Record<string, string>): SampleProvider {
  const provider = keyedProvider(name, secrets)
  provider.provenance = { version: '1', locator: `sample:${name}` }
  provider.readDocument = async lookup => documentOf(provider, lookup)
  return provider
}

/** Answers with one document, without waiting too. */
export function syncDocumentProvider(name: string, secrets: Record<string, string>): SampleProvider {
  const provider = documentProvider(name, secrets)
  provider.readDocumentSync = lookup => documentOf(provider, lookup)
  return provider
}

/** Answers several keys with one call. */
export function batchProvider(name: string, secrets: Record<string, string | Error>): SampleProvider {
  const provider = keyedProvider(name, secrets)
  provider.readSecrets = async keys => {
    note(provider, keys.join())
    const found = keys.filter(key => secrets[key] !== undefined)
    return new Map(found.map(key => [key, batchAnswer(secrets[key])] as const))
  }
  return provider
}

function batchAnswer(secret: string | Error | undefined): ProviderSecret | Error {
  // Samples may break the contract on purpose.
  return secret instanceof Error ? secret : { value: secret as string }
}

/** Answers without waiting, and can be written. */
export function writableProvider(name: string, secrets: Record<string, string> = {}): SampleProvider {
  const provider = keyedProvider(name, secrets)
  provider.getSecretSync = key => {
    note(provider, key)
    return secrets[key]
  }
  provider.setSecret = async (key, value) => {
    if (provider.failure !== undefined) throw provider.failure
    secrets[key] = value
  }
  provider.deleteSecret = async key => {
    if (provider.failure !== undefined) throw provider.failure
    delete secrets[key]
    return true
  }
  return provider
}

function documentOf(provider: SampleProvider, { known }: DocumentLookup): ProviderDocument {
  note(provider, '*')
  provider.known.push(known)
  // Samples may break the contract on purpose.
  const values = new Map(Object.entries(provider.secrets as Record<string, string>))
  return { values, ...provider.provenance }
}

function note(provider: SampleProvider, read: string): void {
  provider.reads.push(read)
  if (provider.failure !== undefined) throw provider.failure
}
