import type { ProviderContext, SecretProvider } from '@st/secrets-core/provider'

/** Options of {@link InMemorySecretProvider}. */
export interface InMemorySecretProviderOptions {
  /** Name shown in traces and errors. Default: `'memory'`. */
  readonly name?: string | undefined
}

/** Secrets in memory, for tests and demos. Remembers what it was asked. */
export class InMemorySecretProvider implements SecretProvider {
  /** Shown in traces and errors. */
  readonly name: string
  readonly #secrets: Map<string, string>
  readonly #reads: string[] = []

  /**
   * @param secrets - What it holds; copied.
   * @param options - Its name.
   */
  constructor(secrets: Readonly<Record<string, string>> = {}, options: InMemorySecretProviderOptions = {}) {
    this.name = options.name ?? 'memory'
    this.#secrets = new Map(Object.entries(secrets))
  }

  /** Keys asked for, in order, found or not. */
  get reads(): readonly string[] {
    return this.#reads
  }

  /** Always `true`. */
  isAvailable(): boolean {
    return true
  }

  /** The value, or `undefined` when there is no such key. Keys are compared exactly. */
  async getSecret(key: string, _context?: Partial<ProviderContext>): Promise<string | undefined> {
    return this.getSecretSync(key)
  }

  /** The same without waiting. */
  getSecretSync(key: string): string | undefined {
    this.#reads.push(key)
    return this.#secrets.get(key)
  }

  /**
   * Stores a value.
   *
   * @throws TypeError when the key is not a string with at least one character or the value is no string.
   */
  async setSecret(key: string, value: string, _context?: Partial<ProviderContext>): Promise<void> {
    if (typeof key !== 'string' || key === '') throw new TypeError('key must be a string with at least one character')
    if (typeof value !== 'string') throw new TypeError('value must be a string')
    this.#secrets.set(key, value)
  }

  /** Removes a key. Always `true`: the key is absent afterwards. */
  async deleteSecret(key: string, _context?: Partial<ProviderContext>): Promise<boolean> {
    this.#secrets.delete(key)
    return true
  }
}
