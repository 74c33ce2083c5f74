import type { SecretErrorKind } from '@st/secrets-core/provider'
import { type FaultScenes, type LoopbackCertificate, refusal, type StartScene, vaultRefusals } from '@st/test-servers'

/** Held by the secrets of every scene; no error may show it. */
export const heldValue = 'fault-canary-value-5d17'

/** One way in which the server, or what is in its place, goes wrong. */
export interface FaultRow {
  readonly title: string
  /** Any of these is right. */
  readonly kinds: readonly SecretErrorKind[]
  readonly start: (scenes: FaultScenes) => StartScene
  /** Further members of the error. */
  readonly details?: Readonly<Record<string, unknown>>
  /** It ends when the signal aborts, and not before. */
  readonly isEndless?: boolean
  /** Certificate that is trusted. */
  readonly trusted?: LoopbackCertificate
  /** It is shown on the body of an answer, which some have not. */
  readonly needsBody?: boolean
  /** Who writes may take the answer for the word that it is done. */
  readonly mayMeanDone?: boolean
  /** Variables of the environment. */
  readonly variables?: Readonly<Record<string, string>>
}

const mebibyte = 1024 * 1024
const html = { 'content-type': 'text/html' }
const page = `<html><body>${heldValue}</body></html>`
const cutOff = { details: { detail: 'cut_off', transient: true } }
const tooLarge = { details: { detail: 'too_large', transient: false } }
const tls = { details: { detail: 'tls', transient: false } }
const redirect = { details: { detail: 'redirect', transient: false } }

