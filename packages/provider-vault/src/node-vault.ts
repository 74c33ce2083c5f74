import { createRequire } from 'node:module'
import { SecretError } from '@st/secrets-core/provider'

/** The slice of node-vault's client that is called. */
export interface VaultClientLike {
  /**
   * Sends one request. Resolves to the body of an answer with status 200 or 204; rejects with an error whose
   * `response` has `statusCode` and `body` for others.
   *
   * @param request - Path, which begins with a slash and is percent-encoded, and what is sent.
   */
  request(request: NodeVaultRequest): Promise<unknown>
}

/** What is handed to node-vault, and what it hands on to its transport with `uri` added. */
export interface NodeVaultRequest {
  /** `GET`, `POST`, `PATCH` or `DELETE`. */
  readonly method: string
  /** Below `/v1`, percent-encoded, with a slash in front. */
  readonly path: string
  /** An object of its own for each request, as node-vault writes into it. */
  readonly headers: Record<string, string>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Aborts at the deadline. node-vault's own transport does not look at it. */
  readonly signal: AbortSignal
}

/** What node-vault's transport must answer. */
export interface NodeVaultResponse {
  readonly statusCode: number
  readonly body: unknown
  readonly request: { readonly path: string }
}

/** The options of node-vault that are used; the rest of what it declares needs axios' types. */
export interface NodeVaultConfig {
  readonly apiVersion: string
  readonly endpoint: string
  readonly debug: () => void
  /** Named after the package that node-vault once sent through. */
  readonly 'request-promise': {
    readonly defaults: () => (request: NodeVaultRequest & { readonly uri: string }) => Promise<NodeVaultResponse>
  }
}

/** Makes a node-vault client. */
export type NodeVault = (config: NodeVaultConfig) => VaultClientLike

/** Loads node-vault; 70 ms and 30 MB, mostly its HTTP client, that a process without this provider does not pay. */
export async function loadNodeVault(provider: string): Promise<NodeVault> {
  try {
    const { default: nodeVault } = await import('node-vault')
    return nodeVault
  } catch {
    throw new SecretError('not_configured', 'node-vault cannot be loaded.', {
      provider,
      hint: 'Install node-vault; a bundler must include it or leave it external.',
    })
  }
}

/** Whether node-vault can be loaded, told without loading it. Inside a bundle, which cannot be seen into, yes. */
export function isNodeVaultInstalled(): boolean {
  return !isResolvable('@st/provider-vault/package.json') || isResolvable('node-vault')
}

function isResolvable(specifier: string): boolean {
  try {
    createRequire(import.meta.url).resolve(specifier)
    return true
  } catch {
    return false
  }
}
