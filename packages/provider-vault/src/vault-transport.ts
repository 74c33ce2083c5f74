import { once as eventOf } from 'node:events'
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { once, parseJson, SecretError } from '@st/secrets-core/provider'
import { loadTls, type TlsSettings } from './tls-settings.ts'
import type { VaultAnswer } from './vault-answer.ts'
import { type FailedRequest, type TransportFault, transportFailure } from './vault-failure.ts'
import type { HttpAgentLike } from './vault-options.ts'

/** One request of a transport. */
export interface TransportRequest extends FailedRequest {
  readonly method: string
  readonly uri: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  readonly signal: AbortSignal
}

/** How a transport connects. */
export interface TransportOptions {
  /** Name of the provider, for errors. */
  readonly provider: string
  readonly tls: TlsSettings
  /** Used in place of agents of our own, and never ended. */
  readonly agent: HttpAgentLike | undefined
  /** Origins that a redirect may lead to, beside the one that was asked. */
  readonly redirectOrigins: readonly string[]
}

/** Bytes that an answer may have; Vault stores at most half of it in one secret. */
const maxBytes = 1024 * 1024

const agentOptions = {
  keepAlive: true,
  maxSockets: 8,
  // Vault ends idle connections after five minutes, which is also how long a value is kept: without a shorter limit
  // here the next read would often meet a connection that is being closed.
  timeout: 10_000,
} as const

/** Statuses with which another place is named for this one request. */
const redirects: readonly number[] = [301, 302, 307, 308]

/** Those of them that keep the method. */
const preservingRedirects: readonly number[] = [307, 308]

/**
 * What node-vault sends through. node-vault's own transport follows redirects to other hosts with the token, has no
 * deadline, ignores signals, accepts answers of any size and type, goes through proxies that the environment names, and
 * puts the token into its errors.
 */
export class VaultTransport {
  readonly #options: TransportOptions
  readonly #givenAgent: HttpAgent | undefined
  readonly #httpAgent: HttpAgent
  #httpsAgent: () => Promise<HttpAgent>
  /** Agents whose files may be outdated, with requests that are under way. */
  #outdated: readonly HttpAgent[] = []

  constructor(options: TransportOptions) {
    this.#options = options
    // Nothing but an agent of Node has these members.
    this.#givenAgent = options.agent as HttpAgent | undefined
    this.#httpAgent = this.#givenAgent ?? new HttpAgent(agentOptions)
    this.#httpsAgent = this.#httpsAgentOnce()
  }

