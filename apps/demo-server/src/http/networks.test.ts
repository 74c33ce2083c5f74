import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { loopbackCertificatePath, loopbackKey } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { runServer, type RunningServer } from '../testing/running-server.ts'

const cert = readFileSync(loopbackCertificatePath)
const tls = { cert, key: Buffer.from(loopbackKey()) }

async function ask(server: RunningServer, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const authorization = `Bearer ${server.admin.token}`
  const sent = request({
    port: server.port,
    host: '127.0.0.1',
    path: '/api/session',
    ca: cert,
    headers: { authorization, ...headers },
  })
  sent.end()
  // `once` answers the event's one argument.
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  return response
}

describe('a server with a certificate', () => {
  it('speaks TLS, and tells browsers to keep to it', async () => {
    await using server = await runServer({ settings: { tls } })

    const { statusCode, headers } = await ask(server)

    expect([statusCode, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000'])
  })

  it('takes the origin for its own with https only', async () => {
    await using server = await runServer({ settings: { tls } })
    const host = `127.0.0.1:${server.port}`

    const own = await ask(server, { origin: `https://${host}` })
    const other = await ask(server, { origin: `http://${host}` })

    expect([own.statusCode, other.statusCode]).toEqual([200, 403])
  })
})

describe('a server behind a proxy', () => {
  const forwarded = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9', 'x-forwarded-proto': 'https' }

  async function addressOfAttempt(server: RunningServer): Promise<string | null | undefined> {
    const json = { name: 'nobody', password: 'x' }
    await server.send('/api/session', { as: null, json, headers: forwarded })
    const { entries } = await server.services.audit.page({ types: ['auth.login.failed'] }, { limit: 1 })
    return entries[0]?.actorIp
  }

  it('takes the address from a proxy that it trusts, not what the client wrote before that', async () => {
    await using server = await runServer({ settings: { trustedProxies: ['127.0.0.1'] } })

    expect(await addressOfAttempt(server)).toBe('203.0.113.9')
  })

  it('takes no address from anybody else', async () => {
    await using trusting = await runServer({ settings: { trustedProxies: ['10.0.0.0/8'] } })
    await using plain = await runServer()

    expect([await addressOfAttempt(trusting), await addressOfAttempt(plain)]).toEqual(['127.0.0.1', '127.0.0.1'])
  })

  it('answers under the names that it is given, and takes the origin from the scheme that the proxy tells', async () => {
    await using server = await runServer({ settings: { trustedProxies: ['127.0.0.1'], allowedHosts: ['st.example'] } })
    const statusOf = async (host: string, origin: string): Promise<number> => {
      const response = await server.app.inject({ url: '/health/live', headers: { host, origin, ...forwarded } })
      return response.statusCode
    }

    const statuses = [
      await statusOf('st.example', 'https://st.example'),
      await statusOf('st.example', 'http://st.example'),
      await statusOf('other.example', 'https://other.example'),
    ]

    expect(statuses).toEqual([200, 403, 421])
  })
})
