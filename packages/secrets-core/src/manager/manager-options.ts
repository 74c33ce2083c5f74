import type { ProviderEntry } from '../chain/provider-link.ts'
import type { SecretStage } from '../contract/provider-answer.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import type { ProviderPolicy } from '../policy/provider-policy.ts'
import type { StandardChainConfig } from './standard-chain.ts'

/** Gets every value that is handed out, and the providers' own credentials; a `Redactor` is one. */
export interface SensitiveSink {
  /** Has the value redacted wherever it would be printed; `label` is its key, or the name of the provider. */
  protect(value: string, label: string): void
}

/** Options of {@link SecretsManager}. `providers` and `config` exclude each other. */
export interface SecretsManagerOptions {
  /** Asked in this order; `[]` = none. The manager owns them: `close` closes them. */
  readonly providers?: readonly (SecretProvider | ProviderEntry)[] | undefined
  /**
   * Settings of the standard chain environment > file > AWS Secrets Manager > HashiCorp Vault, made from the installed
   * `@st/provider-*` packages. Default: `{}`, that is by environment variables alone.
   */
  readonly config?: StandardChainConfig | undefined
  /** For every provider that has none of its own, member by member. */
  readonly policy?: ProviderPolicy | undefined
  /** Milliseconds for one read through the whole chain. Default 8000. */
  readonly timeoutMs?: number | undefined
  /** Keys remembered at most. Default 1000. */
  readonly maxEntries?: number | undefined
  /** Told every value that is handed out. Default: none. */
  readonly redactor?: SensitiveSink | undefined
  /** Monotonic milliseconds, for tests. Default `performance.now`. */
  readonly now?: (() => number) | undefined
}

/** Options of every read. */
export interface ReadOptions {
  /** Asks the sources, past every kept answer. Concurrent fresh reads of one key share one request. Default `false`. */
  readonly fresh?: boolean | undefined
  /** Milliseconds after which the key counts as unresolved for this caller. Default: what the manager's options allow. */
  readonly timeoutMs?: number | undefined
  /** Ends this caller's wait with the signal's reason; others that wait for the same key are not disturbed. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `resolve`. */
export interface ResolveOptions extends ReadOptions {
  /** Version id of the source. Asked only of the provider that holds the current value. */
  readonly version?: string | undefined
  /** The version's place in a rotation. Asked only of the provider that holds the current value. */
  readonly stage?: SecretStage | undefined
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

/** Options of `subscribe`. */
export interface SubscribeOptions {
  /** Ends the subscription, as disposing of it does. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `acceptedValues`. */
export interface OverlapOptions {
  /** Seconds for which the value before the last change is still accepted. Default 600. */
  readonly overlap?: number | undefined
  /** Ends this caller's wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `checkHealth`. */
export interface HealthOptions {
  /** Ends this caller's wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** `options` with its defaults; a {@link RangeError} names a bad one. */
export function managerSettings(options: SecretsManagerOptions): ManagerSettings {
  return {
    timeoutMs: positive(options.timeoutMs ?? 8000, 'timeoutMs'),
    maxEntries: positive(options.maxEntries ?? 1000, 'maxEntries'),
    now: options.now ?? (() => performance.now()),
    clock: options.now,
  }
}

/** What {@link managerSettings} gives. */
export interface ManagerSettings {
  readonly timeoutMs: number
  readonly maxEntries: number
  readonly now: () => number
  /** The same, where the caller gave it; caches read that of the process less often. */
  readonly clock: (() => number) | undefined
}

/** The number, or a {@link RangeError} with its name. */
function positive(value: number, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new RangeError(`"${name}" must be a number above 0.`)
}
