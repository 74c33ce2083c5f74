import type { CommandContext } from '../command-context.ts'
import { type Shape, UnexpectedShape } from './answer-shape.ts'
import { limitedText } from './limited-text.ts'
import { serverAddress } from './server-address.ts'
import { serverFailure } from './server-failure.ts'
import type { ServerFlags } from './server-flags.ts'
import { serverProblem } from './server-problem.ts'
import { serverToken } from './server-token.ts'

/** Larger than a hundred credentials with everything that can be said about them. */
const maxBytes = 8 * 1024 ** 2
/** Milliseconds for an answer, unless `--timeout` says otherwise. */
const defaultTimeoutMs = 30_000

/** A request to the server. */
export interface ServerRequest {
  /** Default: `GET`. */
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Below the address of the server, percent-encoded, without a slash at the beginning: `api/caches`. */
  readonly path: string
  /** Behind the path; `undefined` ones are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** What JSON can hold, or bytes that are sent as they come. Default: nothing. */
  readonly body?: object | undefined
  /** Headers besides. */
  readonly headers?: Readonly<Record<string, string>>
  /** What of it no message may hold, even if the server repeats it. The token never is in one. */
  readonly secrets?: readonly string[]
  /** Whether it changes nothing although it is no `GET`, so that it may simply be sent again. Default: no. */
  readonly isRepeatable?: boolean
  /** Ends it. */
  readonly signal?: AbortSignal | undefined
  /** Whether it may take as long as it takes, unless `--timeout` says otherwise. Default: 30 seconds. */
  readonly isLong?: boolean
}

/** Who is asked, and as whom. */
export interface ServerClientOptions {
  /** Ends in a slash. */
  readonly url: URL
  /** API token. */
  readonly token: string
  /** Milliseconds for each answer; absent = 30 seconds, or any time for what is long. */
  readonly timeoutMs?: number | undefined
}

/** Speaks to a server as the owner of a token. Follows no redirection, repeats nothing, and keeps nothing. */
export class ServerClient {
  /** Address of the server, for messages. */
  readonly address: string
  readonly #url: URL
  readonly #token: string
  readonly #timeoutMs: number | undefined

  constructor({ url, token, timeoutMs }: ServerClientOptions) {
    this.address = url.href.replace(/\/$/, '')
    this.#url = url
    this.#token = token
    this.#timeoutMs = timeoutMs
  }

  /**
   * Sends a request and reads the answer.
   *
   * @param request - What is asked.
   * @param shape - What the answer must be.
   * @throws {@link CliError} when the server refuses, does not answer, or answers something else.
   */
  async ask<T>(request: ServerRequest, shape: Shape<T>): Promise<T> {
    return this.#guarded(request, async signal => {
      const response = await this.#send(request, signal)
      const text = await limitedText(response, maxBytes)
      return shape(text === '' ? undefined : JSON.parse(text))
    })
  }

  /**
   * Sends a request and hands the answer over as it comes, however long it is.
   *
   * @param request - What is asked.
   * @param type - Media type that the answer must have.
   * @param use - Reads the body to its end.
   * @throws As {@link ServerClient.ask}, also when the answer ends too early.
   */
  async read<T>(
    request: ServerRequest,
    type: string,
    use: (body: AsyncIterable<Uint8Array>, bytes: number | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#guarded({ isLong: true, ...request }, async signal => {
      const response = await this.#send(request, signal)
      const { body, headers } = response
      if (body === null || headers.get('content-type')?.split(';')[0]?.trim() !== type) throw new UnexpectedShape()
      const length = headers.get('content-length') ?? ''
      return use(body, /^\d{1,15}$/.test(length) ? Number(length) : undefined)
    })
  }

  async #send(request: ServerRequest, signal: AbortSignal | undefined): Promise<Response> {
    const { path, query = {}, secrets = [] } = request
    const url = new URL(path, this.#url)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    const response = await fetch(url, {
      ...sentWith(request, this.#token),
      ...(signal === undefined ? {} : { signal }),
    })
    if (response.ok) return response
    throw await serverProblem(response, [this.#token, ...secrets])
  }

  /** One kind of failure for all ways in which a server can fail. */
  async #guarded<T>(request: ServerRequest, use: (signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
    const timeoutMs = this.#timeoutMs ?? (request.isLong === true ? undefined : defaultTimeoutMs)
    const signals = [
      ...(request.signal === undefined ? [] : [request.signal]),
      ...(timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)]),
    ]
    try {
      return await use(signals.length === 0 ? undefined : AbortSignal.any(signals))
    } catch (error) {
      const isRepeatable = request.isRepeatable ?? (request.method ?? 'GET') === 'GET'
      throw serverFailure(error, { address: this.address, timeoutMs, isRepeatable })
    }
  }
}

/**
 * The server that the flags and the environment name.
 *
 * @throws {@link CliError} when either is missing or must not be used.
 */
export async function serverClient(context: CommandContext, flags: ServerFlags): Promise<ServerClient> {
  const url = serverAddress(flags.server, context.env)
  const token = await serverToken(context, flags)
  const timeoutMs = flags.timeout === undefined ? undefined : flags.timeout * 1000
  return new ServerClient({ url, token, timeoutMs })
}

function sentWith({ method = 'GET', body, headers = {} }: ServerRequest, token: string): RequestInit {
  const init = { method, redirect: 'manual', headers: { authorization: `Bearer ${token}`, ...headers } } as const
  if (body === undefined) return init
  if (body instanceof ReadableStream) return { ...init, body, duplex: 'half' }
  return { ...init, headers: { 'content-type': 'application/json', ...init.headers }, body: JSON.stringify(body) }
}
