import { type Signal, signal } from '../state/signal.ts'
import type { ProblemView } from '../../api-shapes.ts'
import { settings } from '../state/settings.ts'

/** Why a request was not answered as wanted. */
export class RequestProblem extends Error {
  /** Of the answer; 0 when there was none. */
  readonly status: number
  /** Stable; `OFFLINE` when there was no answer. */
  readonly code: string
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | undefined

  constructor({ status, code, detail }: Pick<ProblemView, 'status' | 'code' | 'detail'>, retryAfter?: number) {
    super(detail)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** What is sent. */
export interface RequestOptions {
  /** Default: `GET`, or `POST` with a body. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined
  /** The body. */
  readonly json?: unknown
  /** A file in the place of a body, and what it takes besides. */
  readonly upload?: { readonly file: Blob; readonly headers: Readonly<Record<string, string>> } | undefined
  /** Whether the answer is a file. Default: JSON. */
  readonly isFile?: boolean | undefined
  /** The `ETag` of what is changed. */
  readonly ifMatch?: string | undefined
  readonly signal?: AbortSignal | null | undefined
  /** Whether a sign-in that has ended is told instead of asked for again. */
  readonly isSignIn?: boolean | undefined
}

/** What came back. */
export interface Answer<T> {
  readonly data: T
  readonly etag: string | undefined
}

/** Whether the server does not answer at present. */
export const isOffline: Signal<boolean> = signal(false)
/** Counts up each time that the server has come back. */
export const revivals: Signal<number> = signal(0)
/** What asks the user for a password while a request waits; resolves to whether it was given. */
export const passwordAsker: { ask: (why: 'ended' | 'fresh') => Promise<boolean> } = { ask: async () => false }

/**
 * Asks the API. A request that takes a new sign-in, or the password once more, waits for it and is sent again.
 *
 * @param path - Below `api/`, with its names encoded.
 * @throws RequestProblem
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const response = await answered(options, () => fetch(`${settings.base}api/${path}`, initOf(options)))
  if (response.ok) {
    // The types of the caller are those of the schemas that the answers are made by.
    const data = (await answered(options, () => bodyOf(response, options))) as T
    return { data, etag: response.headers.get('etag') ?? undefined }
  }
  const problem = await problemOf(response)
  const why = options.isSignIn === true ? undefined : passwordNeed(problem)
  if (why !== undefined && (await passwordAsker.ask(why))) return request(path, options)
  throw problem
}

/** A path of parts, as a type: what is known of it is known to whoever is given it. */
export type PathOf<Parts extends readonly (string | number)[]> = Parts extends readonly [
  infer First extends string | number,
  ...infer Rest extends readonly (string | number)[],
]
  ? Rest extends readonly []
    ? `${First}`
    : `${First}/${PathOf<Rest>}`
  : string

/** Joins the parts of a path, each of which may hold anything. */
export function pathOf<const Parts extends readonly (string | number)[]>(...parts: Parts): PathOf<Parts> {
  // The type says the same of the parts that are known.
  return parts.map(part => encodeURIComponent(part)).join('/') as PathOf<Parts>
}

async function bodyOf(response: Response, { isFile = false }: RequestOptions): Promise<unknown> {
  if (response.status === 204) return undefined
  return isFile ? response.blob() : response.json()
}

/** Tells of a connection that was lost, also in the middle of an answer, and of an answer that is none of the API. */
async function answered<R>({ signal: aborted }: RequestOptions, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (error) {
    if (aborted?.aborted === true) throw error
    if (error instanceof SyntaxError) throw new RequestProblem({ status: 502, code: 'UNKNOWN', detail: '' })
    noteOffline()
    throw new RequestProblem({ status: 0, code: 'OFFLINE', detail: '' })
  }
}

function initOf({ method, json, upload, ifMatch, signal: aborted = null }: RequestOptions): RequestInit {
  const body = upload?.file ?? (json === undefined ? null : JSON.stringify(json))
  const headers = {
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...upload?.headers,
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
  }
  return { method: method ?? (body === null ? 'GET' : 'POST'), headers, cache: 'no-store', body, signal: aborted }
}

async function problemOf(response: Response): Promise<RequestProblem> {
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  // Anything may stand before the server, such as a proxy that answers in its own way.
  const told: unknown = await response.json().catch(() => undefined)
  const {
    status = response.status,
    code = 'UNKNOWN',
    detail = response.statusText,
  } = (told ?? {}) as Partial<ProblemView>
  return new RequestProblem({ status, code, detail }, Number.isNaN(after) ? undefined : after)
}

function passwordNeed({ code }: RequestProblem): 'ended' | 'fresh' | undefined {
  if (code === 'SIGN_IN_NEEDED') return 'ended'
  return code === 'PASSWORD_NEEDED' ? 'fresh' : undefined
}

/** Looks every second whether the server is back. */
function noteOffline(): void {
  if (isOffline.value) return
  isOffline.value = true
  const look = async (): Promise<void> => {
    try {
      const response = await fetch(settings.base, { method: 'HEAD', cache: 'no-store' })
      // A proxy answers so while what is behind it is gone.
      if (response.status >= 502 && response.status <= 504) throw new TypeError('gone')
      isOffline.value = false
      revivals.value += 1
    } catch {
      setTimeout(() => void look(), 1000)
    }
  }
  setTimeout(() => void look(), 1000)
}
