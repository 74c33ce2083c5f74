import { once, parseJson, SecretError, untilAborted } from '@st/secrets-core/provider'
import type { VaultRequest } from './auth/vault-call.ts'
import { loadNodeVault, type NodeVaultRequest, type NodeVaultResponse, type VaultClientLike } from './node-vault.ts'
import { isObject, type VaultAnswer } from './vault-answer.ts'
import { type FailedRequest, transportFailure } from './vault-failure.ts'
import type { HttpAgentLike } from './vault-options.ts'
import type { ServerSettings } from './vault-settings.ts'
import { VaultTransport } from './vault-transport.ts'

/** One request to the server. */
export interface VaultClientRequest extends Omit<VaultRequest, 'method'> {
  /** `PATCH` sends a merge patch. */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Whether it writes a secret, for errors. Default: false. */
  readonly isWrite?: boolean | undefined
}

/** Sends requests to one server. */
export interface VaultClient {
  /**
   * Sends one request.
   *
   * @throws SecretError when no usable answer came; a refusal is an answer.
   */
  call(request: VaultClientRequest): Promise<VaultAnswer>
  /** Ends all connections. */
  close(): Promise<void>
}

/** How a client of our own connects. */
export interface ConnectOptions {
  /** Name of the provider, for errors. */
  readonly provider: string
  readonly agent: HttpAgentLike | undefined
  readonly redirectOrigins: readonly string[]
}

/** A client that sends with node-vault, through a transport of ours. node-vault is loaded by the first request. */
export function connectVault(settings: ServerSettings, options: ConnectOptions): VaultClient {
  const { provider } = options
  const transport = new VaultTransport({ ...options, tls: settings.tls })
  const nodeVault = once(async () => makeNodeVault(settings.url, transport, provider))
  return {
    async call(request) {
      const client = await nodeVault()
      const { token, namespace = settings.namespace } = request
      const headers = {
        ...(token && { 'X-Vault-Token': token }),
        ...(namespace && { 'X-Vault-Namespace': namespace }),
      }
      try {
        const sent: OwnRequest = { ...nodeVaultRequest(request, headers), isWrite: request.isWrite }
        // The transport puts nothing else there.
        return (await client.request(sent)) as VaultAnswer
      } catch (error) {
        if (SecretError.isInstance(error)) throw error
        throw new SecretError('internal', 'node-vault failed before anything was sent.', { provider })
      }
    },
    close: () => transport.close(),
  }
}

/** A client that sends with one of the caller's. */
export function adoptClient(client: VaultClientLike, provider: string): VaultClient {
  return {
    async call(request) {
      try {
        const sent = nodeVaultRequest({ ...request, body: request.body && plainJson(request.body) }, {})
        return answerOf(200, await untilAborted(request.signal, client.request(sent)))
      } catch (error) {
        // What was caught may hold the token. A refusal has the server's answer in it.
        const { statusCode, body } = Object(Object(error).response) as Partial<NodeVaultResponse>
        if (typeof statusCode === 'number') return answerOf(statusCode, body)
        throw transportFailure(request.signal.aborted ? 'timeout' : 'unreachable', failedRequest(request, provider))
      }
    },
    // It is not ours to end.
    close: async () => {},
  }
}

/** node-vault hands on what it does not know. */
interface OwnRequest extends NodeVaultRequest {
  readonly isWrite?: boolean | undefined
}

async function makeNodeVault(endpoint: string, transport: VaultTransport, provider: string): Promise<VaultClientLike> {
  const nodeVault = await loadNodeVault(provider)
  const send = async (request: OwnRequest & { readonly uri: string }): Promise<NodeVaultResponse> => {
    const { path, isWrite } = request
    const answer = await transport.send({ ...request, ...failedRequest({ path: path.slice(1), isWrite }, provider) })
    // The whole answer travels as the body of a success: node-vault reduces refusals to one text and drops the headers.
    return { statusCode: 200, body: answer, request: { path } }
  }
  const client = nodeVault({
    apiVersion: 'v1',
    endpoint,
    // Its own prints the secrets that are written.
    debug: () => {},
    'request-promise': { defaults: () => send },
  })
  // It would take these from the environment.
  return Object.assign(client, { token: undefined, namespace: undefined, pathPrefix: '' })
}

function nodeVaultRequest(
  { method, path, body, signal }: VaultClientRequest,
  headers: Readonly<Record<string, string>>,
): NodeVaultRequest {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  return {
    method,
    path: `/${path}`,
    headers: { ...headers, ...(body && { 'Content-Type': contentType }) },
    ...(body && { json: body }),
    signal,
  }
}

/** A request, for people. */
export function failedRequest(
  { path, isWrite }: Pick<VaultClientRequest, 'path' | 'isWrite'>,
  provider: string,
): FailedRequest {
  return { path: decodeURIComponent(path.replace(/\?.*$/s, '')), isWrite, provider }
}

/** node-vault's own transport copies what it sends member by member, and so takes numbers that are kept by their text apart. */
function plainJson(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  // An object's text is that of an object.
  return JSON.parse(JSON.stringify(body)) as Readonly<Record<string, unknown>>
}

/** An answer without headers, with numbers as text as in those of our own transport. */
function answerOf(status: number, body: unknown): VaultAnswer {
  const text = isObject(body) ? JSON.stringify(body) : undefined
  const parsed = text === undefined ? undefined : parseJson(text)
  const isEmpty = status === 200 && (body === '' || body === undefined)
  return { status: isEmpty ? 204 : status, body: parsed, text, leavesOrigin: false, retryAfter: undefined }
}
