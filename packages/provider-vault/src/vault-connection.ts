import type { TokenSource } from './auth/token-source.ts'
import type { Asked } from './kv-answer.ts'
import { failedRequest, type VaultClient, type VaultClientRequest } from './vault-client.ts'
import { refusesToken } from './vault-failure.ts'

/** What is sent; the token is added here. */
export interface AuthorizedRequest extends Omit<VaultClientRequest, 'method' | 'token' | 'namespace'> {
  /** Default: `GET`. */
  readonly method?: VaultClientRequest['method']
}

/** A client and the token for it. */
export class VaultConnection {
  /** Name of the provider, for errors. */
  readonly provider: string
  /** Sends requests without a token. */
  readonly client: VaultClient
  /** Gives tokens; `undefined` where a client of the caller's has its own. */
  readonly tokens: TokenSource | undefined

  constructor(provider: string, client: VaultClient, tokens?: TokenSource) {
    this.provider = provider
    this.client = client
    this.tokens = tokens
  }

  /**
   * Sends one request with the token, and once more where the server refused that token and there is another one now.
   *
   * @throws SecretError when there is no token or no usable answer; a refusal is an answer.
   */
  async ask(request: AuthorizedRequest): Promise<Asked> {
    const { signal } = request
    const { tokens } = this
    const sent = { method: 'GET', ...request } as const
    const about = failedRequest(request, this.provider)
    if (!tokens) return { request: about, answer: await this.client.call(sent) }
    const token = await tokens.current(signal)
    let answer = await this.client.call({ ...sent, token: token.value })
    if (answer.status === 403 && refusesToken(answer) && (await tokens.refused(token, signal))) {
      const { value } = await tokens.current(signal)
      answer = await this.client.call({ ...sent, token: value })
    }
    return { request: { ...about, isFromLogin: tokens.facts().isFromLogin }, answer }
  }

  /** Ends logins and connections. */
  async close(): Promise<void> {
    // It says goodbye to the server.
    await this.tokens?.close()
    await this.client.close()
  }
}
