import { SecretError, type SecretProvider } from '@st/secrets-core'
import { expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'
import { signWebhook } from './webhook-signature.ts'

const secret = Buffer.from('canary-of-the-webhooks').toString('base64')
const env = { CLOUD_WEBHOOK_SECRET: `whsec_${secret}` }
const path = '/api/webhooks/replicate'
const body = '{"id":"job-1","status":"succeeded","input":{"token":"canary-input"}}'

interface Sent {
  readonly id?: string
  readonly body?: string
  /** What it is signed with. */
  readonly secret?: string
  /** How old it is. */
  readonly seconds?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends a webhook as Replicate does. */
async function deliver(server: RunningServer, sent: Sent = {}): Promise<readonly [number, unknown]> {
  const { id = 'msg_1', seconds = 0, headers = {} } = sent
  const now = server.services.now?.() ?? new Date()
  const timestamp = String(Math.floor(now.getTime() / 1000) - seconds)
  const signed = { id, timestamp, body: Buffer.from(sent.body ?? body) }
  return told(
    server.send(path, {
      as: null,
      json: sent.body ?? body,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signWebhook(signed, sent.secret ?? secret),
        ...headers,
      },
    }),
  )
}

async function configure(server: RunningServer, json: unknown): Promise<void> {
  const request = { method: 'PUT', json, headers: { 'if-match': '*' } }
  await server.send('/api/cloud/providers/replicate/config', request)
}

const received = [200, { received: true, isRepeated: false }] as const
const repeated = [200, { received: true, isRepeated: true }] as const
const notSigned = [403, 'INVALID_WEBHOOK_SIGNATURE'] as const

it('a webhook is taken in once, by whoever has signed it, and recorded without what it holds', async () => {
  await using server = await runServer({ env })

  const answers = [
    await deliver(server),
    await deliver(server),
    await deliver(server, { id: 'msg_2', seconds: 300 }),
    await deliver(server, { id: 'msg_3', body: '{}' }),
  ]

  expect(answers).toEqual([received, repeated, received, received])
  const entries = await recorded(server, 'webhook.received')
  expect(entries).toMatchObject([
    { actorId: null, actorIp: '127.0.0.1', targetId: 'replicate', details: { job: 'job-1', status: 'succeeded' } },
    { details: { job: 'job-1' } },
    { details: {} },
  ])
  expect(JSON.stringify([entries, server.log])).not.toContain('canary')
})

it('what is not signed, too old, or no webhook is refused, and nothing is the server’s fault', async () => {
  await using server = await runServer({ env })
  const bad: readonly Sent[] = [
    { secret: Buffer.from('another').toString('base64') },
    { seconds: 301 },
    { seconds: -302 },
    { headers: { 'webhook-signature': '' } },
    { headers: { 'webhook-signature': 'v1,AAAA' } },
    { headers: { 'webhook-signature': `v1,${'\u00e9'.repeat(43)}=` } },
    { headers: { 'webhook-timestamp': '1e9' } },
    { headers: { 'webhook-timestamp': '9'.repeat(400) } },
    { headers: { 'webhook-id': 'msg_other' } },
  ]

  const answers = []
  for (const sent of bad) answers.push(await deliver(server, sent))
  const others = [
    await deliver(server, { id: 'i'.repeat(257) }),
    await deliver(server, { headers: { 'webhook-id': '' } }),
    await deliver(server, { body: '[]' }),
    await deliver(server, { body: 'no JSON' }),
    await told(server.send(path, { as: null, method: 'POST' })),
    await told(server.send(path, { as: null, method: 'POST', headers: { 'content-type': 'text/plain' }, json: 'x' })),
    await deliver(server, { body: `"${'x'.repeat(300_000)}"` }),
    await told(server.send(path, { as: null })),
  ]
  const good = await deliver(server)

  expect(answers).toEqual(bad.map(() => notSigned))
  expect(others).toEqual([
    [400, 'INVALID_WEBHOOK'],
    [400, 'INVALID_WEBHOOK'],
    [400, 'INVALID_WEBHOOK'],
    [400, 'INVALID_WEBHOOK'],
    [400, 'INVALID_WEBHOOK'],
    [415, 'NOT_JSON'],
    [413, 'BODY_TOO_LARGE'],
    [404, 'NO_SUCH_PAGE'],
  ])
  expect(good).toEqual(received)
  expect(server.failures).toEqual([])
  // Each kind once a minute: strangers do not fill the log.
  const entries = await recorded(server, 'security.suspicious')
  expect(entries.map(({ outcome, details }) => [outcome, details])).toEqual([
    ['refused', { fault: 'signature', code: 'INVALID_WEBHOOK_SIGNATURE' }],
    ['refused', { fault: 'timestamp', code: 'INVALID_WEBHOOK_SIGNATURE' }],
    ['refused', { fault: 'id', code: 'INVALID_WEBHOOK' }],
    ['refused', { fault: 'body', code: 'INVALID_WEBHOOK' }],
  ])
})

it('while the secret is changed, the one before is accepted as well', async () => {
  const values = { CLOUD_WEBHOOK_SECRET: secret }
  const next = Buffer.from('the next secret').toString('base64')
  const provider: SecretProvider = {
    name: 'held',
    isAvailable: () => true,
    getSecret: async () => values.CLOUD_WEBHOOK_SECRET,
  }
  await using server = await runServer({ providers: [provider] })

  const before = await deliver(server)
  values.CLOUD_WEBHOOK_SECRET = next
  await server.secrets.get('CLOUD_WEBHOOK_SECRET', { fresh: true })
  const during = [await deliver(server, { id: 'old' }), await deliver(server, { id: 'new', secret: next })]
  const foreign = await deliver(server, { id: 'x', secret: Buffer.from('x').toString('base64') })

  expect([before, ...during, foreign]).toEqual([received, received, received, notSigned])
})

it('without a secret nothing is accepted; with one that cannot be read now, the sender is to try again', async () => {
  const down: SecretProvider = {
    name: 'down',
    isAvailable: () => true,
    getSecret: async () => {
      throw new SecretError('unavailable', 'sealed', { provider: 'down' })
    },
  }
  await using none = await runServer()
  const without = await deliver(none)
  await using failing = await runServer({ providers: [down] })
  const later = await deliver(failing)
  const bad = await deliver(failing, { seconds: 301 })

  expect(without).toEqual(notSigned)
  expect(later[0]).toBe(503)
  expect(bad).toEqual(notSigned)
  expect(failing.failures).toEqual([])
  expect(await recorded(none, 'security.suspicious')).toMatchObject([{ details: { fault: 'secret' } }])
})

it('the configuration says from where, how many, and whether signed', async () => {
  await using server = await runServer({ env, settings: { trustedProxies: ['127.0.0.1'] } })
  const from = (ip: string, sent: Sent = {}): Promise<readonly [number, unknown]> =>
    deliver(server, { ...sent, headers: { 'x-forwarded-for': ip, ...sent.headers } })
  const unsigned = { 'webhook-signature': 'none', 'webhook-timestamp': '0' }

  await configure(server, { webhook_allowed_ips: ['10.0.0.0/8', '2001:db8::/32'] })
  const places = [
    await from('10.1.2.3', { id: 'a' }),
    await from('::ffff:10.9.9.9', { id: 'b' }),
    await from('2001:db8::1', { id: 'c' }),
    await from('11.0.0.1', { id: 'd' }),
    await deliver(server, { id: 'e' }),
  ]
  await configure(server, { webhook_allowed_ips: [], webhook_require_signature: false })
  const open = [await from('11.0.0.1', { id: 'f', headers: unsigned }), await from('11.0.0.1', { id: 'f' })]
  await configure(server, {
    webhook_require_signature: true,
    webhook_rate_limit_max: 2,
    webhook_rate_limit_window: 3600,
  })
  const limited = [
    await from('12.0.0.1', { id: 'g', headers: unsigned }),
    await from('12.0.0.1', { id: 'h' }),
    await from('12.0.0.1', { id: 'i' }),
    await from('12.0.0.2', { id: 'j' }),
  ]

  const elsewhere = [403, 'WEBHOOK_ADDRESS_REFUSED']
  expect(places).toEqual([received, received, received, elsewhere, elsewhere])
  expect(open).toEqual([received, repeated])
  expect(limited).toEqual([notSigned, received, [429, 'TOO_MANY_REQUESTS'], received])
})

it('what has come in is remembered for as long as it could be sent again, by all instances', async () => {
  await using server = await runServer({ env })
  const { database } = server.services
  const kept = async (): Promise<number> =>
    (await database.reads.selectFrom('received_webhook').selectAll().execute()).length

  await deliver(server, { id: 'first', seconds: -300 })
  server.pass(9)
  const late = await deliver(server, { id: 'first', seconds: 240 })
  const before = await kept()
  server.pass(2)
  await deliver(server, { id: 'second' })
  const after = await kept()
  const tooLate = await deliver(server, { id: 'first', seconds: 360 })

  expect([late, before, after, tooLate]).toEqual([repeated, 1, 1, notSigned])
})

it('of a webhook that comes a hundred times at once, one is taken in', async () => {
  await using server = await runServer({ env })

  const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(server)))

  expect(answers.filter(([status]) => status !== 200)).toEqual([])
  expect(await recorded(server, 'webhook.received')).toHaveLength(1)
})