/** The rows of the fault matrix that any request can meet. */
export const faultRows: readonly FaultRow[] = [
  // Connections.
  { ...row('refuses connections', 'unavailable'), start: scenes => scenes.refusing() },
  { ...row('has a name that nobody knows', 'unavailable'), start: scenes => scenes.unknown() },
  { ...row('closes the connection', 'unavailable'), start: scenes => scenes.showing({ kind: 'close' }) },
  { ...row('resets the connection', 'unavailable'), start: scenes => scenes.showing({ kind: 'reset' }) },
  {
    ...row('resets the connection within an answer', 'malformed'),
    start: scenes => scenes.showing({ kind: 'reset_midway' }),
    needsBody: true,
    ...cutOff,
  },
  {
    ...row('closes the connection within an answer', 'malformed'),
    start: scenes => scenes.showing({ kind: 'truncated' }),
    needsBody: true,
    ...cutOff,
  },
  {
    ...row('ends within chunks', 'malformed'),
    start: scenes => scenes.showing({ kind: 'truncated', announced: false }),
    needsBody: true,
    ...cutOff,
  },
  endless('never answers', scenes => scenes.showing({ kind: 'hang' })),
  {
    ...endless('answers a byte at a time', scenes => scenes.showing({ kind: 'drip', intervalMs: 20 })),
    needsBody: true,
  },
  endless('sends an endless header', scenes => scenes.showing({ kind: 'drip_header', intervalMs: 20 })),
  endless('accepts connections and says nothing', scenes => scenes.silent()),

  // What is not HTTP, not JSON or not an answer.
  { ...row('is not HTTP', 'malformed'), start: scenes => scenes.showing({ kind: 'garbage' }) },
  {
    ...row('sends 100 kB of headers', 'malformed'),
    start: scenes => scenes.answering(200, '{}', { 'x-filler': 'x'.repeat(100_000) }),
  },
  { ...row('answers a page', 'malformed'), start: scenes => scenes.showing({ kind: 'html' }) },
  { ...row('answers nothing', 'malformed'), start: scenes => scenes.showing({ kind: 'empty' }), needsBody: true },
  {
    ...row('answers half of the JSON', 'malformed'),
    start: scenes => scenes.showing({ kind: 'half' }),
    needsBody: true,
  },
  ...[`["${heldValue}"]`, `"${heldValue}"`, 'null', '5', '{}', `{"value":"${heldValue}"}`].map(malformedJson),
  ...[`{"data":"${heldValue}"}`, `{"data":["${heldValue}"]}`, '{"data":null}', '{"data":5}'].map(malformedJson),
  ...[`{"data": ${heldValue}}`, '{"data":{"A":"1"},}', '\ufeff{}', '{"data":{"A":"\u0001"}}'].map(malformedJson),
  {
    ...row('nests too deeply', 'malformed'),
    start: scenes => scenes.answering(200, `{"data":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
  },
  {
    ...row('says that its JSON is text', 'malformed'),
    start: scenes => scenes.answering(200, '{"data":{"data":{},"metadata":{}}}', { 'content-type': 'text/plain' }),
  },
  ...[201, 202, 203, 206].map(status => refusingWith(status, 'malformed')),
  {
    ...row('answers 204', 'malformed'),
    start: scenes => scenes.showing({ kind: 'answer', answer: { status: 204 } }),
    mayMeanDone: true,
  },

  // Size.
  ...[true, false].flatMap(announced => [tooMuch(100 * mebibyte, announced), tooMuch(mebibyte + 1, announced)]),
  {
    ...row('sends 1 MiB of nothing', 'malformed'),
    start: scenes => scenes.showing({ kind: 'huge', bytes: mebibyte, announced: true }),
  },
  {
    ...row('sends 100 MB packed', 'malformed'),
    start: scenes => scenes.showing({ kind: 'gzip_bomb', bytes: 100 * mebibyte }),
  },

  // Statuses without a word of Vault.
  ...[500, 502, 503, 504].map(status => withPage(status, 'unavailable')),
  ...[401, 403, 404, 405, 418].map(status => withPage(status, 'malformed')),
  { ...row('answers 500 and nothing', 'unavailable'), start: scenes => scenes.answering(500) },
  { ...row('answers 404 and nothing', 'malformed'), start: scenes => scenes.answering(404) },
  { ...row('answers 400 and nothing', 'malformed'), start: scenes => scenes.answering(400) },
  {
    ...row('answers 503 and a time', 'unavailable'),
    start: scenes => scenes.answering(503, '', { 'retry-after': '2' }),
    details: { retryAfterMs: 2000 },
  },

  // Refusals of Vault that may pass.
  ...['7', '0', '99999999'].map(seconds => limiting(seconds, Number(seconds) * 1000)),
  ...['-1', 'soon', '', '1e9', '9'.repeat(30)].map(text => limiting(text, undefined)),
  limiting('Sun, 22 Nov 2020 12:00:00 GMT', 0),
  {
    ...row('is sealed', 'unavailable'),
    start: scenes => scenes.showing({ kind: 'answer', answer: vaultRefusals.sealed }),
    details: { status: 503, detail: 'sealed', transient: true },
  },
  refusingWith(412, 'unavailable'),

  // Redirects.
  ...[301, 302, 303, 307, 308].map(toAnotherHost),
  {
    ...row('redirects to itself without end', 'malformed', 'insecure'),
    start: scenes => scenes.answering(307, '', { location: './again' }),
    ...redirect,
  },
  {
    ...row('redirects from https to http', 'insecure'),
    start: scenes => scenes.redirecting(307, { tls: true }),
    trusted: 'valid',
    ...redirect,
  },
  {
    ...row('redirects to nowhere', 'malformed', 'insecure'),
    start: scenes => scenes.answering(307, '', { location: 'http://[' }),
    ...redirect,
  },
  { ...row('redirects without saying where', 'malformed'), start: scenes => scenes.answering(307), ...redirect },

  // TLS.
  { ...row('shows a certificate of its own making', 'insecure'), start: scenes => scenes.speaking(true), ...tls },
  ...['false', '0', 'no', 'TRUE '].map(withoutSkipping),
  {
    ...row('shows an old certificate', 'insecure'),
    start: scenes => scenes.speaking({ certificate: 'expired' }),
    trusted: 'expired',
    ...tls,
  },
  {
    ...row('shows the certificate of another host', 'insecure'),
    start: scenes => scenes.speaking({ certificate: 'other_host' }),
    trusted: 'other_host',
    ...tls,
  },
  { ...row('speaks TLS 1.1', 'insecure'), start: scenes => scenes.speaking({ old: true }), trusted: 'valid', ...tls },
  {
    ...row('speaks no TLS to https', 'insecure'),
    start: scenes => scenes.speaking(false, url => url.replace('http:', 'https:')),
    ...tls,
  },
  {
    ...row('speaks TLS to http', 'unavailable', 'malformed'),
    start: scenes => scenes.speaking(true, url => url.replace('https:', 'http:')),
  },
]

function row(title: string, ...kinds: readonly SecretErrorKind[]): Pick<FaultRow, 'title' | 'kinds'> {
  return { title, kinds }
}

function endless(title: string, start: FaultRow['start']): FaultRow {
  return { ...row(title, 'timeout'), start, isEndless: true }
}

function malformedJson(body: string): FaultRow {
  return {
    ...row(`answers ${body}`, 'malformed'),
    start: scenes => scenes.answering(200, body),
    mayMeanDone: /^\ufeff?{/.test(body),
  }
}

function tooMuch(bytes: number, announced: boolean): FaultRow {
  const title = `${announced ? 'announces' : 'sends in chunks'} ${bytes} bytes`
  return {
    ...row(title, 'malformed'),
    start: scenes => scenes.showing({ kind: 'huge', bytes, announced }),
    ...tooLarge,
  }
}

function withPage(status: number, kind: SecretErrorKind): FaultRow {
  const start = (scenes: FaultScenes): StartScene => scenes.answering(status, page, html)
  return { ...row(`answers a page with ${status}`, kind), start, details: { status } }
}

function refusingWith(status: number, kind: SecretErrorKind): FaultRow {
  const start = (scenes: FaultScenes): StartScene =>
    scenes.showing({ kind: 'answer', answer: refusal(status, heldValue) })
  return { ...row(`answers ${status} with a text`, kind), start, details: { status } }
}

function limiting(retryAfter: string, retryAfterMs: number | undefined): FaultRow {
  const answer = { ...vaultRefusals.rateLimited, headers: { 'retry-after': retryAfter } }
  return {
    ...row(`limits the rate for "${retryAfter}"`, 'throttled'),
    start: scenes => scenes.showing({ kind: 'answer', answer }),
    details: { retryAfterMs, transient: true },
  }
}

function toAnotherHost(status: number): FaultRow {
  const start = (scenes: FaultScenes): StartScene => scenes.redirecting(status)
  return { ...row(`redirects to another host with ${status}`, 'insecure'), start, ...redirect }
}

function withoutSkipping(value: string): FaultRow {
  return {
    ...row(`shows a certificate of its own making while VAULT_SKIP_VERIFY is "${value}"`, 'insecure'),
    start: scenes => scenes.speaking(true),
    variables: { VAULT_SKIP_VERIFY: value },
    ...tls,
  }
}
