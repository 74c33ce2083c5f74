import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ConsoleAssetsOptions, consoleAssets } from '@st/console'
import { formSchemas } from '@st/demo-server/form-schemas'
import { administrator, revealed, startData } from './console-data.ts'

/** An answer that stands in the place of the one that a path has. */
export interface Planted {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that came. */
export interface Came {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly ifMatch: string | undefined
}

/** The console with a stand-in for its server, which does as it is told. */
export interface ConsoleWorld extends AsyncDisposable {
  readonly url: string
  /** Answers by path below `api/`; each has a version. */
  readonly data: Map<string, unknown>
  readonly versions: Map<string, number>
  /** By method and path, such as `POST keys/rotation`; each is used once. */
  readonly planted: Map<string, Planted>
  /** Changes and questions that came, without those of lists. */
  readonly came: Came[]
  /** What was sent to the browser, all of it but what was revealed. */
  readonly sent: string[]
  /** Who is signed in. */
  user: object | undefined
  isFresh: boolean
  /** Ends the server, as when it dies. */
  die(): Promise<void>
  /** Starts it again at the same address. */
  revive(): Promise<void>
}

/** Starts one. */
export async function startConsoleWorld(options: ConsoleAssetsOptions = {}): Promise<ConsoleWorld> {
  const page = consoleAssets({ title: '@st demo', schemas: formSchemas, ...options })
  let server: Server | undefined
  let port = 0
  const world: ConsoleWorld = {
    url: '',
    data: startData(),
    versions: new Map(),
    planted: new Map(),
    came: [],
    sent: [],
    user: administrator,
    isFresh: true,
    die: async () => {
      server?.closeAllConnections()
      server?.close()
      if (server !== undefined) await once(server, 'close')
    },
    revive: async () => {
      server = createServer((request, response) => {
        const isApi = request.url?.startsWith('/api/') === true
        if (isApi) void answer(world, request, response)
        else void page(request, response, { isSignedIn: world.user !== undefined })
      }).listen(port, '127.0.0.1')
      await once(server, 'listening')
      // It listens on a port.
      port = (server.address() as AddressInfo).port
    },
    [Symbol.asyncDispose]: async () => world.die(),
  }
  await world.revive()
  return Object.assign(world, { url: `http://127.0.0.1:${port}/` })
}

async function answer(world: ConsoleWorld, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '', headers } = request
  const path = decodeURIComponent(url.slice('/api/'.length).split('?')[0] ?? '')
  const body = await bodyOf(request)
  if (method !== 'GET') world.came.push({ method, path, body, ifMatch: headers['if-match'] })
  const planted = world.planted.get(`${method} ${path}`)
  world.planted.delete(`${method} ${path}`)
  const told = planted ?? reply(world, { method, path, body, ifMatch: headers['if-match'] })
  const version = world.versions.get(path) ?? 1
  const text = told.body === undefined ? '' : JSON.stringify(told.body)
  if (!path.endsWith('/reveal')) world.sent.push(text)
  const type = told.status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(told.status, { 'content-type': type, etag: `"${version}"`, ...told.headers })
  response.end(text)
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += String(piece)
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

function reply(world: ConsoleWorld, came: Came): Planted {
  const { method, path, body } = came
  if (path === 'session' || path.startsWith('session/')) return replyOfSession(world, method, body)
  if (world.user === undefined) return problem(401, 'SIGN_IN_NEEDED', 'Sign in.')
  if (method === 'GET') {
    const found = world.data.get(path)
    return found === undefined ? problem(404, 'NOT_FOUND', 'There is no such thing.') : { status: 200, body: found }
  }
  return act(world, came)
}

function replyOfSession(world: ConsoleWorld, method: string, body: unknown): Planted {
  if (method === 'GET')
    return world.user === undefined ? problem(401, 'SIGN_IN_NEEDED', '') : { status: 200, body: world.user }
  if (method === 'DELETE') {
    world.user = undefined
    return { status: 204 }
  }
  // Every form of this path has one.
  const { password } = body as { readonly password?: string }
  if (password !== 'right') return problem(401, 'WRONG_PASSWORD', 'The name or the password is wrong.')
  world.isFresh = true
  world.user ??= administrator
  return { status: 201, body: world.user }
}

/** Answers to questions, by how their path ends. */
const answers: readonly (readonly [string, (body: unknown) => Planted])[] = [
  ['/invalidate', body => ({ status: 200, body: { count: 12, dryRun: Object(body).dryRun === true } })],
  ['hardware/cost', () => ({ status: 200, body: { cost: '3.51' } })],
  ['/validate', () => ({ status: 200, body: { outcome: 'valid', account: 'ada' } })],
  ['/tokens', () => ({ status: 201, body: { secret: 'st_once_only' } })],
]

function act(world: ConsoleWorld, { method, path, body, ifMatch }: Came): Planted {
  if (path.endsWith('/reveal')) {
    return world.isFresh ? { status: 200, body: { value: revealed } } : problem(403, 'PASSWORD_NEEDED', 'Again.')
  }
  const known = answers.find(([end]) => path.endsWith(end))
  if (known !== undefined) return known[1](body)
  const version = world.versions.get(path) ?? 1
  if (ifMatch !== undefined && ifMatch !== `"${version}"`) return problem(412, 'STALE_VERSION', 'It was changed.')
  if (method === 'PUT' || method === 'PATCH') {
    world.versions.set(path, version + 1)
    const changed = { ...Object(world.data.get(path)), ...Object(body) }
    world.data.set(path, changed)
    return { status: 200, body: changed }
  }
  return method === 'DELETE' ? { status: 204 } : { status: 200, body: {} }
}

function problem(status: number, code: string, detail: string): Planted {
  return { status, body: { type: 'about:blank', title: code, status, detail, code, requestId: 'r' } }
}
