import type { SecretProvider } from '../contract/secret-provider.ts'
import type { StandardChainConfig } from './standard-chain.ts'

/** Options of {@link SecretsManager}. `providers` and `config` exclude each other. */
export interface SecretsManagerOptions {
  /** Asked in this order; `[]` = none. The manager owns them: `close` closes them. */
  readonly providers?: readonly SecretProvider[] | undefined
  /**
   * Settings of the standard chain environment > file > AWS Secrets Manager > HashiCorp Vault, made from the installed
   * `@st/provider-*` packages. Default: `{}`, that is by environment variables alone.
   */
  readonly config?: StandardChainConfig | undefined
  /** Milliseconds for one call of one provider. Default 3000. */
  readonly providerTimeoutMs?: number | undefined
  /** Milliseconds for one key through the whole chain. Default 8000. */
  readonly timeoutMs?: number | undefined
  /** Keys remembered at most. Default 1000. */
  readonly maxEntries?: number | undefined
  /** Monotonic milliseconds, for tests. Default `performance.now`. */
  readonly now?: (() => number) | undefined
}

/** Options of every read. */
export interface ReadOptions {
  /** Asks the sources, past every kept answer. Concurrent fresh reads of one key share one request. Default `false`. */
  readonly fresh?: boolean | undefined
  /** Ends this caller's wait with the signal's reason; others that wait for the same key are not disturbed. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `setSecret` and `deleteSecret`. */
export interface WriteOptions {
  /** Name of the provider to write to. Default: the first that can. */
  readonly provider?: string | undefined
}

/** Options of `list`. */
export interface ListOptions extends ReadOptions {
  /** Only keys that begin so. Default: all. */
  readonly prefix?: string | undefined
  /** Keys to report on whether or not a provider lists them; the environment, for one, cannot list. Default: none. */
  readonly include?: readonly string[] | undefined
}

/** `options` with its defaults; a {@link RangeError} names a bad one. */
export function managerSettings(options: SecretsManagerOptions): ManagerSettings {
  return {
    providerTimeoutMs: positive(options.providerTimeoutMs ?? 3000, 'providerTimeoutMs'),
    timeoutMs: positive(options.timeoutMs ?? 8000, 'timeoutMs'),
    maxEntries: positive(options.maxEntries ?? 1000, 'maxEntries'),
    now: options.now ?? (() => performance.now()),
  }
}

/** What {@link managerSettings} gives. */
export interface ManagerSettings {
  readonly providerTimeoutMs: number
  readonly timeoutMs: number
  readonly maxEntries: number
  readonly now: () => number
}

function positive(value: number, name: string): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new RangeError(`"${name}" must be a number above 0, not ${value}.`)
}
