import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { SecretErrorKind } from '@st/secrets-core/provider'
import {
  awsException,
  type FakeSecretsManager,
  type Fault,
  type LoopbackCertificate,
  type LoopbackServerOptions,
  startFakeSecretsManager,
} from '@st/test-servers'

/** Held by the secrets of every scene; no error may show it. */
export const heldValue = 'fault-canary-value-5d17'

/** Where a faulty service answers. */
export interface FaultScene extends AsyncDisposable {
  readonly url: string
  /** Connections to it that are open at present. */
  openConnections(): number
  /** Requests that reached a host that it points to. */
  strayRequests(): number
}

/** One way in which the service, or what is in its place, goes wrong. */
export interface FaultRow {
  readonly title: string
  /** Any of these is right. */
  readonly kinds: readonly SecretErrorKind[]
  readonly start: () => Promise<FaultScene>
  /** Further members of the error. */
  readonly details?: Readonly<Record<string, unknown>>
  /** It ends at the deadline only. */
  readonly isEndless?: boolean
  /** Certificate that is trusted. */
  readonly trusted?: LoopbackCertificate
}

const mebibyte = 1024 * 1024
const html = { 'content-type': 'text/html' }
const page = `<html><body>${heldValue}</body></html>`
const cutOff = { details: { detail: 'cut_off', transient: true } }
const tooLarge = { details: { detail: 'too_large', transient: false } }
const tls = { details: { detail: 'tls' } }

