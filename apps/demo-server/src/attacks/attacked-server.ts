import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { FileSecretProvider } from '@st/provider-file'
import { sql } from 'kysely'
import { type Browser, openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer, type RunOptions, type TestUser } from '../testing/running-server.ts'
import { addressOf, exampleOf, type Route } from './all-routes.ts'

/** A request that would be carried out, were it not for what makes it an attack. */
export interface AttackRequest {
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly json?: unknown
}

/** A server with somebody to attack and somebody who attacks, which others use all the while. */
export interface AttackedServer extends AsyncDisposable {
  readonly server: RunningServer
  /** Signed in as the administrator, who has just given the password. */
  readonly browser: Browser
  /** Has a session, tokens, and whatever else belongs to a user. */
  readonly victim: TestUser
  /** May do what operators may. */
  readonly attacker: TestUser
  /** What the parameters of addresses are filled with: what there is, and belongs to the victim. */
  readonly things: Readonly<Record<string, string | number>>
  /** What to attack a route with. */
  readonly requestTo: (route: Route) => AttackRequest
  /** All that is stored, but for what being looked at changes, and for what was refused. */
  readonly state: () => Promise<string>
  /** How the requests of the others were answered, each status once. */
  readonly othersAnswered: () => readonly number[]
}

/** Starts one. */
export async function attackServer(options: RunOptions = {}): Promise<AttackedServer> {
  // Each test has a home of its own, this server lives longer.
  const folder = await mkdtemp(join(tmpdir(), 'st-attacked-'))
  const filePath = join(folder, 'secrets.json')
  const server = await runServer({ providers: [new FileSecretProvider({ filePath })], ...options })
  await server.secrets.setSecret('KEPT', 'kept-secret-value')
  const victim = await server.makeUser('victim', 'viewer')
  const attacker = await server.makeUser('attacker', 'operator')
  const browser = await openBrowser(server, server.admin)
  await openBrowser(server, victim)
  const things = await thingsOf(server, victim)
  const others = useMeanwhile(server, victim)
  return {
    server,
    browser,
    victim,
    attacker,
    things,
    requestTo: route => requestTo(route, things),
    state: async () => JSON.stringify([await stateOf(server), await readFile(filePath, 'utf8')], null, 1),
    othersAnswered: others.answered,
    [Symbol.asyncDispose]: async () => {
      await others.stop()
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

async function thingsOf({ services }: RunningServer, { id }: TestUser): Promise<AttackedServer['things']> {
  const [session] = await services.sessions.list(id)
  const [token] = await services.apiTokens.list(id)
  const credential = { provider: 'replicate', name: 'api_token' }
  await services.credentials.set({ userId: id, ...credential }, { value: 'r8_of_the_victim' }, { name: 'test' })
  return {
    id,
    sessionId: session?.id ?? 0,
    tokenId: token?.id ?? 0,
    permission: 'admin.users',
    sequence: 1,
    key: 'KEPT',
    ...credential,
  }
}

/** Bodies whose rules a schema does not tell. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/users': { name: 'planted', role: 'admin', password: 'a password of the attacker' },
  'PATCH /api/users/{id}': { role: 'admin' },
  'PUT /api/users/{id}/permissions/{permission}': { isGranted: true },
  'PUT /api/cloud/providers/{provider}/config': { webhook_url: 'https://attacker.example/' },
  'PUT /api/cloud/providers/{provider}/token': { api_token: 'r8_of_the_attacker' },
  'PUT /api/hardware': { hardware: { 'gpu-l40s': { name: 'cheap', cost_per_second: 0 } } },
  'POST /api/hardware/cost': { hardware: 'gpu-l40s', seconds: 1 },
}

function requestTo(route: Route, things: AttackedServer['things']): AttackRequest {
  const { method, path, body, bodyType } = route
  const json = bodies[`${method} ${path}`] ?? (body && exampleOf(body))
  const address = addressOf(route, things)
  if (json === undefined) return { path: address, method, headers: {} }
  return { path: address, method, headers: { 'content-type': bodyType }, json }
}

/** What attempts leave behind, or requests that only look. */
const volatileTables = new Set(['audit_anchor', 'login_attempt', 'idempotent_request'])
const readings: ReadonlySet<unknown> = new Set(['audit.exported', 'backup.created'])
const volatileColumns = new Set(['last_seen_at', 'last_used_at'])

async function stateOf({ services: { database } }: RunningServer): Promise<unknown> {
  const tables = await database.reads.introspection.getTables()
  const kept = tables.map(({ name }) => name).filter(name => !volatileTables.has(name))
  const state: [string, unknown][] = []
  for (const table of kept) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(database.reads)
    const lasting = rows
      .filter(row => row['outcome'] !== 'refused' && !readings.has(row['event_type']))
      .map(withoutVolatile)
    state.push([table, table === 'audit_entry' ? lasting.map(whatWasDone) : lasting])
  }
  return state
}

function withoutVolatile(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !volatileColumns.has(column)))
}

/** Numbers and hashes of entries depend on those that were refused. */
function whatWasDone({ event_type: type, target_id: target, details }: Record<string, unknown>): unknown {
  return [type, target, details]
}

/** Somebody who goes on using the server with a token. */
function useMeanwhile(
  server: RunningServer,
  as: TestUser,
): { readonly answered: () => readonly number[]; readonly stop: () => Promise<void> } {
  const answered = new Set<number>()
  const stopped = new AbortController()
  const using = (async () => {
    while (!stopped.signal.aborted) {
      const { status } = await server.send('/api/session', { as })
      answered.add(status)
      // Somebody who works, not one more attack.
      await delay(20)
    }
  })()
  return {
    answered: () => [...answered],
    stop: async () => {
      stopped.abort()
      await using
    },
  }
}
