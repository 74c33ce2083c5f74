import { SecretError, type SecretProvider } from '@st/secrets-core'
import { expect, it } from 'vitest'
import { told } from '../testing/answers.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'
import { checkComponent } from './component.ts'

const ready = ['/health/ready', '/api/cloud/metrics/ready'] as const

/** As if another instance had changed the key. */
async function changeKey(server: RunningServer): Promise<void> {
  await server.services.database.write(async transaction => {
    await transaction.updateTable('key_check').set({ fingerprint: 'ffffffffffffffff' }).execute()
  })
}

it('strangers learn that it runs and whether it can be used, and no more', async () => {
  await using server = await runServer()
  const paths = ['/health/live', '/api/cloud/metrics/live', ...ready]

  const answers = await Promise.all(paths.map(path => told(server.send(path, { as: null }))))
  const health = await told(server.send('/api/cloud/metrics/health', { as: null }))

  expect(answers).toEqual(paths.map(() => [200, { status: 'ok' }]))
  expect(health).toEqual([401, 'SIGN_IN_NEEDED'])
})

it('a server with another key than that of the database cannot be used, and runs all the same', async () => {
  await using server = await runServer()
  await changeKey(server)

  const response = await server.send('/health/ready', { as: null })
  const problem: unknown = await response.json()
  const live = await told(server.send('/health/live', { as: null }))

  expect([response.status, response.headers.get('content-type'), response.headers.get('retry-after')]).toEqual([
    503,
    'application/problem+json; charset=utf-8',
    '1',
  ])
  expect(problem).toMatchObject({ code: 'NOT_READY', detail: 'The server cannot be used at present: credential-key.' })
  expect(live).toEqual([200, { status: 'ok' }])
})

it('a server without its database cannot be used', async () => {
  await using server = await runServer()
  await server.services.database.close()

  const answers = await Promise.all(ready.map(path => told(server.send(path, { as: null }))))

  expect(answers).toEqual(ready.map(() => [503, 'NOT_READY']))
})

it('who is signed in sees every part, and the whole is as well as its worst', async () => {
  const findings = [{ id: 'x.slow', severity: 'warning', message: 'It is slow.', fix: 'Wait.' }] as const
  const provider: SecretProvider = {
    name: 'fake',
    isAvailable: () => true,
    getSecret: async () => {
      throw new SecretError('unavailable', 'no', { provider: 'fake' })
    },
    checkHealth: async () => ({ status: 'degraded', latencyMs: 4, findings }),
  }
  const idle: SecretProvider = { name: 'idle', isAvailable: () => false, getSecret: async () => undefined }
  await using server = await runServer({ providers: [provider, idle] })

  const [, degraded] = await told(server.send('/api/cloud/metrics/health'))
  await server.services.database.write(async transaction => {
    await transaction.updateTable('audit_anchor').set({ signature: 'x' }).execute()
  })
  await changeKey(server)
  const [, unhealthy] = await told(server.send('/api/cloud/metrics/health'))

  const latencyMs = expect.any(Number)
  expect(degraded).toEqual({
    status: 'degraded',
    components: [
      { name: 'database', status: 'healthy', latencyMs },
      { name: 'credential-key', status: 'healthy', latencyMs },
      { name: 'audit-log', status: 'healthy', latencyMs },
      { name: 'caches', status: 'healthy', latencyMs },
      { name: 'provider:fake', status: 'degraded', latencyMs: 4, message: 'It is slow.', fix: 'Wait.' },
      { name: 'provider:idle', status: 'off' },
    ],
  })
  expect(unhealthy).toMatchObject({
    status: 'unhealthy',
    components: [
      { status: 'healthy' },
      { name: 'credential-key', status: 'unhealthy', fix: expect.stringContaining('SIMPLETUNER_CREDENTIAL_KEY') },
      { name: 'audit-log', status: 'unhealthy', fix: expect.stringContaining('backup') },
      {},
      {},
      {},
    ],
  })
})

it('a part that does not answer is unhealthy at its deadline, one that fails is not quoted', async () => {
  const late = await checkComponent('slow', 5, () => new Promise(() => undefined))
  const failed = await checkComponent('broken', 1000, async () => {
    throw new Error('canary-19')
  })

  expect([late.status, late.message]).toEqual(['unhealthy', 'It did not answer within 5 ms.'])
  expect([failed.status, failed.message]).toEqual(['unhealthy', 'It failed.'])
})
