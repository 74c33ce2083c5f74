import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ChildServer, makeAdministrator, startServer } from '../testing/child-server.ts'

const isLong = process.env['ST_LONG_TESTS'] === '1'
const credentials = '/api/users/me/credentials'
const config = '/api/cloud/providers/replicate/config'
const rotation = '/api/keys/rotation'

let folder: string
/** An API token of the administrator, which outlives the server that made it. */
let token: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'st-killed-'))
  // Ended in an orderly way, so that the ones that are killed find their code compiled.
  await using server = await start()
  const headers = { ...(await makeAdministrator(server)), 'content-type': 'application/json' }
  const made = await fetch(`${server.url}/api/users/me/tokens`, { method: 'POST', headers, body: '{"name":"test"}' })
  // As the route declares.
  token = ((await made.json()) as { readonly secret: string }).secret
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('a server that is killed while it writes has stored what it had answered, whole and with its audit entry', async () => {
  const acknowledged = new Map<string, string>()
  const trials = isLong ? 2000 : 20

  for (let trial = 0; trial < trials; trial += 1) {
    const server = await start()
    const enough = acknowledged.size + 1 + randomInt(12)
    const writing = Array.from({ length: 4 }, (_, client) => write(server, `${trial}-${client}`, acknowledged))
    await expect.poll(() => acknowledged.size, { interval: 1, timeout: 60_000 }).toBeGreaterThanOrEqual(enough)
    await delay(randomInt(10))
    await server.stop('SIGKILL')
    await Promise.all(writing)
  }

  await using server = await start()
  const lost = await lostOf(server, acknowledged)
  const stored = count('select count(*) as count from credential')
  expect(lost).toEqual([])
  expect(acknowledged.size).toBeGreaterThan(trials)
  expect(stored).toBeGreaterThanOrEqual(acknowledged.size)
  expect(found('pragma integrity_check')).toEqual({ integrity_check: 'ok' })
  expect(count(`select count(*) as count from audit_entry where event_type = 'credential.created'`)).toBe(stored)
  // Each change of the configuration counts its version up by one.
  expect(count(`select count(*) as count from audit_entry where event_type = 'provider.configured'`)).toBe(
    count('select coalesce(max(version), 0) as count from provider_config'),
  )
  expect(await told(server, '/api/audit/verify')).toMatchObject({ valid: true })
}, 3_600_000)

it('a server that is killed while it changes the key loses no value, and goes on by itself', async () => {
  const values = new Map<string, string>()
  await using first = await start()
  for (let index = 0; index < 50; index += 1) {
    await Promise.all(['a', 'b', 'c', 'd'].map(part => store(first, `${index}-${part}`, values)))
  }
  await first.stop('SIGKILL')
  const states = new Set<unknown>()

  for (let trial = 0; trial < (isLong ? 1000 : 10); trial += 1) {
    const server = await start()
    await send(server, rotation, { method: 'POST' })
    // The first one at once: on a fast machine it would be done soon.
    await delay(randomInt(1 + 6 * (trial % 10)))
    await server.stop('SIGKILL')
    states.add(found('select state from key_rotation order by id desc limit 1')['state'])
  }

  await using server = await start()
  await expect.poll(() => told(server, rotation), { timeout: 60_000 }).toMatchObject({ state: 'done', failed: 0 })
  expect(await lostOf(server, values)).toEqual([])
  expect(values.size).toBe(200)
  // Or else it was never interrupted.
  expect([...states].some(state => state !== 'done')).toBe(true)
  expect(found('pragma integrity_check')).toEqual({ integrity_check: 'ok' })
  expect(await told(server, '/api/audit/verify')).toMatchObject({ valid: true })
}, 3_600_000)

function start(): Promise<ChildServer> {
  const own = { SIMPLETUNER_STATE_DIR: folder, NODE_COMPILE_CACHE: join(folder, 'compiled'), ST_RATE_LIMIT: '1000000' }
  return startServer({ env: { ...process.env, ...own } })
}

/** Stores one credential after the other, and changes a configuration in between, until the server is gone. */
async function write(server: ChildServer, prefix: string, acknowledged: Map<string, string>): Promise<void> {
  try {
    for (let index = 1; ; index += 1) {
      await store(server, `${prefix}-${index}`, acknowledged)
      await send(server, config, { method: 'PUT', json: { cost_limit_amount: index }, headers: { 'if-match': '*' } })
    }
  } catch {
    // The server was killed; what it had not answered may be there or not.
  }
}

async function store(server: ChildServer, name: string, acknowledged: Map<string, string>): Promise<void> {
  const value = `value of ${name}`
  const stored = await send(server, credentials, { method: 'POST', json: { provider: 'p', name, value } })
  if (stored.ok) acknowledged.set(name, value)
}

/** Those that the server has not, or has with another value. */
async function lostOf(server: ChildServer, values: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const lost: string[] = []
  for (const [name, value] of values) if ((await reveal(server, name)) !== value) lost.push(name)
  return lost
}

async function reveal(server: ChildServer, name: string): Promise<unknown> {
  const path = `${credentials}/p/${name}/reveal`
  const { value }: { value?: unknown } = Object(await told(server, path, { method: 'POST', json: {} }))
  return value
}

interface Sent {
  readonly method?: string
  readonly json?: object
  readonly headers?: Readonly<Record<string, string>>
}

async function send({ url }: ChildServer, path: string, { method, json, headers }: Sent = {}): Promise<Response> {
  return fetch(url + path, {
    method: method ?? 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
}

async function told(server: ChildServer, path: string, sent?: Sent): Promise<unknown> {
  return (await send(server, path, sent)).json()
}

/** The first row, read from the file itself. */
function found(query: string): Readonly<Record<string, unknown>> {
  const database = new DatabaseSync(join(folder, 'st/demo.db'), { readOnly: true })
  try {
    return { ...database.prepare(query).get() }
  } finally {
    database.close()
  }
}

function count(query: string): number {
  return Number(found(query)['count'])
}
