import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './api-types.ts'

/** Where a server is, and as whom it is asked. */
export interface ApiClientOptions {
  /** Such as `http://127.0.0.1:8787`; `''` in a page of the server itself. */
  readonly url: string
  /** An API token. Default: none, as in a page, whose cookie the browser sends. */
  readonly token?: string | undefined
  /** Default: that of the platform. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * A client of the server whose paths, parameters and answers are checked by the compiler, against `openapi.json`.
 *
 * Its methods resolve to `{ data }`, or to `{ error }` with the problem details of a refusal; they reject when the server
 * does not answer.
 */
export function createApiClient({ url, token, fetch = globalThis.fetch }: ApiClientOptions): Client<paths> {
  return createClient<paths>({
    baseUrl: url,
    fetch,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
}
