/** What a client asked. */
export interface ReceivedRequest {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a server answers. */
export interface Answer {
  readonly status: number
  /** Default: a `content-type` of JSON. */
  readonly headers?: Readonly<Record<string, string>>
  /** Default: nothing. */
  readonly body?: string
}

/** An answer with a JSON body. */
export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) }
}
