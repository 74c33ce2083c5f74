import { readFile } from 'node:fs/promises'
import type { SecretsManagerClient, SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import { SecretError } from '@st/secrets-core/provider'
import { loadRoleCredentials, loadSdk } from './aws-sdk.ts'
import { guardResponses } from './response-guard.ts'

/** The slice of the SDK's client that is called. */
export interface SecretsManagerClientLike {
  /**
   * Sends one command.
   *
   * @param command - Made by the AWS SDK that this package depends on.
   * @param options - The signal aborts at the deadline.
   */
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
}

/** What a client of our own needs to know. */
export interface ClientSettings {
  readonly region: string | undefined
  readonly endpoint: string | undefined
  readonly profile: string | undefined
  readonly roleArn: string | undefined
  readonly provider: string
}

/** Milliseconds until a connection must stand. */
const connectionTimeoutMs = 3000

/** Milliseconds for one read, where the caller sets no deadline. */
export const requestTimeoutMs = 10_000

/**
 * Makes a client: no retries, as the manager has one budget for all providers, and no unlimited answers.
 *
 * @param settings - Where to ask, as whom.
 * @param previous - The client that it replaces: connections and what is known of the clock pass on, credentials do not.
 */
export async function connect(
  { region, endpoint, profile, roleArn, provider }: ClientSettings,
  previous: SecretsManagerClient | undefined,
): Promise<SecretsManagerClient> {
  if (endpoint && !(/^https?:/i.test(endpoint) && URL.canParse(endpoint))) {
    const hint = 'Correct endpoint, AWS_ENDPOINT_URL_SECRETS_MANAGER or AWS_ENDPOINT_URL.'
    throw new SecretError('not_configured', 'The AWS endpoint is no http(s) address.', { provider, hint })
  }
  const { SecretsManagerClient } = await loadSdk(provider)
  const settings = {
    region,
    endpoint,
    profile,
    credentials: roleArn && (await roleCredentials(roleArn, profile, provider)),
    systemClockOffset: previous?.config.systemClockOffset,
    maxAttempts: 1,
    requestHandler: previous?.config.requestHandler ?? (await handlerOptions(provider)),
    // Undeclared, and handed on to what reads the shared AWS files, which otherwise are read once a process.
    ignoreCache: true,
  }
  // To the SDK `undefined` is what was not given, whatever its types say.
  const client = new SecretsManagerClient(settings as SecretsManagerClientConfig)
  if (!previous) guardResponses(client.config.requestHandler)
  try {
    // Asked beforehand, because the SDK's own failure is told apart only by its message.
    await client.config.region()
  } catch {
    const hint = 'Pass regionName, set AWS_REGION or AWS_DEFAULT_REGION, or put a region into the AWS profile.'
    throw new SecretError('not_configured', 'No AWS region is known, or it is no region.', { provider, hint })
  }
  return client
}

async function roleCredentials(
  RoleArn: string,
  profile: string | undefined,
  provider: string,
): Promise<SecretsManagerClientConfig['credentials']> {
  const { fromNodeProviderChain, fromTemporaryCredentials } = await loadRoleCredentials(provider)
  const masterCredentials = fromNodeProviderChain({ ...(profile && { profile }), ignoreCache: true })
  return fromTemporaryCredentials({ masterCredentials, params: { RoleArn } })
}

async function handlerOptions(provider: string): Promise<object> {
  const ca = await authorities(provider)
  // An agent's options win over those of a request, which Node prints under NODE_DEBUG=http: headers, with them the
  // session token.
  const httpAgent = { headers: undefined }
  return {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Without it the SDK only logs a warning.
    throwOnRequestTimeout: true,
    httpAgent,
    httpsAgent: { ...httpAgent, ...(ca && { ca }) },
  }
}

/** Every other AWS SDK and the command line read the variable. */
async function authorities(provider: string): Promise<Buffer | undefined> {
  const { AWS_CA_BUNDLE: path } = process.env
  try {
    return path ? await readFile(path) : undefined
  } catch {
    const hint = 'Correct AWS_CA_BUNDLE.'
    throw new SecretError('not_configured', 'The file that AWS_CA_BUNDLE names cannot be read.', { provider, hint })
  }
}
