import { SecretError, type SecretsManager } from '@st/secrets-core'
import type { TTLCache } from '@st/ttl-cache'
import { type Call, callOf, json, problem, Refused, type Reply, send } from './answers.ts'
import type { ConsoleSettings } from './api-shapes.ts'
import { CacheAnswers } from './cache-answers.ts'
import { assetReply, type ConsoleHandler, normalizedBase, nothingHere, redirectToBase } from './console-assets.ts'
import { ProviderAnswers } from './provider-answers.ts'
import { readJson } from './read-json.ts'
import { requireSameSite } from './same-site.ts'
import { SecretAnswers } from './secret-answers.ts'
import type { ConsoleRequest } from './exchange.ts'

/** What a console shows. */
export interface ConsoleOptions {
  /** The manager whose keys and providers are shown; never a value. */
  readonly manager: SecretsManager
  /** Caches by the names under which they are shown. Default: none. */
  readonly caches?: Readonly<Record<string, TTLCache<unknown>>> | undefined
  /** Path at which the handler is mounted. Default `/`. */
  readonly basePath?: string | undefined
  /** Whether nothing can be changed: no cache is cleared, no provider tested. Default `false`. */
  readonly readOnly?: boolean | undefined
  /** Name of the application, on the page and in its title. Default `Secrets`. */
  readonly title?: string | undefined
  /** Keys that are listed whether or not anybody has them. Default: none. */
  readonly keys?: readonly string[] | undefined
  /** Default: the system's clock. */
  readonly now?: (() => number) | undefined
  /** Gets what a request failed with unexpectedly; the client is told nothing of it. Default: it is dropped. */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/** A console that is mounted: a handler, which takes figures of the caches until it is closed. */
export interface MountedConsole extends ConsoleHandler, Disposable {
  /** Ends the taking of figures. The handler still answers. */
  close(): void
}

/**
 * A console over a manager and its caches: `(request, response)` for `node:http`, Express, or Fastify's raw objects. It
 * serves the page and a read API below `{basePath}api/` that never holds a value.
 *
 * It lets in whoever gets to it: mount it behind the sign-in of the application.
 *
 * @throws TypeError for a `basePath` that does not begin with a slash.
 */
export function createConsole(options: ConsoleOptions): MountedConsole {
  const { manager, caches, title = 'Secrets', readOnly = false, keys = [], now = Date.now, onFailure } = options
  const base = normalizedBase(options.basePath)
  const providers = new ProviderAnswers(manager, now)
  const cacheAnswers = caches && new CacheAnswers(caches, now)
  const settings: ConsoleSettings = {
    base,
    title,
    parts: ['secrets', 'providers', ...(cacheAnswers === undefined ? [] : (['caches'] as const))],
    isReadOnly: readOnly,
    needsSignIn: false,
    isFirstRun: false,
    rules: {},
  }
  const secrets = new SecretAnswers(manager, { keys, now }, ({ steps }) => providers.note(steps))
  const parts: Parts = { settings, secrets, providers, caches: cacheAnswers }
  const handler: ConsoleHandler = async (request, response) => {
    send(request, response, await replyTo(request, parts, onFailure))
  }
  const close = (): void => {
    providers.stop()
    cacheAnswers?.stop()
  }
  return Object.assign(handler, { close, [Symbol.dispose]: close })
}

interface Parts {
  readonly settings: ConsoleSettings
  readonly secrets: SecretAnswers
  readonly providers: ProviderAnswers
  readonly caches: CacheAnswers | undefined
}

async function replyTo(request: ConsoleRequest, parts: Parts, onFailure: ConsoleOptions['onFailure']): Promise<Reply> {
  const { settings } = parts
  try {
    const redirect = redirectToBase(request, settings.base)
    if (redirect !== undefined) return redirect
    const call = callOf(request, settings.base)
    if (call === undefined) throw nothingHere()
    if (call.segments[0] !== 'api') return assetReply(request, call, settings)
    return json(await answer(request, call, parts))
  } catch (error) {
    return problem(refusalOf(error, onFailure))
  }
}

function answer(request: ConsoleRequest, call: Call, parts: Parts): unknown {
  const { method, segments, query } = call
  const path = segments.slice(1)
  if (method === 'GET' || method === 'HEAD') return read(path, query, parts)
  if (method !== 'POST') throw new Refused(405, 'METHOD_NOT_ALLOWED', 'This API is read by GET and asked by POST.')
  requireSameSite(request)
  if (parts.settings.isReadOnly) throw new Refused(403, 'READ_ONLY', 'This console changes nothing.')
  return act(request, path, parts)
}

async function act(request: ConsoleRequest, path: readonly string[], { providers, caches }: Parts): Promise<unknown> {
  const [what, name = '', action, ...rest] = path
  const route = rest.length === 0 ? `${what} ${action}` : ''
  if (route === 'providers test') return providers.health(name, true)
  if (route === 'caches invalidate' && caches !== undefined) return caches.clear(name, await readJson(request))
  throw nothingHere()
}

async function read(path: readonly string[], query: URLSearchParams, parts: Parts): Promise<unknown> {
  const [what, name = '', detail] = path
  const isFresh = query.get('fresh') !== 'false'
  switch (`${what} ${path.length} ${detail ?? ''}`) {
    case 'console 1 ':
      return parts.settings
    case 'secrets 1 ':
      return { secrets: await parts.secrets.list(isFresh) }
    case 'secrets 2 ':
      return parts.secrets.one(keyOf(name), isFresh)
    case 'secrets 3 explain':
      return parts.secrets.explain(keyOf(name))
    case 'providers 1 ':
      return { providers: parts.providers.list() }
    case 'providers 3 health':
      return parts.providers.health(name, false)
    default:
      return readCaches(path, query, parts)
  }
}

function readCaches(
  [what, name, detail, ...rest]: readonly string[],
  query: URLSearchParams,
  { caches }: Parts,
): unknown {
  if (what !== 'caches' || caches === undefined || rest.length > 0) throw nothingHere()
  if (name === undefined) return { caches: caches.list() }
  if (detail !== 'history') throw nothingHere()
  return { points: caches.points(name, query.get('window')) }
}

function keyOf(name: string): string {
  if (name !== '' && name.length <= 256) return name
  throw new Refused(400, 'INVALID_REQUEST', 'A key has 1 to 256 characters.')
}

function refusalOf(error: unknown, onFailure: ConsoleOptions['onFailure']): Refused {
  if (error instanceof Refused) return error
  // Messages of the core never hold a value.
  if (SecretError.isInstance(error)) return new Refused(503, error.code, error.message)
  onFailure?.(error)
  return new Refused(500, 'INTERNAL', 'The server failed at this.')
}
