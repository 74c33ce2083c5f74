// A service in a Kubernetes pod: Vault holds its secrets, an environment variable can override one of them. VAULT_ADDR is set
// by the pod; it logs in to Vault with the token of its service account.
import { EnvironmentSecretProvider } from '@st/provider-env'
import { HashiCorpVaultProvider } from '@st/provider-vault'
import { SecretsManager } from '@st/secrets-core'

export const secrets = new SecretsManager({
  providers: [
    // `WEB_DATABASE_URL` for the key `database-url`.
    new EnvironmentSecretProvider({ prefix: 'WEB' }),
    {
      provider: new HashiCorpVaultProvider({
        // The role `web` of Vault's Kubernetes method. Without `jwtPath`, the token is where Kubernetes mounts it.
        auth: { method: 'kubernetes', role: 'web', jwtPath: process.env['SERVICE_ACCOUNT_TOKEN_FILE'] },
        mountPoint: 'kv',
        path: 'web',
      }),
      policy: {
        timeoutMs: 2000,
        // A value that is two minutes old is read again; while Vault is down it serves for another quarter of an hour.
        cache: { ttl: 120, staleIfError: 900 },
        // After that `get` rejects too, and no default takes the place of a secret that nobody could look up.
        onError: 'fail',
      },
    },
  ],
})

/** For the readiness probe. */
export async function isReady(): Promise<boolean> {
  const health = await secrets.checkHealth()
  for (const { provider, findings } of health) {
    for (const { id, message, fix } of findings) console.error(provider, id, message, fix ?? '')
  }
  return health.every(({ status }) => status === 'ready' || status === 'degraded')
}