/** Every row of the fault matrix. */
export const faultRows: readonly FaultRow[] = [
  // Connections.
  { ...row('refuses connections', 'unavailable'), start: refused },
  { ...row('has a name that nobody knows', 'unavailable', 'timeout'), start: unknownHost },
  { ...row('closes the connection', 'unavailable'), ...showing({ kind: 'close' }) },
  { ...row('resets the connection', 'unavailable'), ...showing({ kind: 'reset' }) },
  { ...row('resets the connection within an answer', 'malformed'), ...showing({ kind: 'reset_midway' }), ...cutOff },
  { ...row('closes the connection within an answer', 'malformed'), ...showing({ kind: 'truncated' }), ...cutOff },
  { ...row('ends within chunks', 'malformed'), ...showing({ kind: 'truncated', announced: false }), ...cutOff },
  { ...row('never answers', 'timeout'), ...showing({ kind: 'hang' }), isEndless: true },
  { ...row('answers a byte at a time', 'timeout'), ...showing({ kind: 'drip', intervalMs: 20 }), isEndless: true },
  {
    ...row('sends an endless header', 'timeout'),
    ...showing({ kind: 'drip_header', intervalMs: 20 }),
    isEndless: true,
  },
  { ...row('accepts connections and says nothing', 'timeout'), start: silent, isEndless: true },

  // What is not HTTP, not JSON or not an answer.
  { ...row('is not HTTP', 'malformed'), ...showing({ kind: 'garbage' }) },
  { ...row('sends 100 kB of headers', 'malformed'), ...answering(200, '{}', { 'x-filler': 'x'.repeat(100_000) }) },
  { ...row('answers a page', 'malformed'), ...showing({ kind: 'html' }) },
  { ...row('answers nothing', 'malformed'), ...showing({ kind: 'empty' }) },
  { ...row('answers half of the JSON', 'malformed'), ...showing({ kind: 'half' }) },
  { ...row('answers an array', 'malformed'), ...answering(200, `["${heldValue}"]`) },
  { ...row('answers a text', 'malformed'), ...answering(200, `"${heldValue}"`) },
  { ...row('answers null', 'malformed'), ...answering(200, 'null') },
  { ...row('answers an empty object', 'malformed'), ...answering(200, '{}') },
  { ...row('answers something else', 'malformed'), ...answering(200, `{"value":"${heldValue}"}`) },
  { ...row('answers bare words', 'malformed'), ...answering(200, `{"SecretString": ${heldValue}}`) },
  { ...row('answers a number for a value', 'malformed'), ...answering(200, '{"SecretString":5}') },
  { ...row('answers lists that are none', 'malformed'), ...answering(200, '{"SecretValues":5,"Errors":"x"}') },
  { ...row('answers lists of nothing', 'malformed'), ...answering(200, '{"SecretValues":[null],"Errors":[null]}') },
  { ...row('answers bytes that are none', 'malformed'), ...answering(200, '{"SecretBinary":"%%%"}') },
  { ...row('nests too deeply', 'malformed'), ...answering(200, `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`) },

  // Size.
  { ...row('announces 100 MB', 'malformed'), ...huge(100 * mebibyte, true), ...tooLarge },
  { ...row('sends 100 MB in chunks', 'malformed'), ...huge(100 * mebibyte, false), ...tooLarge },
  { ...row('announces a byte more than 1 MiB', 'malformed'), ...huge(mebibyte + 1, true), ...tooLarge },
  { ...row('sends a byte more than 1 MiB in chunks', 'malformed'), ...huge(mebibyte + 1, false), ...tooLarge },
  { ...row('sends 1 MiB of nothing', 'malformed'), ...huge(mebibyte, true) },
  { ...row('sends 100 MB packed', 'malformed'), ...showing({ kind: 'gzip_bomb', bytes: 100 * mebibyte }) },

  // Statuses without a word of the service.
  ...[500, 502, 503, 504].map(status => withPage(status, 'unavailable')),
  ...[401, 403, 404, 418].map(status => withPage(status, 'malformed')),
  { ...row('answers 500 and nothing', 'unavailable'), ...answering(500, ''), details: { status: 500 } },
  { ...row('answers 400 and nothing', 'unavailable'), ...answering(400, ''), details: { transient: false } },
  { ...row('answers 503 and a time', 'unavailable'), ...answering(503, '', { 'retry-after': '2' }), ...after(2000) },
  { ...row('answers a page with 429', 'throttled'), ...answering(429, page, { 'retry-after': '3' }), ...after(3000) },

  // Exceptions of the service.
  ...['7', '0', '99999999'].map(seconds => limiting(seconds, Number(seconds) * 1000)),
  ...['-1', 'soon', '', '1e9', '9'.repeat(30)].map(text => limiting(text, undefined)),
  { ...row('limits the rate until a date', 'throttled'), ...throttling('Sun, 22 Nov 2126 12:00:00 GMT') },
  {
    ...row('limits the rate until long ago', 'throttled'),
    ...throttling('Sun, 22 Nov 2020 12:00:00 GMT'),
    ...after(0),
  },
  { ...row('denies', 'forbidden'), ...showing(awsException('AccessDeniedException')) },
  { ...row('cannot use the KMS key', 'forbidden'), ...showing(awsException('DecryptionFailure')) },
  { ...row('finds the token expired', 'unauthenticated'), ...showing(awsException('ExpiredTokenException')) },
  { ...row('does not know the key', 'unauthenticated'), ...showing(awsException('UnrecognizedClientException')) },
  { ...row('refuses the signature', 'unauthenticated'), ...showing(awsException('InvalidSignatureException')) },
  { ...row('fails', 'unavailable'), ...showing(awsException('InternalServiceError', { status: 500 })) },
  { ...row('refuses for a new reason', 'unavailable'), ...showing(awsException('NewException')) },

  // Redirects.
  ...[301, 302, 303, 307, 308].map(status => toAnotherHost(status)),
  { ...row('redirects to itself', 'insecure'), ...redirecting(307, { toItself: true }) },
  { ...row('redirects from https to http', 'insecure'), ...redirecting(307, { tls: true }), trusted: 'valid' },

  // TLS.
  { ...row('shows a certificate of its own making', 'insecure'), ...speaking(true), ...tls },
  {
    ...row('shows an old certificate', 'insecure'),
    ...speaking({ certificate: 'expired' }),
    ...tls,
    trusted: 'expired',
  },
  {
    ...row('shows the certificate of another host', 'insecure'),
    ...speaking({ certificate: 'other_host' }),
    ...tls,
    trusted: 'other_host',
  },
  { ...row('speaks TLS 1.1', 'insecure'), ...speaking({ old: true }), ...tls, trusted: 'valid' },
  { ...row('speaks no TLS to https', 'insecure'), ...speaking(false, url => url.replace('http:', 'https:')), ...tls },
  { ...row('speaks TLS to http', 'unavailable'), ...speaking(true, url => url.replace('https:', 'http:')) },
]

