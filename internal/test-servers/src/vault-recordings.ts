import { readdirSync, readFileSync } from 'node:fs'

/** What a real server was asked and what it answered. */
export interface RecordedExchange {
  /** File and name: `kv2/read-deleted`. */
  readonly id: string
  readonly request: RecordedRequest
  readonly response: RecordedResponse
}

/** What was asked. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As it was sent; longer ones are only described, in brackets. */
  readonly body: string
}

/** What was answered. */
export interface RecordedResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As it came. */
  readonly body: string
}

/** All exchanges with OpenBao 2.5.5, those of a file in their order. */
export function recordedVaultExchanges(): readonly RecordedExchange[] {
  const folder = new URL('fixtures/openbao/', import.meta.url)
  return readdirSync(folder)
    .toSorted()
    .flatMap(file => exchangesOf(file.replace(/\.json$/, ''), readFileSync(new URL(file, folder), 'utf8')))
}

interface Recording {
  readonly exchanges: readonly {
    readonly name: string
    readonly request: Omit<RecordedRequest, 'body'> & { readonly body?: unknown }
    readonly response: RecordedResponse
  }[]
}

function exchangesOf(file: string, text: string): readonly RecordedExchange[] {
  // The files are ours and have this shape.
  const { exchanges } = JSON.parse(text) as Recording
  return exchanges.map(({ name, request, response }) => ({
    id: `${file}/${name}`,
    request: { ...request, body: bodyOf(request.body) },
    response,
  }))
}

function bodyOf(body: unknown): string {
  if (body === undefined || body === null) return ''
  return typeof body === 'string' ? body : JSON.stringify(body)
}
