import type { ProviderDocument } from '../contract/provider-answer.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'

/** A provider over a plain object that tests change at will, with what it was asked. */
export interface SampleProvider extends SecretProvider {
  /** What the source holds now. */
  readonly secrets: Record<string, unknown>
  /** Keys it was asked for, in order. */
  readonly reads: string[]
  /** Thrown by every read while it is set. */
  failure: unknown
  /** Whether it is configured. */
  available: boolean
}

/** Answers key by key. */
export function keyedProvider(name: string, secrets: Record<string, unknown> = {}): SampleProvider {
  const provider: SampleProvider = {
    name,
    secrets,
    reads: [],
    failure: undefined,
    available: true,
    isAvailable: () => provider.available,
    getSecret: async key => {
      provider.reads.push(key)
      if (provider.failure !== undefined) throw provider.failure
      // Samples may break the contract on purpose.
      return secrets[key] as string | undefined
    },
  }
  return provider
}

/** Answers with one document; counts its reads as `'*'`. */
export function documentProvider(name: string, secrets: Record<string, string>): SampleProvider {
  const provider = keyedProvider(name, secrets)
  provider.readDocument = async (): Promise<ProviderDocument> => {
    provider.reads.push('*')
    if (provider.failure !== undefined) throw provider.failure
    return { values: new Map(Object.entries(secrets)), version: '1', locator: `sample:${name}` }
  }
  return provider
}

/** Answers without waiting, and can be written. */
export function writableProvider(name: string, secrets: Record<string, string> = {}): SampleProvider {
  const provider = keyedProvider(name, secrets)
  provider.getSecretSync = key => secrets[key]
  provider.setSecret = async (key, value) => {
    if (provider.failure !== undefined) throw provider.failure
    secrets[key] = value
  }
  provider.deleteSecret = async key => {
    delete secrets[key]
    return true
  }
  return provider
}
