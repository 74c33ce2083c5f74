import { randomUUID } from 'node:crypto'
import { type ProviderSecret, SecretError, type SecretLookup } from '@st/secrets-core/provider'
import type { AwsCalls } from './aws-calls.ts'
import type { SecretLayout } from './secret-layout.ts'
import type { Reading, SecretReader } from './secret-reader.ts'
import { secretTextOf } from './secret-value-answer.ts'

/** One secret a key, whose whole text is the value. */
export class SecretPerKey implements SecretLayout {
  readonly #idOf: (key: string) => string | undefined
  readonly #reader: SecretReader
  readonly #calls: AwsCalls

  constructor(idOf: (key: string) => string | undefined, reader: SecretReader, calls: AwsCalls) {
    this.#idOf = idOf
    this.#reader = reader
    this.#calls = calls
  }

  async readSecret({ key, ...lookup }: SecretLookup, signal: AbortSignal): Promise<ProviderSecret | undefined> {
    const id = this.#idOf(key)
    return id ? this.#secretOf(key, await this.#reader.read(id, lookup, signal)) : undefined
  }

  /** As `SecretProvider`'s. */
  async readSecrets(
    keys: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ProviderSecret | Error>> {
    const ids = keys.map(key => this.#idOf(key) ?? '')
    const readings = await this.#reader.readAll([...new Set(ids.filter(Boolean))], signal)
    const secrets = new Map<string, ProviderSecret | Error>()
    for (const [index, key] of keys.entries()) {
      try {
        const secret = this.#secretOf(key, readings.get(ids[index] ?? '') ?? 'missing')
        if (secret) secrets.set(key, secret)
      } catch (error) {
        if (!SecretError.isInstance(error)) throw error
        secrets.set(key, error)
      }
    }
    return secrets
  }

  async store(key: string, value: string, signal: AbortSignal): Promise<void> {
    const id = this.#idOf(key)
    if (!id) {
      const details = { provider: this.#calls.provider, key, hint: 'Have secretId name one for this key.' }
      throw new SecretError('unsupported', `No AWS secret is for "${key}".`, details)
    }
    const content = { SecretString: value, ClientRequestToken: randomUUID() }
    const answer = await this.#calls.send('PutSecretValue', { SecretId: id, ...content }, signal)
    if (answer === 'deleted') throw this.#calls.absent(answer, 'PutSecretValue', id)
    if (answer === 'missing') await this.#calls.require('CreateSecret', { Name: id, ...content }, signal)
  }

  async remove(key: string, signal: AbortSignal): Promise<boolean> {
    const id = this.#idOf(key)
    if (id) await this.#calls.send('DeleteSecret', { SecretId: id }, signal)
    return Boolean(id)
  }

  #secretOf(key: string, reading: Reading): ProviderSecret | undefined {
    if (typeof reading === 'string') return undefined
    if (SecretError.isInstance(reading)) throw reading
    const { ARN: locator, VersionId: version } = reading
    const origin = { subject: `The secret for "${key}"`, provider: this.#calls.provider }
    return { value: secretTextOf(reading, origin, 'invalid'), version, locator }
  }
}
