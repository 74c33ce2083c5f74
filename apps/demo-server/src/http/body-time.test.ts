import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { allowLongBody, limitBodyTime } from './body-time.ts'
import { refuseUnreadable } from './unreadable-requests.ts'

const limitMs = 10_000

let app: FastifyInstance
/** Bytes of bodies that routes have got. */
let got: number
/** When they answer. Default: at once. */
let release: Promise<void> | undefined

beforeEach(async () => {
  got = 0
  release = undefined
  app = fastify({ clientErrorHandler: refuseUnreadable, forceCloseConnections: true })
  limitBodyTime(app, limitMs)
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
  const count = async (body: unknown): Promise<string> => {
    if (body instanceof Readable) for await (const piece of body) got += Buffer.from(piece).length
    await release
    return `${got} bytes`
  }
  app.post('/short', async request => count(request.body))
  app.post('/long', async request => {
    allowLongBody(request.raw)
    return count(request.body)
  })
  // Answers, and lets the body come.
  app.get('/early', async () => 'early')
  await app.listen()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})

afterEach(async () => {
  vi.useRealTimers()
  await app.close()
})

it('a body that does not come in time is cut off, however much of it came', async () => {
  const socket = await send('/short', 100_000, { part: 90_000 })

  vi.advanceTimersByTime(limitMs)

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 .*"code":"REQUEST_TOO_SLOW"/s)
})

it('one that may take long takes as long as it comes fast enough', async () => {
  const socket = await send('/long', 800_000, { part: 400_000 })

  vi.advanceTimersByTime(limitMs + 30_000)
  socket.write(Buffer.alloc(300_000))
  await untilGot(700_000)
  vi.advanceTimersByTime(30_000)
  socket.write(Buffer.alloc(100_000))

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*800000 bytes$/s)
})

it('one that may take long, and of which no more comes, is cut off', async () => {
  const socket = await send('/long', 500_000, { part: 400_000 })

  vi.advanceTimersByTime(limitMs + 50_000)

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
})

it.each(['', 'Expect: something\r\n'])('a body that nobody waits for is cut off, too: %j', async headers => {
  const socket = connect(portOf(app), '127.0.0.1')
  socket.write(`GET /early HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: 10\r\n\r\n`)
  await once(socket, 'readable')

  vi.advanceTimersByTime(limitMs)

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*early$/s)
})

it('an answer may take long once the body has come', async () => {
  const released = Promise.withResolvers<void>()
  release = released.promise
  const socket = await send('/short', 10)

  vi.advanceTimersByTime(2 * limitMs)
  released.resolve()

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*10 bytes$/s)
})

it('an answer is not cut off, nor the next request on its connection', async () => {
  const socket = await send('/short', 10, { keepAlive: true })
  await once(socket, 'readable')

  vi.advanceTimersByTime(2 * limitMs)
  socket.write('GET /early HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*10 bytesHTTP\/1\.1 200 .*early$/s)
})

/** Sends a body or a part of it, and waits until it has come. */
async function send(
  path: string,
  length: number,
  { part = length, keepAlive = false }: { readonly part?: number; readonly keepAlive?: boolean } = {},
): Promise<Socket> {
  const socket = connect(portOf(app), '127.0.0.1')
  const headers = `Host: x\r\nConnection: ${keepAlive ? 'keep-alive' : 'close'}\r\nContent-Type: application/octet-stream\r\n`
  socket.write(`POST ${path} HTTP/1.1\r\n${headers}Content-Length: ${length}\r\n\r\n`)
  socket.write(Buffer.alloc(part))
  await untilGot(part)
  return socket
}

async function untilGot(bytes: number): Promise<void> {
  for (let before = got; before < bytes; before = got) await setImmediate()
}

function portOf({ server }: FastifyInstance): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
