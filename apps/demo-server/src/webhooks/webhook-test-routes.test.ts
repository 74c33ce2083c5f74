import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'
import { webhookFault } from './webhook-signature.ts'

const secret = Buffer.from('canary-of-the-webhooks').toString('base64')
const env = { CLOUD_WEBHOOK_SECRET: secret }
const path = '/api/cloud/providers/acme/webhook/test'

interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly { readonly headers: IncomingMessage['headers']; readonly body: Buffer }[]
}

/** A service of this machine that webhooks are sent to. */
async function receive(status: number): Promise<Receiver> {
  const requests: { headers: IncomingMessage['headers']; body: Buffer }[] = []
  const server: Server = createServer((request, response) => {
    void (async () => {
      requests.push({ headers: request.headers, body: await buffer(request) })
      response.writeHead(status, { location: '/elsewhere' }).end()
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

function configure(server: RunningServer, webhookUrl: string): Promise<readonly [number, unknown]> {
  const request = { method: 'PUT', json: { webhook_url: webhookUrl }, headers: { 'if-match': '*' } }
  return told(server.send('/api/cloud/providers/acme/config', request))
}

function test(server: RunningServer): Promise<readonly [number, unknown]> {
  return told(server.send(path, { method: 'POST' }))
}

it.each([
  [204, true],
  [307, false],
  [500, false],
])('a test webhook is signed, sent to the configured address, and its answer %d told', async (status, isAccepted) => {
  await using receiver = await receive(status)
  await using server = await runServer({ env, settings: { allowsPrivateWebhooks: true } })
  await configure(server, receiver.url)

  const answer = await test(server)

  expect(answer).toEqual([200, { status, isAccepted }])
  expect(receiver.requests).toHaveLength(1)
  const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = receiver.requests
  const sent = {
    id: String(headers['webhook-id']),
    timestamp: String(headers['webhook-timestamp']),
    signature: String(headers['webhook-signature']),
    body,
  }
  expect(webhookFault(sent, { secrets: [secret], now: Date.now() / 1000 })).toBeUndefined()
  expect(JSON.parse(body.toString())).toMatchObject({ event: 'test', provider: 'acme' })
  const entries = await recorded(server, 'webhook.tested')
  expect(entries).toMatchObject([{ outcome: 'done', actorName: 'admin', targetId: 'acme' }])
  expect(JSON.stringify([entries, server.log])).not.toContain(secret)
})

it('nothing is sent to this machine or its networks, whether the address was saved before or leads there by a name', async () => {
  await using receiver = await receive(204)
  await using server = await runServer({ env })
  const { database } = server.services

  const saved = await configure(server, receiver.url)
  const config = JSON.stringify({ webhook_url: receiver.url })
  const row = { provider: 'acme', config, version: 1, updated_at: new Date().toISOString() }
  await database.write(transaction => transaction.insertInto('provider_config').values(row).execute())
  const answer = await test(server)

  expect(saved).toEqual([400, 'INVALID_WEBHOOK_URL'])
  expect(answer).toEqual([200, { fault: 'not_public', isAccepted: false }])
  expect(receiver.requests).toEqual([])
})

it('a test takes an address, a secret that can sign, and the permission', async () => {
  await using server = await runServer({ env: { CLOUD_WEBHOOK_SECRET: 'no base64' } })
  await using without = await runServer()
  const viewer = await server.makeUser('ann', 'viewer')

  const unconfigured = await test(server)
  await configure(server, 'https://webhooks.example/')
  await configure(without, 'https://webhooks.example/')
  const answers = [
    unconfigured,
    await test(server),
    await test(without),
    await told(server.send(path, { method: 'POST', as: viewer })),
    await told(server.send(path, { method: 'POST', as: null })),
  ]

  expect(answers).toEqual([
    [409, 'NO_WEBHOOK_URL'],
    [409, 'NO_WEBHOOK_SECRET'],
    [409, 'NO_WEBHOOK_SECRET'],
    [403, 'PERMISSION_NEEDED'],
    [401, 'SIGN_IN_NEEDED'],
  ])
  expect(await recorded(server, 'webhook.tested')).toEqual([])
})

it('an address where nobody answers is told', async () => {
  const receiver = await receive(204)
  await receiver[Symbol.asyncDispose]()
  await using server = await runServer({ env, settings: { allowsPrivateWebhooks: true } })
  await configure(server, receiver.url)

  const answer = await test(server)

  expect(answer).toEqual([200, { fault: 'unreachable', isAccepted: false }])
})
