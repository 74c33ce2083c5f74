import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Answer } from './answer.ts'

/** Ways in which a server can go wrong instead of giving the answer that it has. */
export type Fault =
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Ends the connection with a TCP reset. */
  | { readonly kind: 'reset' }
  /** Ends the connection without a word. */
  | { readonly kind: 'close' }
  /** Answers something that is not HTTP. */
  | { readonly kind: 'garbage' }
  /** Answers this instead; the body is JSON unless the headers say otherwise. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Answers 200 with a page that quotes the answer, as a captive portal or a debugging proxy does. */
  | { readonly kind: 'html' }
  /** Answers with the right status and type and no body. */
  | { readonly kind: 'empty' }
  /** Announces the whole answer (or, unannounced, sends it in chunks), sends half of it and closes. */
  | { readonly kind: 'truncated'; readonly announced?: boolean }
  /** Announces the whole answer, sends half of it and ends the connection with a TCP reset. */
  | { readonly kind: 'reset_midway' }
  /** Sends half of the answer as if it were all of it. */
  | { readonly kind: 'half' }
  /** Sends the client elsewhere. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** Answers a byte at a time. */
  | { readonly kind: 'drip'; readonly intervalMs: number }
  /** Sends a header a byte at a time, and never comes to its end. */
  | { readonly kind: 'drip_header'; readonly intervalMs: number }
  /** Answers with this many bytes, announced or in chunks. */
  | { readonly kind: 'huge'; readonly bytes: number; readonly announced: boolean }
  /** Answers with a small body that unpacks to this many bytes. */
  | { readonly kind: 'gzip_bomb'; readonly bytes: number }

/** The answer and the connection that a fault is shown on. */
export interface FaultScene {
  /** What the server would have answered. */
  readonly answer: Answer
  readonly response: ServerResponse
  /** Told how much of a huge body went out. */
  readonly onSent: (bytes: number) => void
}

/** Shows a fault in place of an answer; resolves when there is no more to send. */
export async function showFault(fault: Fault, scene: FaultScene): Promise<void> {
  // Each entry takes the member of the union under whose name it stands.
  await (shows[fault.kind] as (fault: Fault, scene: FaultScene) => Promise<void> | void)(fault, scene)
}

type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>

const shows: { readonly [Kind in Fault['kind']]: (fault: FaultOf<Kind>, scene: FaultScene) => Promise<void> | void } = {
  hang: () => {},
  reset: (_fault, { response }) => {
    response.socket?.resetAndDestroy()
  },
  close: (_fault, { response }) => {
    response.socket?.end()
  },
  garbage: (_fault, { response }) => {
    response.socket?.end('\u0000\u0001 this is no HTTP\r\n\r\n')
  },
  answer: ({ answer }, { response }) => sendAnswer(response, answer),
  html: (_fault, { answer, response }) => {
    const headers = { 'content-type': 'text/html' }
    sendAnswer(response, { status: 200, headers, body: `<html><pre>${answer.body ?? ''}</pre></html>` })
  },
  empty: (_fault, { answer, response }) => sendAnswer(response, { ...answer, body: '' }),
  truncated: ({ announced = true }, scene) => sendHalf(scene, { announced, ending: socket => socket.end() }),
  reset_midway: (_fault, scene) => sendHalf(scene, { announced: true, ending: socket => socket.resetAndDestroy() }),
  half: (_fault, { answer, response }) => {
    const body = Buffer.from(answer.body ?? '')
    sendAnswer(response, { ...answer, body: body.subarray(0, body.length / 2).toString() })
  },
  redirect: ({ to, status = 307 }, { response }) => sendAnswer(response, { status, headers: { location: to } }),
  drip: ({ intervalMs }, scene) => drip(intervalMs, scene),
  drip_header: ({ intervalMs }, { response }) => dripHeader(intervalMs, response),
  huge: (fault, scene) => sendHuge(fault, scene),
  gzip_bomb: (fault, scene) => sendGzipBomb(fault, scene),
}

/** Sends a whole answer. */
export function sendAnswer(response: ServerResponse, answer: Answer): void {
  // Node announces no length where the headers are written by hand, and sends chunks.
  const length = answer.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(answer.body)) }
  response.writeHead(answer.status, { ...headersOf(answer), ...length })
  response.end(answer.body)
}

function headersOf({ headers }: Answer): Readonly<Record<string, string>> {
  return { 'content-type': 'application/json', ...headers }
}

interface Half {
  readonly announced: boolean
  readonly ending: (socket: Socket) => void
}

function sendHalf({ answer, response }: FaultScene, { announced, ending }: Half): void {
  const body = Buffer.from(answer.body ?? '')
  response.writeHead(answer.status, { ...headersOf(answer), ...(announced && { 'content-length': body.length }) })
  response.write(body.subarray(0, body.length / 2), () => response.socket && ending(response.socket))
}

async function drip(intervalMs: number, { answer, response }: FaultScene): Promise<void> {
  response.writeHead(answer.status, headersOf(answer))
  for (const byte of Buffer.from(answer.body ?? '')) {
    if (response.destroyed) return
    response.write(Buffer.of(byte))
    await delay(intervalMs, undefined, { ref: false })
  }
  response.end()
}

async function dripHeader(intervalMs: number, { socket }: ServerResponse): Promise<void> {
  socket?.write('HTTP/1.1 200 OK\r\nx-slow: ')
  for (;;) {
    if (!socket?.writable) return
    socket.write('x')
    await delay(intervalMs, undefined, { ref: false })
  }
}

async function sendHuge({ bytes, announced }: FaultOf<'huge'>, { response, onSent }: FaultScene): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  response.writeHead(200, { 'content-type': 'application/json', ...(announced && { 'content-length': bytes }) })
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    await new Promise(resolve => {
      response.once('close', resolve)
      response.write(chunk.subarray(0, bytes - sent), resolve)
    })
    response.removeAllListeners('close')
    onSent(Math.min(chunk.length, bytes - sent))
  }
  response.end()
}

const mebibyte = 1024 * 1024

/** RFC 1952 §2.2: members of a gzip file simply follow one another, so that one stands for all. */
function sendGzipBomb({ bytes }: FaultOf<'gzip_bomb'>, { response }: FaultScene): void {
  const member = gzipSync(Buffer.alloc(mebibyte, 'x'))
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
  response.end(Buffer.concat(Array.from({ length: Math.ceil(bytes / mebibyte) }, () => member)))
}
