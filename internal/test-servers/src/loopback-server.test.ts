import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { request as requestTls, type RequestOptions } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import type { Fault } from './fault.ts'
import {
  loopbackCertificatePaths,
  type LoopbackServer,
  type LoopbackTls,
  startScriptedServer,
} from './loopback-server.ts'

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

  it('closes the connection without a word', async () => {
    await using server = await startBroken({ kind: 'close' })

    expect(await codeOf(fetch(server.url))).toBe('UND_ERR_SOCKET')
  })

  it('answers garbage', async () => {
    await using server = await startBroken({ kind: 'garbage' })

    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it.each([
    [{ kind: 'truncated' }, String(answer.body.length)],
    [{ kind: 'truncated', announced: false }, null],
    [{ kind: 'reset_midway' }, String(answer.body.length)],
  ] as const)('cuts an answer in half: %o', async (fault, announced) => {
    await using server = await startBroken(fault)
    const response = await fetch(server.url)

    await expect(response.text()).rejects.toThrow('terminated')
    expect(response.headers.get('content-length')).toBe(announced)
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

  it('drips a header that has no end', async () => {
    await using server = await startBroken({ kind: 'drip_header', intervalMs: 1 })
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    let received = ''
    socket.on('data', chunk => (received += String(chunk)))
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')

    await vi.waitFor(() => expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\nx-slow: xxxxx+$/))
    socket.destroy()
  })

  it('sends a small body that unpacks to a large one', async () => {
    await using server = await startBroken({ kind: 'gzip_bomb', bytes: 8 * 1024 * 1024 })

    const packed = await receivedBytes(server.url)
    const unpacked = await (await fetch(server.url)).text()

    expect(packed).toBeLessThan(16 * 1024)
    expect(unpacked).toHaveLength(8 * 1024 * 1024)
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

    expect(server.url).toMatch(/^https:/)
    expect(await tlsOutcome(server.url)).toBe(answer.body)
  })

  it.each([
    [{ certificate: 'expired' }, 'CERT_HAS_EXPIRED'],
    [{ certificate: 'other_host' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [{ old: true }, 'EPROTO'],
  ] as const)('speaks TLS that a client refuses, though it trusts the certificate: %o', async (tls, code) => {
    await using server = await startScriptedServer(() => answer, { tls })

    expect(await tlsOutcome(server.url, tls)).toBe(code)
  })

  it('speaks old TLS to who accepts it', async () => {
    await using server = await startScriptedServer(() => answer, { tls: { old: true } })
    const accepting = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const

    expect(await tlsOutcome(server.url, {}, accepting)).toBe(answer.body)
  })
})

async function receivedBytes(url: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
  request(url, resolve).end()
  let bytes = 0
  for await (const chunk of await promise) bytes += (chunk as Buffer).length
  return bytes
}

/** The body, or the code of the failure, of a client that trusts the certificate. */
async function tlsOutcome(
  url: string,
  { certificate = 'valid' }: LoopbackTls = {},
  options: RequestOptions = {},
): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const ca = readFileSync(loopbackCertificatePaths[certificate])
  requestTls(url, { ...options, ca, agent: false }, response => void text(response).then(resolve, resolve))
    .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    .end()
  return promise
}
