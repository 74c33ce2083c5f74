import { createHash, randomUUID } from 'node:crypto'
import type { AWSSecretsManagerProviderOptions } from '../aws-options.ts'
import { AWSSecretsManagerProvider } from '../aws-provider.ts'

type Secrets = Readonly<Record<string, string>>

/** Something that answers as Secrets Manager does. */
export interface Service {
  readonly url: string
  /** Stores a secret as the new current version. */
  readonly put: (name: string, text: string) => Promise<unknown>
}

/** A way in which keys lie in secrets. */
interface Layout {
  readonly optionsFor: (prefix: string) => AWSSecretsManagerProviderOptions
  readonly store: (service: Service, prefix: string, secrets: Secrets) => Promise<void>
}

/** Both ways in which keys lie in secrets. */
export const layouts: Readonly<Record<string, Layout>> = {
  'one JSON secret': {
    optionsFor: prefix => ({ secretName: prefix }),
    store: async ({ put }, prefix, secrets) => void (await put(prefix, JSON.stringify(secrets))),
  },
  'one secret a key': {
    optionsFor: prefix => ({ secretId: key => idOf(prefix, key) }),
    store: async ({ put }, prefix, secrets) => {
      for (const [key, value] of Object.entries(secrets)) {
        // AWS holds no empty text.
        if (value !== '') await put(idOf(prefix, key), value)
      }
    },
  },
}

/** A provider that may write, over secrets of its own that held each of these in turn. */
export async function providerHolding(
  service: Service,
  { optionsFor, store }: Layout,
  ...history: readonly Secrets[]
): Promise<AWSSecretsManagerProvider> {
  const prefix = `st/${randomUUID()}`
  for (const secrets of history) await store(service, prefix, secrets)
  const place = { regionName: 'us-west-2', endpoint: service.url, writable: true }
  return new AWSSecretsManagerProvider({ ...place, ...optionsFor(prefix) })
}

/** A name that AWS takes, whatever the key is. */
function idOf(prefix: string, key: string): string {
  return `${prefix}/${createHash('sha256').update(key).digest('hex')}`
}
