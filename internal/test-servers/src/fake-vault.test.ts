import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type FakeVault, startFakeVault } from './fake-vault.ts'
import { vaultRefusals } from './vault-answers.ts'
import { KeyValueEngine, OtherEngine, VersionedKeyValueEngine } from './vault-engine.ts'

interface Exchange {
  readonly name: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Record<string, string>
    readonly body?: string
  }
  readonly response: { readonly status: number; readonly body: string }
}

// The file is ours and has this shape.
const recording = JSON.parse(readFileSync(new URL('fixtures/openbao-exchanges.json', import.meta.url), 'utf8')) as {
  readonly exchanges: readonly Exchange[]
}

/** The state that the recorded server was in. */
async function startRecordedVault(): Promise<FakeVault> {
  const vault = await startFakeVault({ token: 'root-token' })
  vault.mount('kv1', new KeyValueEngine())
  vault.mount('team/a/kv', new VersionedKeyValueEngine())
  vault.mount('team/a/old', new KeyValueEngine())
  vault.mount('noversion', new KeyValueEngine({}))
  vault.mount('transit', new OtherEngine('transit'))
  vault.mount('cubbyhole', new OtherEngine('cubbyhole', null))
  vault.mount('secret', new VersionedKeyValueEngine(), 'team1')
  const read = ['secret/data/simpletuner', 'kv1/simpletuner', 'team/a/kv/data/x']
  vault.tokens.set('reader-token', { read })
  vault.tokens.set('no-access-token', { read: [] })
  vault.tokens.set('denied-token', { read: [], denied: ['secret'] })
  vault.tokens.set('two-uses-token', { uses: 2 })
  vault.put('secret', 'gone', { A: '1' })
  return vault
}

/** What a client may rely on: the status, and the body without what differs between servers and times. */
function reliable(name: string, status: number, text: string): object {
  const body = text.trim()
  return { name, status, body: body.startsWith('{') ? (JSON.parse(body, keepReliable) as unknown) : body }
}

function keepReliable(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key.endsWith('_time')) return value === '' ? '' : 'a time'
  if (incidental.has(key)) return undefined
  return typeof value === 'number' ? context?.source : value
}

const incidental = new Set([
  'request_id',
  'accessor',
  'uuid',
  'config',
  'deprecation_status',
  'description',
  'external_entropy_access',
  'local',
  'plugin_version',
  'running_plugin_version',
  'running_sha256',
  'seal_wrap',
  'server_time_utc',
  'cluster_name',
  'cluster_id',
  'build_date',
])

describe('FakeVault', () => {
  it('answers what the recorded server answered, exchange by exchange', async () => {
    await using vault = await startRecordedVault()

    const answers: object[] = []
    for (const { name, request } of recording.exchanges) {
      vault.sealed = name.startsWith('health sealed')
      const { method, headers, body } = request
      const limited = name.includes('rate-limited')
      if (limited) vault.break({ kind: 'answer', answer: vaultRefusals.rateLimited })
      const answer = await fetch(`${vault.url}${request.path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
      })
      if (limited) await vault.heal()
      answers.push(reliable(name, answer.status, await answer.text()))
    }

    expect(answers).toEqual(
      recording.exchanges.map(({ name, response }) => reliable(name, response.status, response.body)),
    )
  })

  it('does not pretend to know what was not recorded', async () => {
    await using vault = await startRecordedVault()

    const answer = await fetch(`${vault.url}/v1/sys/policy`, { headers: { 'x-vault-token': 'root-token' } })

    expect(answer.status).toBe(599)
  })

  it('remembers every request with its headers', async () => {
    await using vault = await startRecordedVault()

    await fetch(`${vault.url}/v1/sys/health`, { headers: { 'X-Vault-Token': 't' } })

    expect(vault.requests).toMatchObject([{ method: 'GET', path: '/v1/sys/health', headers: { 'x-vault-token': 't' } }])
  })
})
