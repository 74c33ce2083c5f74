import { once } from 'node:events'
import { createServer, request, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on a port of its own. */
export interface Served extends AsyncDisposable {
  readonly url: string
  /** Sends a request as it is given, without what `fetch` adds or forbids. */
  send(path: string, options?: SentOptions): Promise<Answered>
}

/** What is sent. */
export interface SentOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What came back. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
  readonly json: () => unknown
}

/** Serves on loopback until it is disposed of. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens on a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    send: (path, options) => send(port, path, options),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function send(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: SentOptions = {},
): Promise<Answered> {
  const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer> & { statusCode: number; headers: object }]
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  const content = Buffer.concat(pieces)
  const json = (): unknown => JSON.parse(content.toString())
  return { status: response.statusCode, headers: { ...response.headers }, body: content, json }
}
