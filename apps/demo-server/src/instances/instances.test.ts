import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { describeWithPeer, type PostgresServer, requirePeer, startPostgres } from '@st/test-peers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ChildServer, makeAdministrator, type SignedInHeaders, startServer } from '../testing/child-server.ts'

const config = '/api/cloud/providers/replicate/config'

describeWithPeer(describe, await requirePeer('postgres'))('two servers on one PostgreSQL', place => {
  let postgres: PostgresServer

  beforeAll(async () => {
    postgres = await startPostgres(place())
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  it('see what the other one has saved within a second, and after their channel was cut nothing that is stale', async () => {
    await using first = await startInstance(postgres, 'first')
    const headers = await makeAdministrator(first)
    // Its start would end the token that the first one printed.
    await using second = await startInstance(postgres, 'second')
    const before = await amounts([first, second], headers)

    await configure(first, headers, 10)
    const isSeen = await within(1000, async () => (await amount(second, headers)) === 10)
    await cutListeners(postgres)
    await configure(second, headers, 20)
    const isSeenAfterCut = await within(5000, async () => (await amount(first, headers)) === 20)
    await configure(first, headers, 30)
    const isSeenAgain = await within(1000, async () => (await amount(second, headers)) === 30)

    expect([before, isSeen, isSeenAfterCut, isSeenAgain]).toEqual([[undefined, undefined], true, true, true])
  })

  it('refuse a user whom the other one has disabled', async () => {
    await using first = await startInstance(postgres, 'first')
    await using second = await startInstance(postgres, 'second')
    const signedIn = await signIn(first, 'admin')
    const made = await send(first, '/api/users', {
      headers: signedIn,
      json: { name: 'guest', role: 'viewer', password: 'the first password' },
    })
    const { id } = (await made.json()) as { readonly id: number }
    const guest = await signIn(second, 'guest')
    const before = await send(second, '/api/session', { headers: guest })

    await send(first, `/api/users/${id}`, {
      method: 'PATCH',
      headers: { ...signedIn, 'if-match': '*' },
      json: { isDisabled: true },
    })
    const isRefused = await within(
      1000,
      async () => (await send(second, '/api/session', { headers: guest })).status === 401,
    )

    expect([made.status, before.status, isRefused]).toEqual([201, 200, true])
  })
})

async function startInstance(postgres: PostgresServer, name: string): Promise<ChildServer> {
  const state = join(homedir(), name)
  await mkdir(state, { recursive: true })
  return startServer({
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      SIMPLETUNER_STATE_DIR: state,
      SIMPLETUNER_AUDIT_KEY: 'the audit key of all instances',
      SIMPLETUNER_CREDENTIAL_KEY: 'the credential key of all instances',
    },
  })
}

interface Sent {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly json?: unknown
}

function send({ url }: ChildServer, path: string, { headers, json, method }: Sent): Promise<Response> {
  return fetch(url + path, {
    method: method ?? (json === undefined ? 'GET' : 'POST'),
    headers: { ...headers, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
}

async function signIn(server: ChildServer, name: string): Promise<SignedInHeaders> {
  const response = await send(server, '/api/session', { headers: {}, json: { name, password: 'the first password' } })
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '', 'sec-fetch-site': 'same-origin' }
}

async function amount(server: ChildServer, headers: SignedInHeaders): Promise<number | undefined> {
  const response = await send(server, config, { headers })
  const answer = (await response.json()) as { readonly config: { readonly cost_limit_amount?: number } }
  return answer.config.cost_limit_amount
}

function amounts(servers: readonly ChildServer[], headers: SignedInHeaders): Promise<(number | undefined)[]> {
  return Promise.all(servers.map(server => amount(server, headers)))
}

async function configure(server: ChildServer, headers: SignedInHeaders, limit: number): Promise<void> {
  const response = await send(server, config, {
    method: 'PUT',
    headers: { ...headers, 'if-match': '*' },
    json: { cost_limit_amount: limit },
  })
  expect(response.status).toBe(200)
}

/** As when a network fails: the servers find out by themselves. */
async function cutListeners({ url }: PostgresServer): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and pid <> pg_backend_pid()`,
  )
  await client.end()
  expect(rowCount).toBeGreaterThan(0)
}

/** Whether something comes true in so many milliseconds. */
async function within(ms: number, isTrue: () => Promise<boolean>): Promise<boolean> {
  const until = performance.now() + ms
  do {
    if (await isTrue()) return true
  } while (performance.now() < until)
  return false
}
