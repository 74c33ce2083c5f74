import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { request as requestTls } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import type { Fault } from './fault.ts'
import { loopbackCertificatePath, type LoopbackServer, startScriptedServer } from './loopback-server.ts'

const answer = { status: 200, body: '{"data":"0123456789"}' }

async function startBroken(fault: Fault): Promise<LoopbackServer> {
  const server = await startScriptedServer(() => answer)
  server.break(fault)
  return server
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'answered',
    (error: Error) => (error.cause as { readonly code?: unknown } | undefined)?.code ?? error.name,
  )
}

describe('LoopbackServer', () => {
  it('answers what its script says', async () => {
    await using server = await startScriptedServer(({ method, path, body }) => ({
      status: 201,
      body: `${method} ${path} ${body}`,
    }))

    const response = await fetch(`${server.url}/a?b`, { method: 'POST', body: 'c' })

    expect([response.status, await response.text()]).toEqual([201, 'POST /a?b c'])
  })

  it('refuses connections until healed, then listens at the same address', async () => {
    await using server = await startScriptedServer(() => answer)
    const { url } = server

    await server.refuse()
    const refused = await codeOf(fetch(url))
    await server.heal()

    expect(refused).toBe('ECONNREFUSED')
    expect((await fetch(url)).status).toBe(200)
  })

  it('shows a fault only on the requests that are picked', async () => {
    await using server = await startScriptedServer(() => answer)
    server.break({ kind: 'answer', answer: { status: 503 } }, ({ path }) => path === '/broken')

    const statuses = [(await fetch(`${server.url}/broken`)).status, (await fetch(`${server.url}/whole`)).status]

    expect(statuses).toEqual([503, 200])
  })

  it('hangs', async () => {
    await using server = await startBroken({ kind: 'hang' })

    const outcome = codeOf(fetch(server.url, { signal: AbortSignal.timeout(100) }))

    expect(await outcome).toBe('TimeoutError')
  })

  it('resets the connection', async () => {
    await using server = await startBroken({ kind: 'reset' })

    expect(await codeOf(fetch(server.url))).toBe('ECONNRESET')
  })

  it('answers garbage', async () => {
    await using server = await startBroken({ kind: 'garbage' })

    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('cuts an announced answer in half', async () => {
    await using server = await startBroken({ kind: 'truncated' })
    const response = await fetch(server.url)

    await expect(response.text()).rejects.toThrow('terminated')
  })

  it.each([
    [{ kind: 'half' }, '{"data":"0'],
    [{ kind: 'empty' }, ''],
    [{ kind: 'html' }, '<html><pre>{"data":"0123456789"}</pre></html>'],
  ] as const)('shows %o as a whole answer', async (fault, body) => {
    await using server = await startBroken(fault)

    const response = await fetch(server.url)

    expect([response.status, await response.text()]).toEqual([200, body])
  })

  it('redirects', async () => {
    await using server = await startBroken({ kind: 'redirect', to: 'http://127.0.0.2:1/', status: 302 })

    const response = await fetch(server.url, { redirect: 'manual' })

    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://127.0.0.2:1/'])
  })

  it('drips the answer byte by byte', async () => {
    await using server = await startBroken({ kind: 'drip', intervalMs: 1 })
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    let pieces = 0
    socket.on('data', () => (pieces += 1))
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')

    await vi.waitFor(() => expect(pieces).toBeGreaterThan(5))
    socket.destroy()
  })

  it.each([true, false])('sends a huge body (announced: %s) and stops when the client leaves', async announced => {
    await using server = await startBroken({ kind: 'huge', bytes: 200 * 1024 * 1024, announced })
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>()

    const client = request(server.url, resolve).end()
    const { headers } = await promise
    client.destroy()

    expect(headers['content-length']).toBe(announced ? String(200 * 1024 * 1024) : undefined)
    await vi.waitFor(() => expect(server.openConnections).toBe(0))
    expect(server.bytesSent).toBeLessThan(100 * 1024 * 1024)
  })

  it('speaks TLS with its certificate', async () => {
    await using server = await startScriptedServer(() => answer, { tls: true })
    const { promise, resolve, reject } = Promise.withResolvers<string>()

    requestTls(server.url, { ca: readFileSync(loopbackCertificatePath), agent: false }, response => {
      text(response).then(resolve, reject)
    })
      .on('error', reject)
      .end()

    expect(server.url).toMatch(/^https:/)
    expect(await promise).toBe(answer.body)
  })
})
