import { connect, type Socket } from 'node:net'

/** Sends bytes as they are; gives all that comes back until the server ends the connection, or `ends` says that it is enough. */
export async function rawRequest(
  port: number,
  bytes: string | Buffer,
  ends: (received: string) => boolean = () => false,
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return received(socket, ends)
}

/** What comes back on a connection. One that is reset gives what came until then. */
export function received(socket: Socket, ends: (received: string) => boolean = () => false): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  socket.setEncoding('latin1')
  socket.on('data', chunk => {
    text += String(chunk)
    if (ends(text)) socket.destroy()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => resolve(text))
  return promise
}

/** The status of the first answer; 0 where there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

/** How many answers there are. */
export function answerCount(answer: string): number {
  return answer.split('HTTP/1.1 ').length - 1
}
