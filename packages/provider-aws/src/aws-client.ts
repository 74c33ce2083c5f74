import { SecretError } from '@st/secrets-core/provider'
import { loadSdk } from './aws-sdk.ts'
import { responseGuard } from './response-guard.ts'

/** The slice of the SDK's client that is called. */
export interface SecretsManagerClientLike {
  /**
   * Sends one command; the only one ever sent is `GetSecretValueCommand`.
   *
   * @param command - Made by the AWS SDK that this package depends on.
   * @param options - The signal aborts at the deadline.
   */
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
}

/** A client of our own. */
export interface OwnClient extends SecretsManagerClientLike {
  /** Ends its connections. */
  destroy(): void
}

/** What a client of our own needs to know. */
export interface ConnectOptions {
  readonly region: string | undefined
  readonly endpoint: string | undefined
  readonly provider: string
}

/** Milliseconds until a connection must stand. */
const connectionTimeoutMs = 3000

/** Milliseconds for one read, where the caller sets no shorter deadline. */
export const requestTimeoutMs = 10_000

/** Makes a client: no retries, as the manager has one budget for all providers, and no unlimited answers. */
export async function connect({ region, endpoint, provider }: ConnectOptions): Promise<OwnClient> {
  const { SecretsManagerClient } = await loadSdk(provider)
  const client = new SecretsManagerClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Without it the SDK only logs a warning.
      throwOnRequestTimeout: true,
    },
  })
  // Low priority in this step is right behind the HTTP handler, in front of everything that reads the body.
  client.middlewareStack.add(responseGuard, { name: 'stResponseGuard', step: 'deserialize', priority: 'low' })
  await requireRegion(() => client.config.region(), provider)
  return client
}

/** Asked beforehand, because the SDK's own failure is told apart only by its message. */
async function requireRegion(resolve: () => Promise<string>, provider: string): Promise<void> {
  try {
    await resolve()
  } catch {
    throw new SecretError('not_configured', 'No AWS region is known.', {
      provider,
      hint: 'Pass regionName, set AWS_REGION or AWS_DEFAULT_REGION, or put a region into the AWS profile.',
    })
  }
}
