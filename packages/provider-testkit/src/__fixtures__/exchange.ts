import { once } from 'node:events'
import { request, type Agent, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

/** What a server answered. */
export interface Exchange {
  readonly status: number
  readonly location: string | undefined
  readonly isJson: boolean
  readonly body: string
}

/** What is asked. */
export interface Question {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly agent: Agent
  readonly signal: AbortSignal
}

/** The answer was longer than any that is expected. */
export class TooLongError extends Error {}

const maxBytes = 1_000_000

/** Asks once, follows nothing, and reads no more than an answer may be long. */
export async function exchange({ url, method, headers, body, agent, signal }: Question): Promise<Exchange> {
  const asked = request(url, { method, agent, signal })
  // Not among the options, which Node prints under NODE_DEBUG=http.
  for (const [name, value] of Object.entries(headers)) asked.setHeader(name, value)
  asked.end(body)
  // The event has one argument, of this type.
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let received = 0
  answer.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received > maxBytes) answer.destroy(new TooLongError('too long'))
  })
  const { statusCode: status = 0, headers: answered } = answer
  const isJson = answered['content-type'] === 'application/json'
  return { status, location: answered.location, isJson, body: await text(answer) }
}
