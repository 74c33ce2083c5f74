import type { AWSSecretsManagerProviderOptions } from '../aws-options.ts'
import type { AWSSecretsManagerProvider } from '../aws-provider.ts'

/** One way to ask the provider for something. */
export interface Way {
  readonly options: AWSSecretsManagerProviderOptions
  /** Asks; a failure that is told for a single key is thrown. */
  readonly ask: (provider: AWSSecretsManagerProvider, signal: AbortSignal) => Promise<unknown>
}

const secretId = (key: string): string => `key/${key}`

/** All the requests that the provider makes. */
export const ways: Readonly<Record<string, Way>> = {
  'a document': {
    options: { secretName: 'app' },
    ask: async (provider, signal) => provider.readDocument?.({}, { signal }),
  },
  'a version of one secret': {
    options: { secretId },
    ask: async (provider, signal) => provider.readSecret({ key: 'HELD_KEY', stage: 'current' }, { signal }),
  },
  'a batch': {
    options: { secretId },
    ask: async (provider, signal) => {
      const secrets = await provider.readSecrets?.(['HELD_KEY', 'OTHER_KEY'], { signal })
      for (const secret of secrets?.values() ?? []) if (secret instanceof Error) throw secret
      return secrets
    },
  },
  'a write': {
    options: { secretId, writable: true },
    ask: async (provider, signal) => provider.setSecret?.('HELD_KEY', 'new', { signal }),
  },
}
