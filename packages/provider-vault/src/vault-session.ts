import type { ProviderHost } from '@st/secrets-core/provider'
import { createTokenSource } from './auth/token-source.ts'
import { KvReader } from './kv-reader.ts'
import { adoptClient, connectVault } from './vault-client.ts'
import { VaultConnection } from './vault-connection.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import type { VaultSettings } from './vault-settings.ts'

/** What belongs to one set of settings: the connections, the token, and what is known of the mount. */
export class VaultSession {
  readonly settings: VaultSettings
  readonly connection: VaultConnection
  readonly reader: KvReader
  #users = 0
  #isRetired = false

  /** Asks nobody. */
  constructor(settings: VaultSettings, options: HashiCorpVaultProviderOptions, provider: string) {
    this.settings = settings
    this.connection = connectionOf(settings, options, provider)
    this.reader = new KvReader(this.connection, settings.place)
  }

  /** Has tokens redacted and events published. */
  attach(host: ProviderHost): void {
    this.connection.tokens?.attach(host)
  }

  /** Works with it; a session that is retired lives until the last of them is done. */
  async use<T>(work: (session: this) => Promise<T>): Promise<T> {
    this.#users += 1
    try {
      return await work(this)
    } finally {
      this.#users -= 1
      if (this.#isRetired && this.#users === 0) await this.connection.close()
    }
  }

  /** Ends it as soon as nobody uses it any more. */
  async retire(): Promise<void> {
    this.#isRetired = true
    if (this.#users === 0) await this.connection.close()
  }
}

function connectionOf(
  { server }: VaultSettings,
  { client: ownClient, agent, redirectOrigins = [] }: HashiCorpVaultProviderOptions,
  provider: string,
): VaultConnection {
  if (ownClient) return new VaultConnection(provider, adoptClient(ownClient, provider))
  // Settings have a server where the options have no client.
  const { auth } = server as NonNullable<typeof server>
  const client = connectVault(server as NonNullable<typeof server>, { provider, agent, redirectOrigins })
  return new VaultConnection(
    provider,
    client,
    createTokenSource({ auth, provider }, request => client.call(request)),
  )
}
