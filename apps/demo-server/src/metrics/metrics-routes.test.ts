import type { SecretProvider } from '@st/secrets-core'
import { expect, it } from 'vitest'
import { told } from '../testing/answers.ts'
import { runServer } from '../testing/running-server.ts'

const chosen = 'KEY_THAT_SOMEBODY_CHOSE'

const provider: SecretProvider = {
  name: 'fake',
  isAvailable: () => true,
  getSecret: async key => (key === chosen ? 'canary-31' : undefined),
}

it('caches, requests, providers and the audit log are counted, by names that nobody chose', async () => {
  await using server = await runServer({ providers: [provider] })
  await server.send(`/api/secrets/${chosen}`)
  await server.secrets.require(chosen)
  await server.secrets.require(chosen)
  await server.send('/no/such/page')
  const { sequence } = await server.services.audit.receipt()

  const response = await server.send('/metrics')
  const text = await response.text()
  const value = (name: string): string | undefined =>
    text
      .split('\n')
      .find(line => line.startsWith(`${name} `))
      ?.slice(name.length + 1)

  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  expect(value('st_cache_hits_total{cache="secrets"}')).toBe('1')
  expect(value('st_cache_misses_total{cache="secrets"}')).toBe('1')
  expect(value('st_cache_evictions_total{cache="secrets"}')).toBe('0')
  expect(Number(value('st_cache_hits_total{cache="user-permissions"}'))).toBeGreaterThan(0)
  expect(Number(value('st_cache_load_seconds_count{cache="user-permissions"}'))).toBeGreaterThan(0)
  expect(value('st_secrets_reads_total{provider="fake",outcome="hit"}')).toBe('1')
  expect(value('st_secrets_calls_total{provider="fake"}')).toBe('1')
  expect(value('st_secrets_breaker_state{provider="fake",state="closed"}')).toBe('1')
  expect(value('st_http_request_seconds_count{method="GET",route="/api/secrets/:key",status="200"}')).toBe('1')
  expect(value('st_http_request_seconds_count{method="GET",route="none",status="404"}')).toBe('1')
  expect(value('st_audit_entries')).toBe(String(sequence))
  expect(Number(value('st_event_loop_lag_seconds{quantile="0.99"}'))).toBeGreaterThanOrEqual(0)
  expect(text).not.toMatch(/KEY_THAT|canary/)
})

it('is not for strangers', async () => {
  await using server = await runServer()
  const viewer = await server.makeUser('ann', 'viewer')

  expect(await told(server.send('/metrics', { as: null }))).toEqual([401, 'SIGN_IN_NEEDED'])
  expect((await server.send('/metrics', { as: viewer })).status).toBe(200)
})

it('still answers when the audit log cannot be read', async () => {
  await using server = await runServer()
  await server.services.database.write(async transaction => {
    await transaction.updateTable('audit_anchor').set({ signature: 'x' }).execute()
  })

  const text = await (await server.send('/metrics')).text()

  expect(text).toContain('\nst_audit_entries -1\n')
})
