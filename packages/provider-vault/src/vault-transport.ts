import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { parseJson, SecretError } from '@st/secrets-core/provider'
import type { VaultAnswer } from './vault-answer.ts'
import { type FailedRequest, type TransportFault, transportFailure } from './vault-failure.ts'
import type { VaultSettings } from './vault-settings.ts'

/** One request of a transport. */
export interface TransportRequest extends FailedRequest {
  readonly method: string
  readonly uri: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Sends requests to one server. */
export interface VaultTransport {
  /**
   * Sends one request and reads the whole answer.
   *
   * @throws SecretError when no usable answer came.
   */
  send(request: TransportRequest): Promise<VaultAnswer>
  /** Ends all connections. */
  close(): void
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

/**
 * Makes the transport that node-vault sends through. node-vault's own follows redirects to other hosts with the token,
 * has no deadline, ignores signals, accepts answers of any size and type, goes through proxies that the environment
 * names, and puts the token into its errors.
 */
export async function createTransport(settings: VaultSettings, provider: string): Promise<VaultTransport> {
  const isTls = settings.url.startsWith('https:')
  const agent = isTls
    ? new HttpsAgent({ ...agentOptions, ...(await tlsOptions(settings, provider)) })
    : new HttpAgent(agentOptions)
  return {
    send: request => send(request, { agent, isTls }),
    close: () => agent.destroy(),
  }
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean
  readonly ca?: Buffer
}

async function tlsOptions({ verifiesTls, caCertificatePath }: VaultSettings, provider: string): Promise<TlsOptions> {
  if (caCertificatePath === undefined) return { rejectUnauthorized: verifiesTls }
  try {
    const ca = await readFile(caCertificatePath)
    // TLS skips what is no certificate and trusts nobody then; this throws.
    void new X509Certificate(ca)
    return { rejectUnauthorized: verifiesTls, ca }
  } catch {
    const problem = 'The file that VAULT_CACERT names cannot be read or holds no certificate.'
    throw new SecretError('not_configured', problem, { provider })
  }
}

async function send(
  request: TransportRequest,
  { agent, isTls }: { readonly agent: HttpAgent; readonly isTls: boolean },
): Promise<VaultAnswer> {
  const { method, uri, headers, signal } = request
  const sent = (isTls ? requestHttps : requestHttp)(uri, { method, agent, signal })
  // Not among the options, which Node prints under NODE_DEBUG=http.
  for (const [name, value] of Object.entries(completed(headers))) sent.setHeader(name, value)
  // An error after the answer has begun reaches whoever reads the body.
  sent.on('error', () => {})
  sent.end()
  let response: IncomingMessage
  try {
    // `once` rejects with the request's error. It answers the event's one argument.
    ;[response] = (await once(sent, 'response')) as [IncomingMessage]
  } catch (error) {
    throw transportFailure(signal.aborted ? 'timeout' : faultOf(error), request)
  }
  return readAnswer(response, request)
}

function completed(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  // Vault Agent and proxies can require the last one, which a page in a browser cannot send unasked.
  return { ...headers, accept: 'application/json', 'accept-encoding': 'identity', 'x-vault-request': 'true' }
}

function faultOf(error: unknown): TransportFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('HPE_')) return 'no_http'
  return /CERT|UNABLE_TO_VERIFY|^EPROTO$|^ERR_SSL_|^ERR_TLS_/.test(code) ? 'tls' : 'unreachable'
}

async function readAnswer(response: IncomingMessage, request: TransportRequest): Promise<VaultAnswer> {
  const { statusCode: status = 0, headers } = response
  const body = await readBody(response, request)
  return {
    status,
    body: isJson(headers['content-type']) ? parseBody(body) : undefined,
    leavesOrigin: leavesOrigin(headers.location, request.uri),
    retryAfter: headers['retry-after'],
  }
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

/** `undefined` for what is no JSON; its status may still say something. */
function parseBody(body: Buffer): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

function leavesOrigin(location: string | undefined, uri: string): boolean {
  if (location === undefined) return false
  return !URL.canParse(location, uri) || new URL(location, uri).origin !== new URL(uri).origin
}
