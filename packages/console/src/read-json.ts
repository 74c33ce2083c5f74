import { Refused } from './answers.ts'
import { type ConsoleRequest, headerOf } from './exchange.ts'

const largest = 64 * 1024

/**
 * The body of a request; that which a framework has read already is taken from it.
 *
 * @throws Refused 400, 413
 */
export async function readJson(request: ConsoleRequest): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(headerOf(request, 'content-type') ?? '')) {
    throw new Refused(400, 'NOT_JSON', 'A body must be sent as application/json.')
  }
  const { body } = request
  if (body !== undefined) return body
  try {
    return JSON.parse(await textOf(request)) as unknown
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused(400, 'INVALID_REQUEST', 'The body is no JSON.')
  }
}

async function textOf(request: ConsoleRequest): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size > largest) throw new Refused(413, 'BODY_TOO_LARGE', 'The body is too large.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}
