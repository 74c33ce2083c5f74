import type { VaultAuth } from './auth/auth-options.ts'
import type { VaultClientLike } from './node-vault.ts'

/** How the connection is secured. Each text is PEM, or the path of a file that holds it. */
export interface VaultTlsOptions {
  /** Authorities to trust in place of Node's. Default: `VAULT_CACERT`, then all files in the folder `VAULT_CAPATH`. */
  readonly ca?: string | undefined
  /** Certificate to show to the server, with those that vouch for it. Default: `VAULT_CLIENT_CERT`. */
  readonly cert?: string | undefined
  /** Its private key, not encrypted. Default: `VAULT_CLIENT_KEY`. */
  readonly key?: string | undefined
  /** Name that the server's certificate must have. Default: `VAULT_TLS_SERVER_NAME`, then the host of the address. */
  readonly serverName?: string | undefined
  /** Accept any certificate. Default: whether `VAULT_SKIP_VERIFY` is exactly `true` or `1`. */
  readonly insecureSkipVerify?: boolean | undefined
}

/** An `http.Agent` or `https.Agent`, such as those of proxy packages; named so, as types of Node may be absent. */
export interface HttpAgentLike {
  /** Connections that it opens at most to one server. */
  readonly maxSockets: number
  /** Ends its connections; left to its owner. */
  destroy(): void
}

/** Options of {@link HashiCorpVaultProvider}. Empty text counts as not given. */
export interface HashiCorpVaultProviderOptions {
  /** Address of the server, such as `https://vault.internal:8200`. Default: `VAULT_ADDR`. */
  readonly url?: string | undefined
  /**
   * Token; not together with `auth`. Default: `VAULT_TOKEN`, then the file that `VAULT_TOKEN_FILE` names, then
   * `~/.vault-token`. It is sent to the address and nowhere else.
   */
  readonly token?: string | undefined
  /** How to get a token. Default: as `token` says. */
  readonly auth?: VaultAuth | undefined
  /** Path of the secret inside the mount. Default: `SIMPLETUNER_VAULT_PATH`, then `'simpletuner'`. */
  readonly path?: string | undefined
  /** Mount of the KV engine; may have slashes. Default: `SIMPLETUNER_VAULT_MOUNT`, then `'secret'`. */
  readonly mountPoint?: string | undefined
  /** Namespace of Vault Enterprise, HCP or OpenBao. Default: `VAULT_NAMESPACE`, then none. */
  readonly namespace?: string | undefined
  /** Version of the KV engine; `'auto'` asks the server which it is, once. Default: `'auto'`. */
  readonly kvVersion?: 1 | 2 | 'auto' | undefined
  /** How the connection is secured. */
  readonly tls?: VaultTlsOptions | undefined
  /**
   * Origins that one redirect may lead to with the token, such as `https://vault-2.internal:8200`. Never from https to
   * http. Default: none but that of the address.
   */
  readonly redirectOrigins?: readonly string[] | undefined
  /**
   * Makes the connections, such as one that goes through a proxy; `tls` is then its own affair, and so is ending it.
   * Default: an agent of our own, which uses no proxy.
   */
  readonly agent?: HttpAgentLike | undefined
  /**
   * Used instead of a client of our own: one that node-vault made. Address, token, namespace, redirects and certificates
   * are then its own affair, and its answers are not limited in size. Default: a client is made on first use.
   */
  readonly client?: VaultClientLike | undefined
  /** Whether values may be stored and removed; without it the provider has no such methods. Default: false. */
  readonly writable?: boolean | undefined
  /** Name in traces and errors. Default: `'vault'`. */
  readonly name?: string | undefined
}
