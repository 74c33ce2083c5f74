import {
  type DocumentLookup,
  once,
  type ProviderContext,
  type ProviderDescription,
  type ProviderDocument,
  type ProviderHealth,
  type ProviderHost,
  type ProviderSecret,
  type SecretLookup,
  type SecretProvider,
} from '@st/secrets-core/provider'
import { AwsCalls } from './aws-calls.ts'
import { requestTimeoutMs } from './aws-client.ts'
import { AwsConnection } from './aws-connection.ts'
import type { AWSSecretsManagerProviderOptions } from './aws-options.ts'
import { isSdkInstalled } from './aws-sdk.ts'
import { JsonSecrets, noSecretNamed } from './json-secrets.ts'
import type { SecretLayout } from './secret-layout.ts'
import { SecretReader } from './secret-reader.ts'

/**
 * Secrets from AWS Secrets Manager: one or several secrets that each hold a JSON object with many keys, or one secret a
 * key.
 *
 * Nothing is kept, tried again or limited in time here; the manager does that. The AWS SDK is loaded on first use. The
 * environment is looked at when something is read, not when the provider is made.
 */
export class AWSSecretsManagerProvider implements SecretProvider {
  /** Name in traces and errors. */
  readonly name: string
  /** Versions are asked for by id or by stage: AWS's `AWSCURRENT`, `AWSPREVIOUS` and `AWSPENDING`. */
  readonly hasVersions = true
  /**
   * Reads all keys at once. Absent with `secretId`.
   *
   * Answers the document in `lookup.known` when no version has changed, and `undefined` when AWS has none of the secrets.
   * Rejects with a SecretError when AWS could not be asked or a secret is no JSON object.
   */
  declare readonly readDocument?: (
    lookup?: DocumentLookup,
    context?: Partial<ProviderContext>,
  ) => Promise<ProviderDocument | undefined>
  /**
   * Reads several keys, 20 of them with one `BatchGetSecretValue`, or each by itself where that is denied. Only with
   * `secretId`. A key that could not be read maps to its error.
   */
  declare readonly readSecrets?: (
    keys: readonly string[],
    context?: Partial<ProviderContext>,
  ) => Promise<ReadonlyMap<string, ProviderSecret | Error>>
  /**
   * Stores a value; only with `writable`. Rejects with a SecretError, of kind `conflict` when the JSON secret was changed
   * by somebody else while its other keys were read.
   */
  declare readonly setSecret?: (key: string, value: string, context?: Partial<ProviderContext>) => Promise<void>
  /** Removes a key, or with `secretId` schedules its secret for deletion; only with `writable`. Rejects as `setSecret`. */
  declare readonly deleteSecret?: (key: string, context?: Partial<ProviderContext>) => Promise<boolean>
  readonly #options: AWSSecretsManagerProviderOptions
  readonly #connection: AwsConnection
  readonly #reader: SecretReader
  readonly #calls: AwsCalls
  readonly #layout: () => Promise<SecretLayout>
  #writes: Promise<unknown> = Promise.resolve()

