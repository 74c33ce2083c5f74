import type { ProviderEntry } from '../chain/provider-link.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import type { ProviderPolicy } from '../policy/provider-policy.ts'

/** Providers that can be named in a configuration; the packages that have them must be installed. */
export type ProviderName =
  /** Environment variables: `@st/provider-env`. */
  | 'env'
  /** One JSON or YAML file: `@st/provider-file`. */
  | 'file'
  /** A directory with a file for each key: `@st/provider-file`. */
  | 'directory'
  /** Files that environment variables name: `@st/provider-file`. */
  | 'env-file'
  /** AWS Secrets Manager: `@st/provider-aws`. */
  | 'aws'
  /** HashiCorp Vault or OpenBao: `@st/provider-vault`. */
  | 'vault'

/** A provider that is named rather than made, so that it can stand in JSON too. */
export interface ConfiguredProvider {
  /**
   * One of {@link ProviderName}, or a class of any installed package: `@acme/secrets#AcmeProvider`. It is called with
   * `options`.
   */
  readonly use: ProviderName | `${string}#${string}`
  /** Options of the provider's class, as its package describes them. Default: `{}`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
  /** How it is asked, over the common `policy`, member by member. */
  readonly policy?: ProviderPolicy | undefined
  /** Keys that it is asked for; `*` stands for any characters. Default: all. */
  readonly keys?: readonly string[] | undefined
}

/** What a configuration file says: the default export of a module, or one JSON object. */
export interface SecretsConfig {
  /**
   * In the order in which they are asked. Modules may also give providers, or entries of them, that they made. Default:
   * `env`, `file`, `aws` and `vault`, as far as they are installed.
   */
  readonly providers?: readonly (ConfiguredProvider | SecretProvider | ProviderEntry)[] | undefined
  /** For every provider that has none of its own, member by member. */
  readonly policy?: ProviderPolicy | undefined
  /** Milliseconds for one read through the whole chain. Default 8000. */
  readonly timeoutMs?: number | undefined
  /** Keys remembered at most. Default 1000. */
  readonly maxEntries?: number | undefined
  /** For editors: where the schema of a JSON file is. Ignored. */
  readonly $schema?: string | undefined
}
