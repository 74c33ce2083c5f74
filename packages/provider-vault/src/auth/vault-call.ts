import type { VaultAnswer } from '../vault-answer.ts'

/** One request of the provider to its server. */
export interface VaultRequest {
  readonly method: 'GET' | 'POST'
  /** Below `/v1/`, percent-encoded. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
  /** Default: none is sent. */
  readonly token?: string | undefined
  /** Default: the provider's. */
  readonly namespace?: string | undefined
  readonly signal: AbortSignal
}

/**
 * Sends one request through the provider's own transport.
 *
 * @throws SecretError when no usable answer came; a refusal is an answer.
 */
export type VaultCall = (request: VaultRequest) => Promise<VaultAnswer>
