import { callOf, type Call, problem, Refused, type Reply, send } from './answers.ts'
import type { ConsolePart, ConsoleSettings } from './api-shapes.ts'
import { assetFiles } from './asset-files.ts'
import { type ConsoleSchemas, formRules } from './form-rules.ts'
import { page } from './page.ts'
import { type ConsoleRequest, type ConsoleResponse, headerOf } from './exchange.ts'

/** What the application knows of who asks for the page. */
export interface ConsoleVisitor {
  /** Whether somebody is signed in. Default: the page asks the API. */
  readonly isSignedIn?: boolean | undefined
  /** Whether the first administrator is still to be made. Default `false`. */
  readonly isFirstRun?: boolean | undefined
}

/** Answers a request, like {@link ConsoleHandler}, for a visitor of whom something is known. */
export type ConsoleAssetsHandler = (
  request: ConsoleRequest,
  response: ConsoleResponse,
  visitor?: ConsoleVisitor,
) => Promise<void>

/** Answers a request of `node:http`, of Express, or of Fastify through `request.raw` and `reply.raw`. */
export type ConsoleHandler = (request: ConsoleRequest, response: ConsoleResponse) => Promise<void>

/** What the page is served with. */
export interface ConsoleAssetsOptions {
  /** Path at which the handler is mounted. Default `/`. */
  readonly basePath?: string | undefined
  /** Name of the application, on the page and in the title. Default `Secrets`. */
  readonly title?: string | undefined
  /** Views that the application's own API below `{basePath}api/` answers for. Default: all. */
  readonly parts?: readonly ConsolePart[] | undefined
  /** Whether nothing can be changed. Default `false`. */
  readonly readOnly?: boolean | undefined
  /** JSON Schemas of what the forms of the application's API take; fields keep to them. Default: fields take anything. */
  readonly schemas?: ConsoleSchemas | undefined
  /** Whether the page asks people to sign in at `{basePath}api/session`. Default `true`. */
  readonly signIn?: boolean | undefined
}

/** Every part of the console. */
const consoleParts: readonly ConsolePart[] = [
  'secrets',
  'providers',
  'doctor',
  'caches',
  'credentials',
  'configs',
  'prices',
  'audit',
  'keys',
  'backup',
  'users',
  'account',
]

/**
 * The page of the console with its script, style and texts, for an application that has the API of the console itself.
 * Serves every path below the base path but `api/`, which is answered 404.
 *
 * @throws TypeError for a `basePath` that does not begin with a slash.
 */
export function consoleAssets(options: ConsoleAssetsOptions = {}): ConsoleAssetsHandler {
  const base = normalizedBase(options.basePath)
  const { title = 'Secrets', parts = consoleParts, readOnly = false, signIn = true } = options
  const rules = formRules(options.schemas ?? {})
  return async (request, response, { isSignedIn, isFirstRun = false } = {}) => {
    const settings: ConsoleSettings = {
      base,
      title,
      parts,
      isReadOnly: readOnly,
      needsSignIn: signIn,
      isFirstRun,
      rules,
      ...(isSignedIn === undefined ? {} : { isSignedIn }),
    }
    send(request, response, replyOr404(request, settings))
  }
}

function replyOr404(request: ConsoleRequest, settings: ConsoleSettings): Reply {
  try {
    const redirect = redirectToBase(request, settings.base)
    if (redirect !== undefined) return redirect
    const call = callOf(request, settings.base)
    if (call === undefined || call.segments[0] === 'api') throw nothingHere()
    return assetReply(request, call, settings)
  } catch (error) {
    if (error instanceof Refused) return problem(error)
    throw error
  }
}

/** The page, or one of its files. @throws Refused 404, 405 */
export function assetReply(request: ConsoleRequest, { method, segments }: Call, settings: ConsoleSettings): Reply {
  if (method !== 'GET' && method !== 'HEAD') {
    throw new Refused(405, 'METHOD_NOT_ALLOWED', 'Pages can be read only.')
  }
  if (segments[0] === 'assets') return fileReply(request, segments.slice(1).join('/'))
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page(settings) }
}

/** Of a path that is nothing. */
export function nothingHere(): Refused {
  return new Refused(404, 'NO_SUCH_PAGE', 'There is nothing at this address.')
}

/** The base path with a slash at both ends. @throws TypeError */
export function normalizedBase(basePath = '/'): string {
  if (!basePath.startsWith('/')) throw new TypeError('basePath must begin with a slash.')
  return basePath.endsWith('/') ? basePath : `${basePath}/`
}

/** Leads `/console` to `/console/`, below which the page finds its files. */
export function redirectToBase({ url }: ConsoleRequest, base: string): Reply | undefined {
  const [path] = (url ?? '').split('?')
  return path !== '' && `${path}/` === base ? { status: 308, headers: { location: base } } : undefined
}

function fileReply(request: ConsoleRequest, name: string): Reply {
  const file = assetFiles().files.get(name)
  if (file === undefined) throw nothingHere()
  const { type, etag, content } = file
  const kept = { 'cache-control': 'public, max-age=31536000, immutable', etag, vary: 'accept-encoding' }
  if (headerOf(request, 'if-none-match') === etag) return { status: 304, headers: kept }
  const encoding = encodingFor(headerOf(request, 'accept-encoding'))
  const body = encoding === undefined ? content : file[encoding]
  const encoded = encoding === undefined ? {} : { 'content-encoding': encoding }
  return { status: 200, headers: { ...kept, ...encoded, 'content-type': type }, body }
}

/** The smallest form that a client understands (RFC 9110 §12.5.3). */
function encodingFor(accepted = ''): 'br' | 'gzip' | undefined {
  const known = accepted
    .split(',')
    .filter(item => !/;\s*q=0(\.0*)?\s*$/.test(item))
    .map(item => item.split(';')[0]?.trim())
  return (['br', 'gzip'] as const).find(encoding => known.includes(encoding))
}
