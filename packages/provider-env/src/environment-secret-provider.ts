import type { ProviderContext, SecretProvider } from '@st/secrets-core/provider'
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
 * Variables are read anew at each call; their values are not trimmed.
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
}