  /**
   * @param options - Where the secrets are, and how keys lie in them.
   * @throws TypeError for both `secretName` and `secretId`, or a `secretId` that is no function.
   */
  constructor(options: AWSSecretsManagerProviderOptions = {}) {
    this.name = options.name || 'aws'
    this.#options = { ...options }
    const { secretId, profile, writable } = this.#options
    checkSecretId(this.#options)
    this.#connection = new AwsConnection(this.name, this.#options, () => secretNamesOf(this.#options))
    const badName = secretId ? 'invalid' : 'not_configured'
    const calls = new AwsCalls(this.#connection, { provider: this.name, profile, badName })
    const reader = new SecretReader(calls)
    this.#reader = reader
    this.#calls = calls
    // The presence of a method says what a provider can do.
    if (secretId) {
      const layout = once(async () => {
        // Not loaded by those whose secrets hold many keys.
        const { SecretPerKey } = await import('./secret-per-key.ts')
        return new SecretPerKey(secretId, reader, calls)
      })
      this.readSecrets = async (keys, context) => (await layout()).readSecrets(keys, signalOf(context))
      this.#layout = layout
    } else {
      const layout = new JsonSecrets(() => secretNamesOf(this.#options), reader, calls)
      this.readDocument = async (lookup = {}, context) => layout.readDocument(lookup, signalOf(context))
      this.#layout = async () => layout
    }
    if (!writable) return
    this.setSecret = async (key, value, context) => {
      if (typeof value !== 'string') throw new TypeError('A secret must be a string.')
      await this.#inTurn(async () => (await this.#layout()).store(key, value, signalOf(context)))
    }
    this.deleteSecret = async (key, context) =>
      this.#inTurn(async () => (await this.#layout()).remove(key, signalOf(context)))
  }

  /** Whether a secret is named and the AWS SDK, or a client, is there. Nothing is asked. */
  isAvailable(): boolean {
    const { secretId, client } = this.#options
    const isNamed = secretId !== undefined || secretNamesOf(this.#options).length > 0
    return isNamed && (client !== undefined || isSdkInstalled())
  }

  /**
   * Reads one key. In a JSON secret each call reads the whole of it; the manager, which keeps documents, asks
   * `readDocument`.
   *
   * @returns The value, or `undefined` when AWS has no such secret or the secret no such key.
   * @throws SecretError when AWS could not be asked, or what is there is no string.
   */
  async getSecret(key: string, context?: Partial<ProviderContext>): Promise<string | undefined> {
    return (await this.readSecret({ key }, context))?.value
  }

  /**
   * The same with the version id and the ARN, of the version that is asked for.
   *
   * @throws SecretError as `getSecret`.
   */
  async readSecret(lookup: SecretLookup, context?: Partial<ProviderContext>): Promise<ProviderSecret | undefined> {
    const layout = await this.#layout()
    return layout.readSecret(lookup, signalOf(context))
  }

  /** Has the manager redact the AWS credentials, and tells it when they were refused or batches were denied. */
  attach(host: ProviderHost): void {
    this.#connection.host = host
  }

  /** Reads the named secrets, asks who is asking, and says what should be done. Needs no further permission. */
  async checkHealth(context?: Partial<ProviderContext>): Promise<ProviderHealth> {
    const names = secretNamesOf(this.#options)
    const { roleArn, secretId } = this.#options
    const unnamed = secretId || names.length > 0 ? undefined : noSecretNamed(this.name)
    const [connection, calls, reader] = [this.#connection, this.#calls, this.#reader]
    const subject = { provider: this.name, connection, calls, reader, names, unnamed, roleArn }
    // Not loaded by those who only read.
    const { checkAwsHealth } = await import('./aws-health.ts')
    return checkAwsHealth(subject, signalOf(context))
  }

  /** Names of secrets, region, endpoint, profile and role, as far as they are known without asking the SDK. */
  describe(): ProviderDescription {
    const { region, endpoint } = this.#connection.place()
    const { profile, roleArn } = this.#options
    const secretName = secretNamesOf(this.#options).join(', ') || undefined
    return { secretName, region: region?.name, endpoint, profile, roleArn }
  }

  /** Ends the connections of a client of our own. Reads are refused afterwards. */
  async close(): Promise<void> {
    this.#connection.close()
  }

  /** One write after the other, so that none of this process is somebody else's change to another. */
  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const written = this.#writes.then(write)
    this.#writes = written.catch(() => {})
    return written
  }
}

function checkSecretId({ secretName, secretId }: AWSSecretsManagerProviderOptions): void {
  if (secretId === undefined) return
  if (typeof secretId !== 'function') throw new TypeError('secretId must be a function from a key to a name or ARN.')
  if (secretName !== undefined) throw new TypeError('Pass secretName or secretId, not both.')
}

function secretNamesOf({ secretName, secretId }: AWSSecretsManagerProviderOptions): readonly string[] {
  if (secretId !== undefined) return []
  const given = [secretName ?? []].flat().filter(name => name !== '')
  const { SIMPLETUNER_AWS_SECRET_NAME: variable } = process.env
  return given.length > 0 || !variable ? [...new Set(given)] : [variable]
}

function signalOf({ signal }: Partial<ProviderContext> = {}): AbortSignal {
  return signal ?? AbortSignal.timeout(requestTimeoutMs)
}
