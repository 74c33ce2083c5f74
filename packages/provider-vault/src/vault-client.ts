import { SecretError } from '@st/secrets-core/provider'
import { loadNodeVault } from './node-vault.ts'
import type { VaultAnswer } from './vault-answer.ts'
import type { VaultSettings } from './vault-settings.ts'
import { createTransport } from './vault-transport.ts'

/** The slice of a Vault client that is called. */
export interface VaultClient {
  /**
   * Sends a GET.
   *
   * @param path - Below `/v1/`, percent-encoded.
   * @throws SecretError when no usable answer came; a refusal is an answer.
   */
  read(path: string, signal: AbortSignal): Promise<VaultAnswer>
  /** Ends all connections. */
  close(): void
}

/** What node-vault hands to its transport: what it makes of the path, and what `read` was given beside it. */
interface NodeVaultRequest {
  readonly method: string
  readonly path: string
  readonly uri: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Connects node-vault to a transport of ours. */
export async function connectVault(settings: VaultSettings, provider: string): Promise<VaultClient> {
  const nodeVault = await loadNodeVault(provider)
  const transport = await createTransport(settings, provider)
  const { url: endpoint, token, namespace = '' } = settings
  const send = async ({ path, ...request }: NodeVaultRequest): Promise<object> => {
    const answer = await transport.send({ ...request, provider, path: decodeURIComponent(path.slice(1)) })
    // The whole answer travels as the body of a success: node-vault reduces refusals to one text and drops the headers.
    return { statusCode: 200, body: answer, request: { path } }
  }
  const client = nodeVault({
    apiVersion: 'v1',
    endpoint,
    token,
    // Its own prints the secrets that are written.
    debug: () => {},
    'request-promise': { defaults: () => send },
  })
  // It would take these from the environment even where the options say otherwise.
  Object.assign(client, { namespace, pathPrefix: '' })
  return {
    async read(path, signal) {
      try {
        // The transport above puts nothing else there.
        return (await client.read(path, { signal })) as VaultAnswer
      } catch (error) {
        if (SecretError.isInstance(error)) throw error
        throw new SecretError('internal', 'node-vault failed before anything was sent.', { provider })
      }
    },
    close: () => transport.close(),
  }
}