function row(title: string, ...kinds: readonly SecretErrorKind[]): Pick<FaultRow, 'title' | 'kinds'> {
  return { title, kinds }
}

function withPage(status: number, kind: SecretErrorKind): FaultRow {
  return { ...row(`answers a page with ${status}`, kind), ...answering(status, page, html), details: { status } }
}

function limiting(retryAfter: string, retryAfterMs: number | undefined): FaultRow {
  const title = `limits the rate for "${retryAfter}"`
  return { ...row(title, 'throttled'), ...throttling(retryAfter), ...after(retryAfterMs) }
}

function toAnotherHost(status: number): FaultRow {
  return { ...row(`redirects to another host with ${status}`, 'insecure'), ...redirecting(status) }
}

type Start = Pick<FaultRow, 'start'>

function showing(fault: Fault): Start {
  return {
    start: async () => {
      const manager = await holding()
      manager.break(fault)
      return sceneOf(manager)
    },
  }
}

function answering(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Start {
  return showing({ kind: 'answer', answer: { status, body, headers } })
}

function huge(bytes: number, announced: boolean): Start {
  return showing({ kind: 'huge', bytes, announced })
}

function throttling(retryAfter: string): Start {
  return showing(awsException('ThrottlingException', { headers: { 'retry-after': retryAfter } }))
}

function after(retryAfterMs: number | undefined): Pick<FaultRow, 'details'> {
  return { details: { retryAfterMs } }
}

function speaking(tlsOption: LoopbackServerOptions['tls'], place = (url: string): string => url): Start {
  return { start: async () => sceneOf(await holding({ tls: tlsOption }), { place }) }
}

interface Redirection extends LoopbackServerOptions {
  readonly toItself?: boolean
}

function redirecting(
  status: number,
  { toItself = false, ...options }: Redirection = {},
): Omit<FaultRow, 'title' | 'kinds'> {
  const start = async (): Promise<FaultScene> => {
    const [manager, stranger] = [await holding(options), await holding()]
    const to = `${toItself ? manager.url : stranger.url}/`
    manager.break({ kind: 'redirect', to, status })
    return sceneOf(manager, { stranger })
  }
  return { start, details: { detail: 'redirect' } }
}

async function refused(): Promise<FaultScene> {
  const manager = await holding()
  await manager.refuse()
  return sceneOf(manager)
}

async function unknownHost(): Promise<FaultScene> {
  return sceneOf(await holding(), { place: () => 'http://secrets.invalid' })
}

/** TLS waits for what never comes. */
async function silent(): Promise<FaultScene> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket
      .on('error', () => {})
      .once('close', () => sockets.delete(socket))
      .resume()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `https://127.0.0.1:${port}`,
    openConnections: () => sockets.size,
    strayRequests: () => 0,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A stand-in that holds a document and one secret a key. */
async function holding(options?: LoopbackServerOptions): Promise<FakeSecretsManager> {
  const manager = await startFakeSecretsManager(options)
  manager.put('app', JSON.stringify({ HELD_KEY: heldValue }))
  for (const name of ['key/HELD_KEY', 'key/OTHER_KEY']) manager.put(name, heldValue)
  return manager
}

interface SceneDetails {
  readonly place?: (url: string) => string
  readonly stranger?: FakeSecretsManager
}

function sceneOf(manager: FakeSecretsManager, { place = url => url, stranger }: SceneDetails = {}): FaultScene {
  return {
    url: place(manager.url),
    openConnections: () => manager.openConnections,
    strayRequests: () => stranger?.requests.length ?? 0,
    [Symbol.asyncDispose]: async () => {
      await manager.close()
      await stranger?.close()
    },
  }
}
