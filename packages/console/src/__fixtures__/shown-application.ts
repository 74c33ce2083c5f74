import { type SecretProvider, SecretError, SecretsManager } from '@st/secrets-core'
import { TTLCache } from '@st/ttl-cache'

/** What is in every value here, so that an answer that leaks one is seen. */
export const canary = 'canary-7f3a'

/** A provider that holds these, and lists them. */
function holding(name: string, secrets: Readonly<Record<string, string>>): SecretProvider {
  return {
    name,
    isAvailable: () => true,
    getSecret: async key => secrets[key],
    listKeys: async function* () {
      yield* Object.keys(secrets)
    },
    describe: () => ({ filePath: `/etc/${name}` }),
    checkHealth: async () => ({ status: 'ready', latencyMs: 2, findings: [] }),
  }
}

/** A provider that is sealed: its answers are failures that say what to do. */
export function sealed(name: string): SecretProvider {
  return {
    name,
    isAvailable: () => true,
    getSecret: async () => {
      throw new SecretError('unavailable', 'The server is sealed.', { hint: 'Unseal it.', transient: true })
    },
    checkHealth: async () => ({
      status: 'failed',
      kind: 'unavailable',
      findings: [{ id: 'vault.sealed', severity: 'error', message: 'It is sealed.', fix: 'Unseal it.' }],
    }),
  }
}

/** An application whose secrets and caches are shown. */
export interface ShownApplication {
  readonly manager: SecretsManager
  readonly cache: TTLCache<string>
}

/** Two providers that share keys, a cache with entries. */
export function shownApplication(more: readonly SecretProvider[] = []): ShownApplication {
  const env = holding('env', { HF_TOKEN: `${canary}-env`, SAME: `${canary}-same` })
  const file = holding('file', { HF_TOKEN: `${canary}-file`, SAME: `${canary}-same`, 'a/b:c %': `${canary}-odd` })
  const retry = { retry: false, breaker: false } as const
  const manager = new SecretsManager({ providers: [env, file, ...more], policy: retry })
  const cache = new TTLCache<string>({ maxSize: 100 })
  for (const key of ['gpu:a', 'gpu:b', 'cpu']) cache.set(key, `${canary}-cached`)
  return { manager, cache }
}
