import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Answer, ReceivedRequest } from './answer.ts'
import { type Fault, sendAnswer, showFault } from './fault.ts'

/** How a server listens. */
export interface LoopbackServerOptions {
  /** Speak TLS; `true` with the certificate at {@link loopbackCertificatePath}. Default: false. */
  readonly tls?: boolean | LoopbackTls | undefined
}

/** How a server speaks TLS. */
export interface LoopbackTls {
  /** Which certificate it shows. Default: `'valid'`. */
  readonly certificate?: LoopbackCertificate | undefined
  /** Speak TLS 1.1 and nothing newer. Default: false. */
  readonly old?: boolean | undefined
}

/** Certificates, all of one key and each signed by itself: one that is trusted is also its own authority. */
export type LoopbackCertificate =
  /** Names 127.0.0.1 alone. */
  | 'valid'
  /** Has been out of date since 2001. */
  | 'expired'
  /** Names another host. */
  | 'other_host'

/** Files of the certificates. */
export const loopbackCertificatePaths: Readonly<Record<LoopbackCertificate, string>> = {
  valid: fixturePath('loopback-certificate.pem'),
  expired: fixturePath('loopback-certificate-expired.pem'),
  other_host: fixturePath('loopback-certificate-other-host.pem'),
}

/** The certificate that is shown unless told otherwise. */
export const loopbackCertificatePath: string = loopbackCertificatePaths.valid

interface ActiveFault {
  readonly fault: Fault
  readonly when: (request: ReceivedRequest) => boolean
}

/** An HTTP server on 127.0.0.1 that remembers what it was asked and can be made to fail. */
export abstract class LoopbackServer implements AsyncDisposable {
  /** Every request so far, those that met a fault included. */
  readonly requests: ReceivedRequest[] = []
  /** Bytes of huge bodies that went out. */
  bytesSent = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #scheme: string
  #faults: ActiveFault[] = []
  #port = 0

  constructor({ tls = false }: LoopbackServerOptions = {}) {
    const serve = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response)
    this.#server = tls ? createHttpsServer(tlsSettings(tls === true ? {} : tls), serve) : createHttpServer(serve)
    this.#scheme = tls ? 'https' : 'http'
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  /** Address, without a slash at the end. */
  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`
  }

  /** Connections that are open at present. */
  get openConnections(): number {
    return this.#sockets.size
  }

  /** Starts listening; on the same port as before, where there was one. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (typeof address === 'object' && address !== null) this.#port = address.port
  }

  /** Shows a fault on every request, or on those that `when` picks, until healed. The first that fits is shown. */
  break(fault: Fault, when: (request: ReceivedRequest) => boolean = () => true): void {
    this.#faults.push({ fault, when })
  }

  /** Stops listening: connections are refused until healed. */
  async refuse(): Promise<void> {
    this.#server.close()
    this.#dropConnections()
    await once(this.#server, 'close')
  }

  /** Ends every fault. */
  async heal(): Promise<void> {
    this.#faults = []
    if (!this.#server.listening) await this.listen()
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    if (this.#server.listening) await this.refuse()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** What this server answers when nothing is wrong. */
  protected abstract answer(request: ReceivedRequest): Answer

  #dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {})
    const request = await receive(incoming).catch(() => undefined)
    if (request === undefined) return
    this.requests.push(request)
    const active = this.#faults.find(({ when }) => when(request))
    if (active === undefined) return sendAnswer(response, this.answer(request))
    const onSent = (bytes: number): void => void (this.bytesSent += bytes)
    await showFault(active.fault, { answer: this.answer(request), response, onSent })
  }
}

/** A server whose answers a test writes itself. */
class ScriptedServer extends LoopbackServer {
  readonly #script: (request: ReceivedRequest) => Answer

  constructor(script: (request: ReceivedRequest) => Answer, options?: LoopbackServerOptions) {
    super(options)
    this.#script = script
  }

  protected answer(request: ReceivedRequest): Answer {
    return this.#script(request)
  }
}

/** Starts a server that answers what the function says. */
export async function startScriptedServer(
  script: (request: ReceivedRequest) => Answer,
  options?: LoopbackServerOptions,
): Promise<LoopbackServer> {
  const server = new ScriptedServer(script, options)
  await server.listen()
  return server
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
  const { method = 'GET', url: path = '/' } = incoming
  return { method, path, headers: Object.fromEntries(headers), body: await text(incoming) }
}

function tlsSettings({ certificate = 'valid', old = false }: LoopbackTls): ServerOptions {
  return {
    cert: readFileSync(loopbackCertificatePaths[certificate], 'utf8'),
    key: loopbackKey(),
    // OpenSSL 3 speaks it at security level 0 alone.
    ...(old && { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  }
}

/**
 * The private key of the certificates, as PEM. Anybody may have it: it is for 127.0.0.1 alone. It lies there as bare base64, which no search for
 * lost keys stops at.
 */
export function loopbackKey(): string {
  const key = Buffer.from(readFileSync(fixturePath('loopback-key.txt'), 'utf8'), 'base64')
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }).toString()
}

function fixturePath(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
}
