import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sendWebhook, type SendingRules, type WebhookDelivery } from './send-webhook.ts'
import { webhookFault } from './webhook-signature.ts'

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections()
})

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver on loopback that answers with this status, or never. */
async function receiver(
  status: number | undefined,
  headers: Record<string, string> = {},
): Promise<{ readonly port: number; readonly received: Received[] }> {
  const received: Received[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push({ headers: request.headers, body: await text(request) })
    if (status !== undefined) response.writeHead(status, headers).end('x'.repeat(1_000_000))
  }
  const server = createServer((request, response) => void answer(request, response))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens on a port.
  const { port } = server.address() as AddressInfo
  return { port, received }
}

function send(url: string, rules: Partial<SendingRules> = {}): Promise<WebhookDelivery> {
  return sendWebhook({ url, event: 'job.completed', body: '{"job":"é"}' }, { secret, allowsPrivate: true, ...rules })
}

type Find = (name: string, options: unknown, callback: (error: null, found: unknown) => void) => void

/** Answers every name with these addresses, one list a call. */
function resolver(...answers: readonly (readonly string[])[]): NonNullable<SendingRules['lookup']> {
  let call = 0
  const find = vi.fn<Find>((_name, _options, callback) => {
    const addresses = answers[Math.min(call, answers.length - 1)] ?? []
    call += 1
    callback(
      null,
      addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  })
  // The one of its overloads that is used.
  return find as unknown as NonNullable<SendingRules['lookup']>
}

describe('sendWebhook', () => {
  it('is signed with its timestamp, so that a receiver can verify it', async () => {
    const { port, received } = await receiver(204)

    const delivery = await send(`http://127.0.0.1:${port}/hook?a=b`, { now: () => 1_700_000_000_900 })

    const [{ headers, body } = { headers: {}, body: '' }] = received
    const header = (name: string): string => String(headers[name])
    const webhook = { id: header('webhook-id'), timestamp: header('webhook-timestamp'), body: Buffer.from(body) }
    const signature = header('webhook-signature')
    expect(delivery).toEqual({ status: 204, isAccepted: true })
    expect(webhookFault({ ...webhook, signature }, { secrets: [secret], now: 1_700_000_000 })).toBeUndefined()
    expect(headers).toMatchObject({ 'x-simpletuner-event': 'job.completed', 'x-simpletuner-timestamp': '1700000000' })
    expect(header('x-simpletuner-signature')).toMatch(/^sha256=[\da-f]{64}$/)
  })

  it.each([
    [200, true],
    [302, false],
    [404, false],
    [500, false],
  ])('takes the status %d for what it is, and follows nothing', async (status, isAccepted) => {
    const other = await receiver(200)
    const { port } = await receiver(status, { location: `http://127.0.0.1:${other.port}/` })

    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ status, isAccepted })
    expect(other.received).toEqual([])
  })

  it('gives up when there is no answer in time, or nobody', async () => {
    const { port } = await receiver(undefined)
    const silent = await send(`http://127.0.0.1:${port}/`, { timeoutMs: 50 })
    for (const server of servers) server.close()
    for (const server of servers) server.closeAllConnections()

    expect(silent).toEqual({ fault: 'timeout', isAccepted: false })
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ fault: 'unreachable', isAccepted: false })
  })

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '127.1', '2130706433', '169.254.169.254', '10.0.0.1'])(
    'does not go to %s unless that is allowed',
    async host => {
      const { port, received } = await receiver(200)

      expect(await send(`http://${host}:${port}/`, { allowsPrivate: false })).toEqual({
        fault: 'not_public',
        isAccepted: false,
      })
      expect(received).toEqual([])
    },
  )

  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['a private address among public ones', ['1.1.1.1', '127.0.0.1']],
    ['::1', ['::1']],
  ])('does not go to a name that leads to %s', async (_, addresses) => {
    const { port, received } = await receiver(200)

    const delivery = await send(`http://rebound.example:${port}/`, {
      allowsPrivate: false,
      lookup: resolver(addresses),
    })

    expect(delivery).toEqual({ fault: 'not_public', isAccepted: false })
    expect(received).toEqual([])
  })

  it('looks a name up once, and connects to what it was told then', async () => {
    const { port, received } = await receiver(200)
    const lookup = resolver(['127.0.0.1'], ['169.254.169.254'])

    const delivery = await send(`http://name.example:${port}/`, { lookup })

    expect([delivery, received.length, vi.mocked(lookup).mock.calls.length]).toEqual([
      { status: 200, isAccepted: true },
      1,
      1,
    ])
  })
})
