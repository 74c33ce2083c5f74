import {
  type DocumentLookup,
  parseJsonDocument,
  type ProviderContext,
  type ProviderDescription,
  type ProviderDocument,
  SecretError,
  type SecretProvider,
} from '@st/secrets-core/provider'
import { connect, type OwnClient, requestTimeoutMs, type SecretsManagerClientLike } from './aws-client.ts'
import { awsFailure, saysMissing, timeoutFailure } from './aws-failure.ts'
import { resolveRegion } from './aws-region.ts'
import { isSdkInstalled, loadSdk } from './aws-sdk.ts'
import { once } from './once.ts'
import { type SecretValueAnswer, secretTextOf } from './secret-value-answer.ts'

/** Options of {@link AWSSecretsManagerProvider}. Empty text counts as not given. */
export interface AWSSecretsManagerProviderOptions {
  /** Name or ARN of the secret that holds all keys as one JSON object. Default: `SIMPLETUNER_AWS_SECRET_NAME`. */
  readonly secretName?: string | undefined
  /** Region. Default: `AWS_REGION`, then `AWS_DEFAULT_REGION`, then that of an ARN, then that of the AWS profile. */
  readonly regionName?: string | undefined
  /** Address to ask in place of the region's own. Default: what the SDK reads, `AWS_ENDPOINT_URL_SECRETS_MANAGER` first. */
  readonly endpoint?: string | undefined
  /**
   * Used instead of a client of our own; `regionName` and `endpoint` are then its own affair. It is never destroyed, and
   * its answers are not limited in size. Default: a client is made on first use.
   */
  readonly client?: SecretsManagerClientLike | undefined
  /** Name in traces and errors. Default: `'aws'`. */
  readonly name?: string | undefined
}

/**
 * Secrets from AWS Secrets Manager: one secret that holds a JSON object with many keys.
 *
 * It sends `GetSecretValue` and nothing else, once per read, and keeps no copy. The AWS SDK is loaded on first use.
 * The environment is looked at when it is asked for something, not when it is made.
 */
export class AWSSecretsManagerProvider implements SecretProvider {
  /** Name in traces and errors. */
  readonly name: string
  readonly #options: AWSSecretsManagerProviderOptions
  readonly #client: () => Promise<SecretsManagerClientLike>
  #ownClient: OwnClient | undefined
  #isClosed = false

  /** @param options - Where the secret is. */
  constructor(options: AWSSecretsManagerProviderOptions = {}) {
    this.name = options.name ?? 'aws'
    this.#options = { ...options }
    this.#client = once(async () => options.client ?? (await this.#connect()))
  }

  /** Whether a secret is named and the AWS SDK, or a client, is there. Nothing is asked. */
  isAvailable(): boolean {
    return this.#secretName !== undefined && (this.#options.client !== undefined || isSdkInstalled())
  }

  /**
   * Reads one key. Each call reads the whole secret; the manager, which keeps documents, asks `readDocument`.
   *
   * @returns The value, or `undefined` when there is no such secret or it has no such key.
   * @throws SecretError when AWS could not be asked, the secret is no JSON object, or the key holds an array or object.
   */
  async getSecret(key: string, context: Partial<ProviderContext> = {}): Promise<string | undefined> {
    const document = await this.readDocument({}, context)
    const type = document?.unusable?.get(key)
    if (type === undefined) return document?.values.get(key)
    throw new SecretError('invalid', `Key "${key}" of secret "${this.#secretName}" holds an ${type}.`, {
      provider: this.name,
      key,
      hint: 'Store the value as a string.',
    })
  }

  /**
   * Reads all keys with one `GetSecretValue`.
   *
   * @returns The document with the version id and the ARN; the one in `lookup.known` when the version is still the same;
   *   `undefined` when AWS says that there is no such secret.
   * @throws SecretError when AWS could not be asked or the secret is no JSON object.
   */
  async readDocument(
    lookup: DocumentLookup = {},
    context: Partial<ProviderContext> = {},
  ): Promise<ProviderDocument | undefined> {
    const secretName = this.#requireSecretName()
    const answer = await this.#read(secretName, withDeadline(context.signal))
    if (answer === undefined) return undefined
    const { ARN: locator = secretName, VersionId: version } = answer
    const { known } = lookup
    if (version !== undefined && known?.version === version && known.locator === locator) return known
    const origin = { subject: `Secret "${secretName}"`, provider: this.name }
    return { ...parseJsonDocument(secretTextOf(answer, origin), origin), version, locator }
  }

  /** The secret's name, the region and the endpoint, as far as they are known without asking the SDK. */
  describe(): ProviderDescription {
    const { regionName, endpoint } = this.#options
    const secretName = this.#secretName
    return { secretName, region: resolveRegion(regionName, secretName), endpoint: endpoint || undefined }
  }

  /** Ends the connections of a client of our own. Reads are refused afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#ownClient?.destroy()
  }

  get #secretName(): string | undefined {
    return this.#options.secretName || process.env['SIMPLETUNER_AWS_SECRET_NAME'] || undefined
  }

  #requireSecretName(): string {
    if (this.#isClosed) throw this.#closedError()
    const secretName = this.#secretName
    if (secretName !== undefined) return secretName
    const hint = 'Pass secretName or set SIMPLETUNER_AWS_SECRET_NAME.'
    throw new SecretError('not_configured', 'No AWS secret is named.', { provider: this.name, hint })
  }

  async #connect(): Promise<SecretsManagerClientLike> {
    const { regionName, endpoint } = this.#options
    const region = resolveRegion(regionName, this.#secretName)
    const client = await connect({ region, endpoint: endpoint || undefined, provider: this.name })
    if (this.#isClosed) {
      client.destroy()
      throw this.#closedError()
    }
    this.#ownClient = client
    return client
  }

  #closedError(): SecretError {
    return new SecretError('closed', `Provider "${this.name}" is closed.`, { provider: this.name })
  }

  async #read(secretName: string, signal: AbortSignal): Promise<SecretValueAnswer | undefined> {
    const read = { provider: this.name, secretName }
    try {
      return await untilAborted(this.#send(secretName, signal), signal)
    } catch (error) {
      if (saysMissing(error)) return undefined
      if (SecretError.isInstance(error)) throw error
      throw signal.aborted ? timeoutFailure(read) : awsFailure(error, read)
    }
  }

  async #send(secretName: string, signal: AbortSignal): Promise<SecretValueAnswer> {
    const client = await this.#client()
    const { GetSecretValueCommand } = await loadSdk(this.name)
    const command = new GetSecretValueCommand({ SecretId: secretName })
    // The slice is typed `never` so that a client of any copy of the SDK fits it; this command is what all of them take.
    const answer = await client.send(command as never, { abortSignal: signal })
    if (typeof answer !== 'object' || answer === null) throw new SyntaxError('no answer')
    // All members are optional and checked where they are read.
    return answer
  }
}

function withDeadline(signal: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(requestTimeoutMs)
  return signal ? AbortSignal.any([signal, deadline]) : deadline
}

/** The SDK ignores the signal while it looks for credentials, which may hang on a machine's metadata service. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(new DOMException('aborted', 'AbortError'))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
    // Whichever lost the race may still fail, and nobody is left to hear it.
    aborted.promise.catch(() => {})
    work.catch(() => {})
  }
}
