import { SecretError } from '@st/secrets-core/provider'
import type {
  Finding,
  ProviderContext,
  ProviderDescription,
  ProviderHealth,
  ProviderSecret,
  SecretLookup,
  SecretProvider,
} from '@st/secrets-core/provider'
import { checkedMaxBytes } from './checked-options.ts'
import { readFileContent, readFileContentSync } from './file-content.ts'
import type { FileContent } from './file-content.ts'
import { secretErrorOf } from './file-failure.ts'
import { fileValue } from './file-value.ts'
import { fileVariableName } from './file-variable-name.ts'
import { healthOf } from './health-of.ts'
import { expandedPath } from './secrets-file-path.ts'

/** Options of {@link EnvironmentFileSecretProvider}. */
export interface EnvironmentFileSecretProviderOptions {
  /** Put before the normalised key with an underscore; not normalised itself. Default: none. */
  readonly prefix?: string | undefined
  /** The variables. Default: `process.env`, read at each call. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Largest file that is read, in bytes. Default: 1048576 (1 MiB). */
  readonly maxBytes?: number | undefined
  /** Name shown in traces and errors. Default: `'env-file'`. */
  readonly name?: string | undefined
}

/** Seconds after which a file is looked at again. */
const lookAgainAfter = 1

/** A variable that is set, and the path that it holds. */
interface FileVariable {
  readonly variable: string
  readonly path: string
}

/**
 * Secrets in files that environment variables name, the convention of container images; read only.
 *
 * The variable of a key is the one of `EnvironmentSecretProvider` with `_FILE` behind it: `hf-token` is read from the
 * file that `HF_TOKEN_FILE` names. The value is the file's text without one line break at the end. Errors name the
 * variable and never what it holds: that may be the secret itself, set by mistake.
 */
export class EnvironmentFileSecretProvider implements SecretProvider {
  /** Shown in traces and errors. */
  readonly name: string
  readonly #prefix: string
  readonly #env: EnvironmentFileSecretProviderOptions['env']
  readonly #maxBytes: number

  /**
   * Opens nothing.
   *
   * @param options - Which variables are read, and how much of each file.
   * @throws RangeError when `maxBytes` is not a positive integer.
   */
  constructor(options: EnvironmentFileSecretProviderOptions = {}) {
    this.name = options.name ?? 'env-file'
    this.#prefix = options.prefix ?? ''
    this.#env = options.env
    this.#maxBytes = checkedMaxBytes(options.maxBytes)
  }

  /** Always `true`. */
  isAvailable(): true {
    return true
  }

  /**
   * Reads one secret.
   *
   * @returns The value, or `undefined` when the key's variable is not set or empty.
   * @throws SecretError of kind `not_configured` when the variable names a file that does not exist, `malformed` when it
   * is none that holds text or is too large, `forbidden` when it may not be read, `unavailable` when the disk fails.
   */
  async getSecret(key: string, _context?: Partial<ProviderContext>): Promise<string | undefined> {
    return (await this.readSecret({ key }))?.value
  }

  /** The same without waiting; blocks while it reads. */
  getSecretSync(key: string): string | undefined {
    const named = this.#variableOf(key)
    if (named === undefined) return undefined
    try {
      return this.#valueOf(readFileContentSync(named.path, { maxBytes: this.#maxBytes }), named, key)
    } catch (error) {
      throw this.#failure(error, named, key)
    }
  }

  /**
   * Reads one secret, with the path of its file; good for a second.
   *
   * @throws As `getSecret`.
   */
  async readSecret(lookup: SecretLookup, _context?: Partial<ProviderContext>): Promise<ProviderSecret | undefined> {
    const { key } = lookup
    const named = this.#variableOf(key)
    if (named === undefined) return undefined
    try {
      const content = await readFileContent(named.path, { maxBytes: this.#maxBytes })
      return { value: this.#valueOf(content, named, key), locator: named.path, ttl: lookAgainAfter }
    } catch (error) {
      throw this.#failure(error, named, key)
    }
  }

  /**
   * With a prefix, reads every file that a variable with this prefix names; what cannot be read is a finding `env_file.`
   * with the kind of the error. Without one it says nothing: other programs' variables end in `_FILE` too.
   */
  async checkHealth(_context?: Partial<ProviderContext>): Promise<ProviderHealth> {
    const findings: Finding[] = []
    for (const key of this.#prefixedKeys()) {
      try {
        await this.getSecret(key)
      } catch (error) {
        const { kind, message, hint } = secretErrorOf(error, { provider: this.name, verb: 'read', subject: key })
        findings.push({ id: `env_file.${kind}`, severity: 'warning', message, fix: hint })
      }
    }
    return healthOf({ findings })
  }

  /** How the variables are called. */
  describe(): ProviderDescription {
    return { variables: fileVariableName('<KEY>', this.#prefix) }
  }

  #variableOf(key: string): FileVariable | undefined {
    const env = this.#env ?? process.env
    const variable = fileVariableName(key, this.#prefix)
    // An injected record may have a prototype, whose members are no variables.
    const path = Object.hasOwn(env, variable) ? env[variable] : undefined
    return path ? { variable, path: expandedPath(path) } : undefined
  }

  #valueOf(content: FileContent | undefined, { variable }: FileVariable, key: string): string {
    if (content !== undefined) return fileValue(content)
    throw new SecretError('not_configured', `The file that ${variable} names does not exist.`, {
      provider: this.name,
      key,
      detail: 'ENOENT',
      hint: `Mount the file, or correct ${variable}.`,
    })
  }

  #failure(error: unknown, { variable }: FileVariable, key: string): SecretError {
    return secretErrorOf(error, { provider: this.name, verb: 'read', subject: `the file that ${variable} names`, key })
  }

  #prefixedKeys(): readonly string[] {
    if (this.#prefix === '') return []
    const start = this.#prefix.length + 1
    return Object.keys(this.#env ?? process.env)
      .map(name => ({ name, key: name.slice(start, -'_FILE'.length) }))
      .filter(({ name, key }) => key !== '' && fileVariableName(key, this.#prefix) === name)
      .map(({ key }) => key)
  }
}
