import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'
import type { ProviderConfig } from './provider-config-schema.ts'
import { forgetProvider } from './provider-configs.ts'

const canary = 'canary-5b0e8a17'
const any = { 'if-match': '*' }

function configOf(provider: string): string {
  return `/api/cloud/providers/${encodeURIComponent(provider)}/config`
}

/** As if it had been configured before. */
async function store(server: RunningServer, provider: string, config: ProviderConfig): Promise<void> {
  const row = { provider, config: JSON.stringify(config), version: 1, updated_at: new Date().toISOString() }
  await server.services.database.write(async transaction => {
    await transaction.deleteFrom('provider_config').where('provider', '=', provider).execute()
    await transaction.insertInto('provider_config').values(row).execute()
  })
  forgetProvider(provider)
}

interface RecordedPut {
  readonly name: string
  readonly provider?: string
  readonly current?: ProviderConfig
  readonly update: unknown
  readonly status: number
  readonly detail?: string
  readonly config?: ProviderConfig
}

/** What SimpleTuner accepts and we refuse on purpose (R113). */
const refusedHere = new Set(['hardware price true', 'unknown fields are dropped', 'amount as text is coerced'])

it('changes are answered as they were recorded from SimpleTuner, or refused where they are no good', async () => {
  const file = new URL('__fixtures__/simpletuner-provider-config.json', import.meta.url)
  // Recorded in this shape.
  const { providerConfigPut: puts } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly providerConfigPut: readonly RecordedPut[]
  }
  await using server = await runServer()
  const answers: unknown[] = []

  for (const { provider = 'replicate', current = {}, update } of puts) {
    await store(server, provider, current)
    const response = await server.send(configOf(provider), { method: 'PUT', headers: any, json: update })
    const { config, detail } = (await response.json()) as { readonly config?: unknown; readonly detail?: unknown }
    answers.push(response.ok ? { status: response.status, config } : { status: response.status, detail })
  }

  expect(puts).toHaveLength(39)
  expect(answers).toEqual(
    puts.map(({ name, status, config = {}, detail = expect.any(String) }) => {
      if (status === 200 && !refusedHere.has(name)) {
        // A member of SimpleTuner's test that no configuration has is stored, and not told.
        const { a: _, ...known } = config as ProviderConfig & { readonly a?: number }
        return { status: 200, config: known }
      }
      return { status: 400, detail }
    }),
  )
})

it('a configuration has a version, and is changed only from the one that was read', async () => {
  await using server = await runServer()
  const path = configOf('no/such: provider')
  const put = (json: unknown, headers: Record<string, string>): Promise<Response> =>
    server.send(path, { method: 'PUT', json, headers })

  const before = await server.send(path)
  const first = await put({ ssl_verify: false }, { 'if-match': '"0"' })
  const stale = await told(put({ ssl_verify: true }, { 'if-match': '"0"' }))
  const blind = await told(put({ ssl_verify: true }, {}))
  const after = await server.send(path)

  const at = { provider: 'no/such: provider', withheld: [] }
  expect([before.headers.get('etag'), await told(before)]).toEqual(['"0"', [200, { ...at, config: {}, version: 0 }]])
  expect([first.status, first.headers.get('etag')]).toEqual([200, '"1"'])
  expect([stale, blind]).toEqual([
    [412, 'STALE_VERSION'],
    [428, 'IF_MATCH_NEEDED'],
  ])
  expect([after.headers.get('etag'), await told(after)]).toEqual([
    '"1"',
    [200, { ...at, config: { ssl_verify: false }, version: 1 }],
  ])
  expect(await recorded(server, 'provider.configured')).toMatchObject([
    { outcome: 'done', actorName: 'admin', targetId: 'no/such: provider' },
    { outcome: 'refused', details: { code: 'STALE_VERSION' } },
  ])
})

it('only who may configure changes one, and sees what may hold a password', async () => {
  await using server = await runServer()
  const viewer = await server.makeUser('ann', 'viewer')
  const operator = await server.makeUser('oda', 'operator')
  const path = configOf('replicate')
  const update = {
    webhook_url: `https://example.org/${canary}`,
    proxy_url: `http://user:${canary}@proxy:1`,
    preferences: { token: canary },
    org_id: 'o',
  }

  const answers = [
    await told(server.send(path, { as: null })),
    await told(server.send(path, { as: viewer, method: 'PUT', headers: any, json: update })),
    await told(server.send(path, { as: operator, method: 'PUT', headers: any, json: update })),
  ]
  const seen = await (await server.send(path, { as: viewer })).text()

  expect(answers).toMatchObject([
    [401, 'SIGN_IN_NEEDED'],
    [403, 'PERMISSION_NEEDED'],
    [200, { config: update, withheld: [] }],
  ])
  expect(JSON.parse(seen)).toEqual({
    provider: 'replicate',
    config: { org_id: 'o' },
    version: 1,
    withheld: ['webhook_url', 'proxy_url', 'preferences'],
  })
  const entries = await recorded(server, 'provider.configured', 'security.')
  expect(seen + JSON.stringify([entries, server.log])).not.toContain(canary)
})

it('providers are listed in parts: those that are known, and those that are configured', async () => {
  await using server = await runServer()
  for (const name of ['replicate', 'zeta', 'acme', 'ä']) {
    await server.send(configOf(name), { method: 'PUT', headers: any, json: { org_id: 'o' } })
  }
  const names: string[] = []

  let cursor = ''
  for (let parts = 0; parts < 10; parts += 1) {
    const response = await server.send(`/api/cloud/providers?limit=2${cursor}`)
    const part = (await response.json()) as {
      readonly providers: readonly { readonly name: string; readonly isConfigured: boolean }[]
      readonly nextCursor?: string
    }
    names.push(...part.providers.map(({ name, isConfigured }) => `${name} ${isConfigured}`))
    if (part.nextCursor === undefined) break
    cursor = `&cursor=${encodeURIComponent(part.nextCursor)}`
  }
  const viewer = await server.makeUser('ann', 'viewer')
  const stolen = await told(server.send(`/api/cloud/providers?limit=2${cursor}`, { as: viewer }))

  expect(names).toEqual(['acme true', 'replicate true', 'simpletuner_io false', 'zeta true', 'ä true'])
  expect(stolen).toEqual([400, 'INVALID_CURSOR'])
})

it('spending is compared with the limit of the configuration', async () => {
  await using server = await runServer()
  const json = { cost_limit_enabled: true, cost_limit_amount: 50, cost_limit_action: 'block' }
  await server.send(configOf('replicate'), { method: 'PUT', headers: any, json })
  const ask = (query: string): Promise<readonly [number, unknown]> =>
    told(server.send(`/api/cloud/providers/replicate/cost-limit${query}`))

  const answers = [await ask(''), await ask('?spent=40'), await ask('?spent=50.000000001'), await ask('?spent=-1')]

  const limit = { amount: 50, periodDays: 30 }
  expect(answers).toEqual([
    [200, { ...limit, state: 'within', isBlocked: false }],
    [200, { ...limit, state: 'warning', isBlocked: false }],
    [200, { ...limit, state: 'exceeded', isBlocked: true }],
    [400, 'INVALID_REQUEST'],
  ])
})
