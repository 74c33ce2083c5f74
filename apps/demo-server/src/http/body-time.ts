import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** What a body that may take long must bring on average: a modem's worth, in bytes a second. */
const leastRate = 8 * 1024

const mayTakeLong = new WeakSet<IncomingMessage>()

/**
 * Ends connections on which a body does not come in time. Node has one limit for all requests, which is too short for what
 * is large, or leaves others time to hold connections.
 */
export function limitBodyTime(app: FastifyInstance, limitMs: number): void {
  const onLate = (socket: IncomingMessage['socket'], response: ServerResponse): void => {
    const error = Object.assign(new Error('The body did not come in time.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    if (response.headersSent) socket.destroy()
    else app.server.emit('clientError', error, socket)
  }
  // Not a hook: those do not see every request.
  app.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (hasBody(request)) watch(request, response, { limitMs, onLate })
  })
  // Node would answer them itself, and wait for their body. They may be ignored (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    app.server.emit('request', request, response)
  })
}

/** Lets a body take longer than others, as long as it comes at a modest speed. For who has been let through. */
export function allowLongBody(request: IncomingMessage): void {
  mayTakeLong.add(request)
}

/** Without either header there is none (RFC 9112, section 6.3). */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

interface Watch {
  readonly limitMs: number
  readonly onLate: (socket: IncomingMessage['socket'], response: ServerResponse) => void
}

function watch(request: IncomingMessage, response: ServerResponse, { limitMs, onLate }: Watch): void {
  const { socket } = request
  const begun = performance.now()
  const before = socket.bytesRead
  let timer: NodeJS.Timeout
  const check = (): void => {
    if (request.complete || socket.destroyed) return
    const earnedMs = mayTakeLong.has(request) ? ((socket.bytesRead - before) / leastRate) * 1000 : 0
    const leftMs = begun + limitMs + earnedMs - performance.now()
    if (leftMs > 0) arm(leftMs)
    else onLate(socket, response)
  }
  const arm = (ms: number): void => {
    timer = setTimeout(check, Math.ceil(ms)).unref()
  }
  arm(limitMs)
  // What was answered before it had come may still come.
  response.once('close', () => {
    if (request.complete) clearTimeout(timer)
  })
}
