import type {
  ProviderContext,
  ProviderDescription,
  ProviderHealth,
  ProviderSecret,
  SecretLookup,
  SecretProvider,
} from '@st/secrets-core/provider'
import { prefixFinding } from './prefix-finding.ts'
import { variableName } from './variable-name.ts'

/** Options of {@link EnvironmentSecretProvider}. */
export interface EnvironmentSecretProviderOptions {
  /** Put before the normalised key with an underscore; not normalised itself. Default: none. */
  readonly prefix?: string | undefined
  /** The variables. Default: `process.env`, read at each call. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Whether an empty variable counts as not set. Default: `true`. */
  readonly emptyAsMissing?: boolean | undefined
  /** Name shown in traces and errors. Default: `'env'`. */
  readonly name?: string | undefined
}

/**
 * Secrets from environment variables.
 *
 * The key is upper-cased and its dashes and dots become underscores, so that `hf-token` is read from `HF_TOKEN`.
 * Variables are read anew at each call; their values are not trimmed. Nothing here reads or writes anything else.
 */
export class EnvironmentSecretProvider implements SecretProvider {
  /** Shown in traces and errors. */
  readonly name: string
  readonly #prefix: string
  readonly #env: EnvironmentSecretProviderOptions['env']
  readonly #emptyAsMissing: boolean

  /** @param options - Which variables are read, and how. */
  constructor(options: EnvironmentSecretProviderOptions = {}) {
    this.name = options.name ?? 'env'
    this.#prefix = options.prefix ?? ''
    this.#env = options.env
    this.#emptyAsMissing = options.emptyAsMissing ?? true
  }

  /** Always `true`. */
  isAvailable(): true {
    return true
  }

  /** The value of the key's variable, or `undefined` when it is not set. */
  async getSecret(key: string, _context?: Partial<ProviderContext>): Promise<string | undefined> {
    return this.getSecretSync(key)
  }

  /** The same without waiting. */
  getSecretSync(key: string): string | undefined {
    const env = this.#env ?? process.env
    const variable = variableName(key, this.#prefix)
    // An injected record may have a prototype, whose members are no variables.
    const value = Object.hasOwn(env, variable) ? env[variable] : undefined
    return value === '' && this.#emptyAsMissing ? undefined : value
  }

  /** The value with the name of its variable, or `undefined` when it is not set. */
  async readSecret(lookup: SecretLookup, _context?: Partial<ProviderContext>): Promise<ProviderSecret | undefined> {
    const { key } = lookup
    const value = this.getSecretSync(key)
    return value === undefined ? undefined : { value, locator: variableName(key, this.#prefix) }
  }

  /** Ready, with the finding `env.prefix` when shells cannot set variables with this prefix. Reads no variable. */
  async checkHealth(_context?: Partial<ProviderContext>): Promise<ProviderHealth> {
    const finding = prefixFinding(this.#prefix)
    return finding ? { status: 'degraded', findings: [finding] } : { status: 'ready', findings: [] }
  }

  /** How the variables are called. */
  describe(): ProviderDescription {
    return { variables: variableName('<KEY>', this.#prefix) }
  }
}