  /**
   * Sends one request and reads the whole answer; a standby may send it on to another node once.
   *
   * @throws SecretError when no usable answer came.
   */
  async send(request: TransportRequest): Promise<VaultAnswer> {
    const response = await this.#exchange(request)
    const uri = this.#redirectOf(response, request)
    const answer = uri === undefined ? response : await this.#exchange({ ...request, uri })
    const { status, body, text, location, retryAfter, date } = answer
    const leavesOrigin = leavesOriginOf(location, uri ?? request.uri)
    return { status, body, text, leavesOrigin, retryAfter, date }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    if (this.#givenAgent) return
    this.#httpAgent.destroy()
    const agent = await this.#httpsAgent().catch(() => undefined)
    for (const each of [agent, ...this.#outdated]) each?.destroy()
  }

  #httpsAgentOnce(): () => Promise<HttpAgent> {
    const { tls, provider } = this.#options
    return once(async () => this.#givenAgent ?? new HttpsAgent({ ...agentOptions, ...(await loadTls(tls, provider)) }))
  }

  async #exchange(request: TransportRequest): Promise<RawAnswer> {
    const isTls = request.uri.startsWith('https:')
    const agent = isTls ? await this.#httpsAgent() : this.#httpAgent
    try {
      return await readAnswer(await open(request, { isTls, agent }), request)
    } catch (error) {
      // What is wrong with one connection may be wrong with all that wait; certificates may have been renewed.
      if (SecretError.isInstance(error) && !this.#options.agent) this.#mistrust(agent, error)
      throw error
    }
  }

  #mistrust(agent: HttpAgent, { kind }: SecretError): void {
    if (kind === 'malformed') return
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
    // A server that refuses a client certificate often only hangs up.
    if (agent === this.#httpAgent || kind === 'timeout' || this.#outdated.includes(agent)) return
    this.#httpsAgent = this.#httpsAgentOnce()
    this.#outdated = [...this.#outdated, agent].filter(({ sockets }) => Object.keys(sockets).length > 0)
  }

  /** Where a redirect leads that is followed: at most one, to the same origin or one that was listed, never off TLS. */
  #redirectOf({ status, location }: RawAnswer, { method, uri }: TransportRequest): string | undefined {
    if (!(method === 'GET' ? redirects : preservingRedirects).includes(status)) return undefined
    if (location === undefined || !URL.canParse(location, uri)) return undefined
    const [from, to] = [new URL(uri), new URL(location, uri)]
    if (from.protocol === 'https:' && to.protocol !== 'https:') return undefined
    return [from.origin, ...this.#options.redirectOrigins].includes(to.origin) ? to.href : undefined
  }
}

interface RawAnswer extends Omit<VaultAnswer, 'leavesOrigin'> {
  readonly location: string | undefined
}

async function open(
  request: TransportRequest,
  { isTls, agent }: { readonly isTls: boolean; readonly agent: HttpAgent },
): Promise<IncomingMessage> {
  const { method, uri, headers, json, signal } = request
  try {
    const sent: ClientRequest = (isTls ? requestHttps : requestHttp)(uri, { method, agent, signal })
    // Not among the options, which Node prints under NODE_DEBUG=http.
    for (const [name, value] of Object.entries(completed(headers))) sent.setHeader(name, value)
    // An error after the answer has begun reaches whoever reads the body.
    sent.on('error', () => {})
    sent.end(json === undefined ? undefined : JSON.stringify(json))
    // `once` rejects with the request's error. It answers the event's one argument.
    const [response] = (await eventOf(sent, 'response')) as [IncomingMessage]
    return response
  } catch (error) {
    throw transportFailure(signal.aborted ? 'timeout' : faultOf(error), request)
  }
}

function completed(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  // Vault Agent and proxies can require the last one, which a page in a browser cannot send unasked.
  return { ...headers, accept: 'application/json', 'accept-encoding': 'identity', 'x-vault-request': 'true' }
}

function faultOf(error: unknown): TransportFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('HPE_')) return 'no_http'
  return /CERT|UNABLE_TO_VERIFY|^EPROTO$|^ERR_SSL_|^ERR_TLS_|^ERR_OSSL_/.test(code) ? 'tls' : 'unreachable'
}

async function readAnswer(response: IncomingMessage, request: TransportRequest): Promise<RawAnswer> {
  const { statusCode: status = 0, headers } = response
  const { location, 'retry-after': retryAfter, date } = headers
  const text = textOf(await readBody(response, request))
  return { status, body: isJson(headers['content-type']) ? parsed(text) : undefined, text, location, retryAfter, date }
}

async function readBody(response: IncomingMessage, request: TransportRequest): Promise<Buffer> {
  const refuse = (fault: TransportFault): never => {
    response.destroy()
    throw transportFailure(fault, request)
  }
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') refuse('encoded')
  if (Number(response.headers['content-length']) > maxBytes) refuse('too_large')
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maxBytes) break
    }
  } catch {
    refuse(request.signal.aborted ? 'timeout' : 'cut_off')
  }
  if (bytes > maxBytes) refuse('too_large')
  return Buffer.concat(chunks)
}

function isJson(contentType = ''): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType)
}

/** `undefined` for what is no text. */
function textOf(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

/** `undefined` for what is no JSON; its status may still say something. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parseJson(text)
  } catch {
    return undefined
  }
}

function leavesOriginOf(location: string | undefined, uri: string): boolean {
  if (location === undefined) return false
  return !URL.canParse(location, uri) || new URL(location, uri).origin !== new URL(uri).origin
}
