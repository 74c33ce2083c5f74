import { Agent } from 'node:http'
import { SecretError } from '@st/secrets-core/provider'
import type {
  ProviderContext,
  ProviderDescription,
  ProviderHealth,
  ProviderHost,
  ProviderSecret,
  SecretErrorKind,
  SecretLookup,
  SecretProvider,
} from '@st/secrets-core/provider'
import { exchange, TooLongError, type Exchange } from './exchange.ts'
import { largestBatch } from './secret-server.ts'

/** One request to the service. */
interface Call {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly method?: string
  readonly body?: string
  /** What must be in its answer. */
  readonly member: string
}

/** A provider as somebody else would write it: one secret a request, over HTTP, with a token. */
export class HttpSecretProvider implements SecretProvider {
  readonly name = 'http'
  readonly hasVersions = true
  readonly #url: string
  readonly #token: string
  readonly #agent = new Agent({ keepAlive: true })
  #isClosed = false

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  isAvailable(): boolean {
    return this.#url !== '' && this.#token !== ''
  }

  async getSecret(key: string, context: ProviderContext): Promise<string | undefined> {
    return (await this.readSecret({ key }, context))?.value
  }

  async readSecret(lookup: SecretLookup, context: ProviderContext): Promise<ProviderSecret | undefined> {
    const answer = await this.#ask({ path: '/secret', query: definedMembers(lookup), member: 'value' }, context)
    // What this service answers beside the member that was looked for, it is taken at its word for.
    return answer as ProviderSecret | undefined
  }

  async readSecrets(keys: readonly string[], context: ProviderContext): Promise<ReadonlyMap<string, ProviderSecret>> {
    const answers = new Map<string, ProviderSecret>()
    for (let start = 0; start < keys.length; start += largestBatch) {
      const body = JSON.stringify(keys.slice(start, start + largestBatch))
      const answer = await this.#ask({ path: '/batch', method: 'POST', body, member: 'held' }, context)
      // As above.
      const { held } = answer as { readonly held: readonly (readonly [string, string])[] }
      for (const [key, value] of held) answers.set(key, { value })
    }
    return answers
  }

  async setSecret(key: string, value: string, context: ProviderContext): Promise<void> {
    if (typeof value !== 'string') throw new TypeError('value must be a string')
    await this.#ask({ path: '/secret', query: { key }, method: 'PUT', body: value, member: 'stored' }, context)
  }

  async deleteSecret(key: string, context: ProviderContext): Promise<boolean> {
    await this.#ask({ path: '/secret', query: { key }, method: 'DELETE', member: 'stored' }, context)
    return true
  }

  attach(host: ProviderHost): void {
    host.protect(this.#token)
  }

  async checkHealth(context: ProviderContext): Promise<ProviderHealth> {
    const startedAt = performance.now()
    try {
      await this.#ask({ path: '/health', member: 'status' }, context)
      return { status: 'ready', latencyMs: performance.now() - startedAt, findings: [] }
    } catch (error) {
      const kind = SecretError.isInstance(error) ? error.kind : 'internal'
      const message = `${this.#url} cannot be asked (${kind}).`
      const finding = { id: 'http.failed', severity: 'error', message, fix: 'Look at its log.' } as const
      return { status: 'failed', kind, findings: [finding] }
    }
  }

  describe(): ProviderDescription {
    return { url: this.#url }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#agent.destroy()
  }

  async #ask(call: Call, { signal }: ProviderContext): Promise<object | undefined> {
    if (this.#isClosed) throw this.#failure('closed')
    const { path, query, method = 'GET', body, member } = call
    const url = new URL(path, this.#url)
    url.search = new URLSearchParams(query).toString()
    const headers = { authorization: `Bearer ${this.#token}` }
    const answer = await exchange({ url, method, headers, body, agent: this.#agent, signal }).catch(
      (error: unknown) => {
        throw this.#failure(this.#kindOf(error, signal))
      },
    )
    if (answer.status === 404) return undefined
    const kind = kindOfStatus(answer)
    if (kind !== undefined) throw this.#failure(kind, answer.status)
    return parsed(answer, member) ?? fail(this.#failure('malformed'))
  }

  #kindOf(error: unknown, signal: AbortSignal): SecretErrorKind {
    if (this.#isClosed) return 'closed'
    if (signal.aborted) return 'timeout'
    return error instanceof TooLongError ? 'malformed' : 'unavailable'
  }

  #failure(kind: SecretErrorKind, status?: number): SecretError {
    return new SecretError(kind, `The service at ${this.#url} did not answer as it should.`, {
      provider: this.name,
      status,
    })
  }
}

const kinds: Readonly<Record<number, SecretErrorKind>> = { 401: 'unauthenticated', 403: 'forbidden', 429: 'throttled' }

function kindOfStatus({ status, location }: Exchange): SecretErrorKind | undefined {
  if (status === 200) return undefined
  if (location !== undefined) return 'insecure'
  return kinds[status] ?? (status < 500 ? 'invalid' : 'unavailable')
}

function parsed({ body, isJson }: Exchange, member: string): object | undefined {
  try {
    const answer: unknown = JSON.parse(isJson ? body : '')
    return typeof answer === 'object' && answer !== null && member in answer ? answer : undefined
  } catch {
    // The error's message quotes what could not be parsed.
    return undefined
  }
}

function definedMembers({ key, version, stage }: SecretLookup): Readonly<Record<string, string>> {
  return { key, ...(version !== undefined && { version }), ...(stage !== undefined && { stage }) }
}

function fail(error: Error): never {
  throw error
}
