import type { SecretProvider } from '@st/secrets-core'
import { SecretError } from '@st/secrets-core'
import { expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { openBrowser } from '../testing/browser.ts'
import { runServer } from '../testing/running-server.ts'

const canary = 'canary-77d01c42'
const env = { HF_TOKEN: canary }
const reveal = '/api/secrets/HF_TOKEN/reveal'

it('a value is shown to who may see it, with the reason in the audit log, and in no log line', async () => {
  await using server = await runServer({ env })

  const response = await server.send(reveal, { json: { reason: 'rotating' } })

  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await told(response)).toEqual([200, { key: 'HF_TOKEN', value: canary, source: 'env' }])
  expect(await recorded(server, 'secret.revealed')).toMatchObject([
    {
      outcome: 'done',
      actorName: 'admin',
      targetId: 'HF_TOKEN',
      details: { reason: 'rotating', source: 'env' },
    },
  ])
  expect(JSON.stringify([server.log, await recorded(server, 'secret.')])).not.toContain(canary)
})

it('nothing leaves when that cannot be recorded', async () => {
  await using server = await runServer({ env })
  await server.services.database.write(async transaction => {
    await transaction.updateTable('audit_anchor').set({ signature: 'x' }).execute()
  })

  const response = await server.send(reveal, { json: {} })
  const body = await response.text()

  expect(response.status).toBe(503)
  expect(JSON.parse(body)).toMatchObject({ code: 'ST_AUDIT_ANCHOR_INVALID' })
  expect(body).not.toContain(canary)
})

it('seeing a value takes the permission, a fresh password in a session, and a key that is there', async () => {
  const broken: SecretProvider = {
    name: 'broken',
    isAvailable: () => true,
    getSecret: async key => {
      if (key !== 'DOWN') return key === 'HF_TOKEN' ? canary : undefined
      throw new SecretError('unavailable', 'sealed', { provider: 'broken' })
    },
  }
  await using server = await runServer({ providers: [broken] })
  const viewer = await server.makeUser('ann', 'viewer')
  const browser = await openBrowser(server, server.admin)

  const answers = [
    await told(server.send(reveal, { as: null, json: {} })),
    await told(server.send(reveal, { as: viewer, json: {} })),
    await told(server.send('/api/secrets/NONE/reveal', { json: {} })),
    await told(server.send('/api/secrets/DOWN/reveal', { json: {} })),
    await told(server.send(reveal, { json: { reason: 5 } })),
    await told(server.send(reveal, { json: { further: 1 } })),
  ]
  const fresh = await browser.send(reveal, {})
  server.pass(5)
  const stale = await told(browser.send(reveal, {}))

  expect(answers).toEqual([
    [401, 'SIGN_IN_NEEDED'],
    [403, 'PERMISSION_NEEDED'],
    [404, 'ST_SECRETS_MISSING'],
    [503, 'ST_SECRETS_UNRESOLVED'],
    [400, 'INVALID_REQUEST'],
    [400, 'INVALID_REQUEST'],
  ])
  expect([fresh.status, stale]).toEqual([200, [403, 'PASSWORD_NEEDED']])
  expect((await recorded(server, 'secret.revealed')).map(({ outcome, targetId }) => [outcome, targetId])).toEqual([
    ['refused', 'NONE'],
    ['refused', 'DOWN'],
    ['done', 'HF_TOKEN'],
  ])
})

it('a repeated request with an Idempotency-Key does not show it again', async () => {
  await using server = await runServer({ env })
  const send = (): Promise<Response> => server.send(reveal, { json: {}, headers: { 'idempotency-key': 'k' } })

  const first = await send()
  const second = await told(send())
  const kept = await server.services.database.reads.selectFrom('idempotent_request').select('body').execute()

  expect([first.status, second]).toEqual([200, [409, 'ALREADY_DONE']])
  expect(kept).toEqual([{ body: null }])
})

it('setting and deleting are in the audit log by the key alone, and again as refused when they fail', async () => {
  const memory = new Map<string, string>()
  const provider: SecretProvider = {
    name: 'memory',
    isAvailable: () => true,
    getSecret: async key => memory.get(key),
    setSecret: async (key, value) => {
      if (key === 'FULL') throw new SecretError('unavailable', 'no room', { provider: 'memory' })
      memory.set(key, value)
    },
    deleteSecret: async key => memory.delete(key),
  }
  await using server = await runServer({ providers: [provider] })

  await server.send('/api/secrets/A', { json: { value: canary } })
  await server.send('/api/secrets/FULL', { json: { value: canary } })
  await server.send('/api/secrets/A', { method: 'DELETE' })
  const entries = await recorded(server, 'secret.set', 'secret.deleted')

  expect(entries.map(({ type, outcome, targetId, details }) => [type, outcome, targetId, details])).toEqual([
    ['secret.set', 'done', 'A', {}],
    ['secret.set', 'done', 'FULL', {}],
    ['secret.set', 'refused', 'FULL', { code: 'ST_SECRETS_UNAVAILABLE' }],
    ['secret.deleted', 'done', 'A', {}],
  ])
  expect(JSON.stringify([entries, server.log])).not.toContain(canary)
})

it('nothing is set when it cannot be recorded', async () => {
  await using server = await runServer()
  await server.services.database.write(async transaction => {
    await transaction.updateTable('audit_anchor').set({ signature: 'x' }).execute()
  })

  const answer = await told(server.send('/api/secrets/A', { json: { value: canary } }))

  expect(answer).toEqual([503, 'ST_AUDIT_ANCHOR_INVALID'])
  expect(await server.secrets.get('A')).toBeUndefined()
})

it('what is kept is told with its age on request, and every provider that was asked', async () => {
  await using server = await runServer({ env })
  await server.secrets.require('HF_TOKEN')

  const one = await told(server.send('/api/secrets/HF_TOKEN?fresh=false'))
  const [, list] = await told(server.send('/api/secrets?fresh=false'))
  const [, explained] = await told(server.send('/api/secrets/HF_TOKEN/explain'))
  const wrong = await told(server.send('/api/secrets?fresh=perhaps'))

  const moment = expect.stringMatching(/^\d{4}-.*Z$/)
  const kept = { key: 'HF_TOKEN', found: true, source: 'env', shadowed: [], fetchedAt: moment, cachedUntil: moment }
  expect(one).toEqual([200, kept])
  expect(list).toMatchObject({ secrets: [{ key: 'CLOUD_WEBHOOK_SECRET', found: false }, kept, { found: false }] })
  expect(explained).toMatchObject({
    status: 'found',
    source: 'env',
    steps: [
      { provider: 'env', outcome: 'hit', attempts: 1 },
      { provider: 'file', outcome: expect.stringMatching(/missing|skipped/) },
    ],
  })
  expect(wrong).toEqual([400, 'INVALID_REQUEST'])
  expect(JSON.stringify([one, list, explained])).not.toContain(canary)
})
