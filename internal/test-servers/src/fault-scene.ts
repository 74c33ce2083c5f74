import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { ReceivedRequest } from './answer.ts'
import type { Fault } from './fault.ts'
import type { LoopbackServer, LoopbackServerOptions } from './loopback-server.ts'

/** Where something answers that has gone wrong. */
export interface FaultScene extends AsyncDisposable {
  readonly url: string
  /** Whether a request, or where there can be none a connection, has arrived. */
  isReached(): boolean
  /** Connections to it that are open at present. */
  openConnections(): number
  /** Requests that reached a host that it points to. */
  strayRequests(): number
}

/** Starts a scene. */
export type StartScene = () => Promise<FaultScene>

/** Ways in which one kind of server, or what is in its place, goes wrong. */
export class FaultScenes {
  readonly #start: (options?: LoopbackServerOptions) => Promise<LoopbackServer>
  readonly #when: ((request: ReceivedRequest) => boolean) | undefined

  /**
   * @param start - Starts a server that has what is asked for.
   * @param when - Picks the requests that meet the fault. Default: all.
   */
  constructor(
    start: (options?: LoopbackServerOptions) => Promise<LoopbackServer>,
    when?: (request: ReceivedRequest) => boolean,
  ) {
    this.#start = start
    this.#when = when
  }

  /** It shows a fault. */
  showing(fault: Fault): StartScene {
    return async () => {
      const server = await this.#start()
      server.break(fault, this.#when)
      return sceneOf(server)
    }
  }

  /** It answers this. */
  answering(status: number, body = '', headers: Readonly<Record<string, string>> = {}): StartScene {
    return this.showing({ kind: 'answer', answer: { status, body, headers } })
  }

  /** It redirects to another server. */
  redirecting(status: number, options: LoopbackServerOptions = {}): StartScene {
    return async () => {
      const [server, stranger] = [await this.#start(options), await this.#start()]
      server.break({ kind: 'redirect', to: `${stranger.url}/`, status }, this.#when)
      return sceneOf(server, { stranger })
    }
  }

  /** It speaks TLS in some way, or none; `place` says at which address it is looked for. */
  speaking(tls: LoopbackServerOptions['tls'], place?: (url: string) => string): StartScene {
    return async () => sceneOf(await this.#start({ tls }), { place })
  }

  /** Nobody listens. */
  refusing(): StartScene {
    return async () => {
      const server = await this.#start()
      await server.refuse()
      return sceneOf(server)
    }
  }

  /** Its name leads nowhere. */
  unknown(): StartScene {
    return async () => sceneOf(await this.#start(), { place: () => 'http://secrets.invalid' })
  }

  /** It accepts connections and says nothing, for which TLS waits. */
  silent(): StartScene {
    return startSilentScene
  }
}

interface SceneDetails {
  readonly place?: ((url: string) => string) | undefined
  readonly stranger?: LoopbackServer
}

function sceneOf(server: LoopbackServer, { place = url => url, stranger }: SceneDetails = {}): FaultScene {
  return {
    url: place(server.url),
    isReached: () => server.requests.length > 0,
    openConnections: () => server.openConnections,
    strayRequests: () => stranger?.requests.length ?? 0,
    [Symbol.asyncDispose]: async () => {
      await server.close()
      await stranger?.close()
    },
  }
}

async function startSilentScene(): Promise<FaultScene> {
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
    isReached: () => sockets.size > 0,
    openConnections: () => sockets.size,
    strayRequests: () => 0,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
