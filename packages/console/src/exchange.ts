/** As much of a request as the console reads: what `node:http`, Express and Fastify's `request.raw` have. */
export interface ConsoleRequest extends AsyncIterable<Uint8Array> {
  /** Default `GET`. */
  readonly method?: string | undefined
  /** The path with its query; Express takes the mount path away from it. */
  readonly url?: string | undefined
  /** The whole address, where Express keeps it. */
  readonly originalUrl?: unknown
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The body, where a framework has read it already. Default: it is read. */
  readonly body?: unknown
}

/** As much of a response as the console writes: what `node:http`, Express and Fastify's `reply.raw` have. */
export interface ConsoleResponse {
  /** Sends the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown
  /** Sends the body and ends. */
  end(body?: string | Uint8Array): unknown
}

/** A header of a request; where there are several of that name, all of them in one. */
export function headerOf({ headers }: Pick<ConsoleRequest, 'headers'>, name: string): string | undefined {
  return headers[name]?.toString()
}
