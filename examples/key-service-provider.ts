// A provider for a service that answers `GET /secret?key=NAME` with `{"value": "…"}`. It answers, answers `undefined`, or says
// why it cannot: deadlines, retries and caching belong to the manager.
import { type ProviderContext, SecretError, type SecretErrorKind, type SecretProvider } from '@st/secrets-core/provider'

const maxLength = 65_536
const kinds: Readonly<Record<number, SecretErrorKind>> = { 401: 'unauthenticated', 403: 'forbidden', 429: 'throttled' }

export class KeyServiceProvider implements SecretProvider {
  readonly name = 'key-service'
  readonly #url: string
  readonly #token: string

  constructor({ url, token }: { readonly url: string; readonly token: string }) {
    this.#url = url
    this.#token = token
  }

  isAvailable(): boolean {
    return this.#url !== '' && this.#token !== ''
  }

  async getSecret(key: string, { signal }: ProviderContext): Promise<string | undefined> {
    const { status, text } = await this.#ask(key, signal)
    if (status === 404) return undefined
    if (status >= 300 && status < 400) throw this.#failure('insecure', 'redirects to another address')
    if (status !== 200) throw this.#failure(kinds[status] ?? 'unavailable', `answers with status ${status}`)
    return this.#valueIn(text)
  }

  async #ask(key: string, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    const url = new URL('/secret', this.#url)
    url.searchParams.set('key', key)
    try {
      const headers = { authorization: `Bearer ${this.#token}` }
      // Followed, a redirect would hand the token to whoever it names.
      const response = await fetch(url, { headers, redirect: 'manual', signal })
      return { status: response.status, text: await this.#textOf(response) }
    } catch (error) {
      signal.throwIfAborted()
      // What `fetch` throws can hold the address and more: it stays here.
      throw SecretError.isInstance(error) ? error : this.#failure('unavailable', 'does not answer')
    }
  }

  async #textOf(response: Response): Promise<string> {
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > maxLength) throw this.#failure('malformed', 'answers with more than a secret')
    }
    return text
  }

  #valueIn(text: string): string | undefined {
    try {
      const answer: unknown = JSON.parse(text)
      if (typeof answer === 'object' && answer !== null && 'value' in answer && typeof answer.value === 'string') {
        return answer.value
      }
    } catch {
      // The message of JSON.parse quotes the text.
    }
    throw this.#failure('malformed', 'answers with something that is no secret')
  }

  #failure(kind: SecretErrorKind, what: string): SecretError {
    return new SecretError(kind, `The key service ${what}.`, { provider: this.name })
  }
}
