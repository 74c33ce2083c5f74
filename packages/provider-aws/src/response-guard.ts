/** Bytes that an answer may have; Secrets Manager's largest secret is 64 KiB. */
const maxBytes = 1024 * 1024

const sniffedBytes = 64

/** An answer that cannot be the service's, with the members of an error of the SDK. It never leaves this package. */
class UnusableResponse extends Error {
  readonly code: string
  readonly $response: HttpResponse

  constructor(code: string, response: HttpResponse) {
    super(code)
    this.code = code
    this.$response = response
  }
}

/** What is looked at of a request. */
interface HttpRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
}

interface HttpResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: AsyncIterable<Uint8Array> & { destroy(): void }
}

/** The slice of the SDK's HTTP handler that is guarded. */
export interface GuardedHandler {
  handle(request: never, options?: never): Promise<{ readonly response: unknown }>
}

/**
 * Has a handler read whole bodies before the SDK does: left alone that parses 100 MB in 18 seconds during which nothing
 * else runs. Answers that are too large, cut off, redirects or pages fail with the codes `too_large`, `cut_off`,
 * `redirect` and `not_json`.
 *
 * On the handler and not among the client's middleware, because the SDK hands the handler on to the clients that it asks
 * for credentials.
 */
export function guardResponses(handler: GuardedHandler): void {
  const handle = handler.handle.bind(handler)
  handler.handle = async (request, options) => {
    const result = await handle(request, options)
    // The handler is the SDK's own for Node; it takes and answers these.
    const response = result.response as HttpResponse
    const isJson = 'x-amz-target' in (request as HttpRequest).headers
    try {
      // The SDK takes bytes in place of a stream.
      Object.assign(response, { body: await readBody(response, isJson) })
    } catch (error) {
      response.body.destroy()
      throw error
    }
    return result
  }
}

async function readBody(response: HttpResponse, isJson: boolean): Promise<Uint8Array> {
  const { statusCode: status, headers, body } = response
  if (status >= 300 && status < 400) throw new UnusableResponse('redirect', response)
  const content = Number(headers['content-length']) > maxBytes ? undefined : await collect(body, response)
  if (content === undefined) throw new UnusableResponse('too_large', response)
  // Not by its type: moto answers JSON as `text/html`. The protocol has an object or nothing in every body, and the SDK
  // unpacks nothing, so that compressed bodies end here too.
  if (!isJson || /^\s*(\{|$)/.test(content.toString('latin1', 0, sniffedBytes))) return content
  throw new UnusableResponse('not_json', response)
}

/** The whole body; `undefined` when it is too large. */
async function collect(body: AsyncIterable<Uint8Array>, response: HttpResponse): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maxBytes) return undefined
    }
  } catch {
    throw new UnusableResponse('cut_off', response)
  }
  return Buffer.concat(chunks)
}
