import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runServer } from '../testing/running-server.ts'
import { sendWebhook, type WebhookDelivery } from '../webhooks/send-webhook.ts'
import { checkWebhookUrl } from '../webhooks/webhook-url.ts'

/** A service of this machine that nobody from outside is to reach. */
let inner: Server
let port = 0
const reached: string[] = []
beforeAll(async () => {
  inner = createServer((request, response) => {
    reached.push(request.url ?? '')
    // Leads from where one may go to where one may not.
    if (request.url === '/redirect') response.writeHead(307, { location: '/inner' })
    response.end()
  })
  await new Promise<void>(resolve => inner.listen(0, '127.0.0.1', resolve))
  const address = inner.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => {
  inner.close()
})

interface Delivery {
  readonly fault?: string
}

/** What becomes of a URL that somebody saves for webhooks, which are then sent. */
async function use(url: string, allowsPrivate = false): Promise<WebhookDelivery | 'refused'> {
  const verdict = checkWebhookUrl(url.replace('PORT', String(port)), allowsPrivate)
  if ('problem' in verdict || verdict.url === undefined) return 'refused'
  const rules = { secret: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ=', allowsPrivate, timeoutMs: 2000 }
  return sendWebhook({ url: verdict.url, event: 'test', body: '{}' }, rules)
}

describe('a URL that somebody gives the server', () => {
  const inside = [
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST.:PORT/',
    'http://a.localhost:PORT/',
    'http://127.1:PORT/',
    'http://127.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://127。0。0。1:PORT/',
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[fe80::1]:PORT/',
    'http://[fc00::1]:PORT/',
    'http://user:password@127.0.0.1:PORT/',
    'http://example.org@127.0.0.1:PORT/',
    'http://127.0.0.1:PORT#@example.org/',
    'http://127.0.0.1:PORT\\@example.org/',
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.170.2/',
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/_x',
    'dict://127.0.0.1:PORT/',
    'ftp://127.0.0.1:PORT/',
    'ldap://127.0.0.1:PORT/',
    'unix:/var/run/docker.sock',
    'data:text/plain,x',
    'javascript:alert(1)',
    '//127.0.0.1:PORT/',
    'http:/\\127.0.0.1:PORT/',
    'http://127.0.0.1:PORT/\r\nX-Injected: 1',
  ]

  it.each(inside)('leads nowhere inside: %j', async url => {
    const delivery = await use(url)

    expect(['refused', 'not_public']).toContain(
      typeof delivery === 'object' && 'fault' in delivery ? delivery.fault : delivery,
    )
    expect(reached).toEqual([])
  })

  it('leads nowhere inside when it is saved and used through the API, either', async () => {
    await using server = await runServer({ env: { CLOUD_WEBHOOK_SECRET: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ=' } })
    const path = '/api/cloud/providers/replicate'
    const headers = { 'if-match': '*' }
    const outcomes = new Set<string>()

    for (const url of inside) {
      const json = { webhook_url: url.replace('PORT', String(port)) }
      const saved = await server.send(`${path}/config`, { method: 'PUT', json, headers })
      const { fault } = (await (await server.send(`${path}/webhook/test`, { method: 'POST' })).json()) as Delivery
      outcomes.add(`${saved.status} ${fault ?? 'no address'}`)
    }

    // A name that leads inside is found out when it is looked up.
    expect([...outcomes].filter(outcome => !/^(400 no address|200 not_public|400 not_public)$/.test(outcome))).toEqual(
      [],
    )
    expect(reached).toEqual([])
  })

  it('is not left by a redirect', async () => {
    const delivery = await use('http://127.0.0.1:PORT/redirect', true)

    expect(delivery).toEqual({ status: 307, isAccepted: false })
    expect(reached).toEqual(['/redirect'])
  })
})
