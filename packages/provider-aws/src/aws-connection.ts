import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { once, type ProviderHost, SecretError } from '@st/secrets-core/provider'
import { connect, type SecretsManagerClientLike } from './aws-client.ts'
import type { AwsConnectionOptions } from './aws-options.ts'
import { type AwsPlace, placeOf } from './aws-place.ts'

/** The client that is asked: the caller's, or one of our own that is made on first use. */
export class AwsConnection {
  /** The manager that owns the provider. */
  host: ProviderHost | undefined
  readonly #provider: string
  readonly #options: AwsConnectionOptions
  readonly #names: () => readonly string[]
  #make: () => Promise<SecretsManagerClient>
  #latest: SecretsManagerClient | undefined
  #refused: SecretsManagerClientLike | undefined
  #isClosed = false

  /**
   * @param provider - For errors.
   * @param options - Where to ask, as whom.
   * @param names - Names of secrets, one of which may be an ARN with a region.
   */
  constructor(provider: string, options: AwsConnectionOptions, names: () => readonly string[]) {
    this.#provider = provider
    this.#options = options
    this.#names = names
    this.#make = this.#makeOnce()
  }

  /** Whether the client is one of our own. */
  get isOwn(): boolean {
    return this.#options.client === undefined
  }

  /** Where is asked, as far as it is known without the SDK. */
  place(): AwsPlace {
    return placeOf(this.#options, this.#names())
  }

  /**
   * The client.
   *
   * @throws SecretError when none can be made, or after `close`.
   */
  async client(): Promise<SecretsManagerClientLike> {
    if (this.#isClosed) throw this.#closedError()
    if (this.#options.client) return this.#options.client
    const client = await this.#make()
    if (this.host) void protectCredentials(client, this.host)
    return client
  }

  /**
   * Replaces a client whose credentials were refused, once for all who met the refusal.
   *
   * @returns Whether it is worth asking again; not for a client of the caller's.
   */
  renew(refused: SecretsManagerClientLike): boolean {
    if (refused === this.#latest && refused !== this.#refused) {
      this.#refused = refused
      this.#make = this.#makeOnce()
      this.host?.report('aws.credentials_refused')
    }
    return this.isOwn
  }

  /** Ends the connections of a client of our own, and refuses to make another. */
  close(): void {
    this.#isClosed = true
    this.#latest?.destroy()
  }

  #makeOnce(): () => Promise<SecretsManagerClient> {
    return once(async () => {
      const { profile, roleArn } = this.#options
      const { region, endpoint } = this.place()
      const settings = { region: region?.name, endpoint, profile, roleArn, provider: this.#provider }
      const client = await connect(settings, this.#latest)
      this.#latest = client
      if (!this.#isClosed) return client
      client.destroy()
      throw this.#closedError()
    })
  }

  #closedError(): SecretError {
    const provider = this.#provider
    return new SecretError('closed', `Provider "${provider}" is closed.`, { provider, hint: 'Make another provider.' })
  }
}

/** With every call, as the SDK renews those that expire. */
async function protectCredentials({ config }: SecretsManagerClient, host: ProviderHost): Promise<void> {
  try {
    const { secretAccessKey, sessionToken } = await config.credentials()
    for (const secret of [secretAccessKey, sessionToken]) if (secret) host.protect(secret)
  } catch {
    // Whoever sends something meets the same failure.
  }
}
