import { once } from 'node:events'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { Answer } from './answer.ts'
import { type FakeVault, startFakeVault } from './fake-vault.ts'
import { vaultRefusals } from './vault-answers.ts'
import { OtherEngine } from './vault-engine.ts'
import { KeyValueEngine } from './vault-key-value-engine.ts'
import { type RecordedExchange, type RecordedRequest, recordedVaultExchanges } from './vault-recordings.ts'
import { VersionedKeyValueEngine } from './vault-versioned-engine.ts'

/** What the stand-in does not claim to answer, for want of anyone who asks. */
const notClaimed: readonly RegExp[] = [
  // Subkeys, versions that end by themselves, notes on a secret and what is not read from the request's path alone.
  /^kv1\/(write-ttl|read-ttl)$/,
  /^kv2\/(subkeys|read-custom-metadata|read-delete-version-after|path-nul|path-newline|head|read-large|write-too-large)$/,
  /^mounts\/(all-mounts|capabilities-self)$/,
  /^errors\/(unknown-path|root-page|wrong-method|rate-limit-first)$/,
  /^namespaces\/(create|read-path|preflight-path|lookup-self|child-token-.*)$/,
  /^health\/(active-head|seal|.*-(leader|asked|died|write|login)|seal-status-.*|leader|.*seal-status|standby-.*)$/,
  // A verb that Node's server does not take.
  /^kv2\/list-verb$/,
  // Logins and the life of tokens.
  /^(auth|tls)\//,
  /^tokens\/(?!lookup-self-(root|no-default-policy|revoked)$)/,
]

/** What comes later finds what was written before. */
const order = ['kv1', 'kv2', 'mounts', 'errors', 'namespaces', 'tokens', 'health']

const claimed = recordedVaultExchanges()
  .filter(({ id }) => !notClaimed.some(pattern => pattern.test(id)))
  .toSorted((one, other) => placeOf(one) - placeOf(other))

function placeOf({ id }: RecordedExchange): number {
  return order.indexOf(id.replace(/\/.*/, ''))
}

/** The state that the recorded server was in. */
async function startRecordedVault(): Promise<FakeVault> {
  const vault = await startFakeVault({ token: 'fixture-root-token' })
  vault.mount('kv1', new KeyValueEngine())
  vault.mount('team/a/kv', new VersionedKeyValueEngine())
  vault.mount('team/a/old', new KeyValueEngine())
  vault.mount('noversion', new KeyValueEngine({}))
  vault.mount('transit', new OtherEngine('transit'))
  vault.mount('cubbyhole', new OtherEngine('cubbyhole', null))
  vault.mount('secret', new VersionedKeyValueEngine(), 'team1')
  const read = ['secret/data/simpletuner', 'kv1/simpletuner', 'team/a/kv/data/x']
  vault.tokens.set(tokenOf('mounts/preflight-v2-reader'), { read })
  vault.tokens.set(tokenOf('errors/denied-read'), { read: [] })
  vault.tokens.set(tokenOf('mounts/preflight-denied-by-policy'), { read: [], denied: ['secret'] })
  vault.tokens.set(tokenOf('errors/num-uses-1'), { uses: 2 })
  return vault
}

function tokenOf(id: string): string {
  return recordedVaultExchanges().find(exchange => exchange.id === id)?.request.headers['x-vault-token'] ?? ''
}

/** What was done to the recorded server between the exchanges, or beside them. */
function prepare(vault: FakeVault, id: string): void {
  vault.state = stateAt(id)
  void vault.heal()
  if (id === 'kv2/write-1') vault.mount('secret', secretWithRules())
  if (id === 'kv2/delete-latest') vault.put('secret', 'gone', { A: '1' })
  if (id.startsWith('errors/rate-limited')) vault.break({ kind: 'answer', answer: limited(id) })
}

function secretWithRules(): VersionedKeyValueEngine {
  const engine = new VersionedKeyValueEngine()
  engine.checkAndSet.add('casreq')
  return engine
}

function limited(id: string): Answer {
  const counters = {
    'retry-after': '4',
    'x-ratelimit-limit': '1',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '4',
  }
  const usual = { 'cache-control': 'no-store', 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
  const headers = id.endsWith('with-headers') ? { ...usual, ...counters } : usual
  return { ...vaultRefusals.rateLimited, headers }
}

function stateAt(id: string): FakeVault['state'] {
  if (/^health\/(initialised-)?sealed/.test(id)) return 'sealed'
  if (id.startsWith('health/uninitialised')) return 'uninitialised'
  return id.startsWith('health/standby') ? 'standby' : 'active'
}

/** Sends a path as it stands, which `fetch` would clean. */
async function send(
  { url }: FakeVault,
  { method, path, headers, body }: RecordedRequest,
): Promise<RecordedExchange['response']> {
  const sent = requestHttp(url, { method, path, headers, agent: false }).end(body)
  // `once` answers the event's one argument.
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(received), body: await text(response) }
}

/** An answer without what differs between servers and times, its length included. */
function comparable({ status, headers, body }: RecordedExchange['response']): object {
  const own = Object.entries(headers).filter(([name]) => !connectionHeaders.has(name))
  const isMeasured = headers['content-length'] === String(Buffer.byteLength(body))
  return { status, headers: Object.fromEntries(own), isMeasured, body: body.replaceAll(incidental, '"$1$3":*') }
}

const connectionHeaders = new Set(['date', 'connection', 'keep-alive', 'content-length'])

const incidental =
  /"(request_id|accessor|uuid|cluster_name|cluster_id|server_time_utc|[a-z]+_time)":("[^"]+"|\d+)|"(description)":"[^"]*"/g

describe('FakeVault', () => {
  it('answers what the recorded server answered, exchange by exchange and byte by byte', async () => {
    await using vault = await startRecordedVault()

    const answers: object[] = []
    for (const { id, request } of claimed) {
      prepare(vault, id)
      answers.push({ id, ...comparable(await send(vault, request)) })
    }

    expect(answers).toEqual(claimed.map(({ id, response }) => ({ id, ...comparable(response) })))
    expect(claimed).toHaveLength(124)
  })

  it('does not pretend to know what was not recorded', async () => {
    await using vault = await startRecordedVault()

    const answer = await fetch(`${vault.url}/v1/sys/policy`, { headers: { 'x-vault-token': vault.token } })

    expect(answer.status).toBe(599)
  })

  it('remembers every request with its headers', async () => {
    await using vault = await startRecordedVault()

    await fetch(`${vault.url}/v1/sys/health`, { headers: { 'X-Vault-Token': 't' } })

    expect(vault.requests).toMatchObject([{ method: 'GET', path: '/v1/sys/health', headers: { 'x-vault-token': 't' } }])
  })
})
