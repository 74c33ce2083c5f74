import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AttackedServer, attackServer } from './attacked-server.ts'
import { answerCount, rawRequest, received, statusOf } from './raw-request.ts'

let attacked: AttackedServer
let before: string
beforeAll(async () => {
  attacked = await attackServer({ settings: { rateLimits: { perMinute: 1e9 }, requestTimeoutMs: 400 } })
})
beforeEach(async () => {
  before = await attacked.state()
})
afterAll(() => attacked[Symbol.asyncDispose]())

/** The lines of a request that an administrator may send, after its first line. */
function own(...more: readonly string[]): readonly string[] {
  const { server } = attacked
  return [`Host: 127.0.0.1:${server.port}`, `Authorization: Bearer ${server.admin.token}`, ...more]
}

function request(first: string, headers: readonly string[], body = ''): string {
  return `${[first, ...headers].join('\r\n')}\r\n\r\n${body}`
}

/** What is hidden behind or within another request. */
function hidden(): string {
  return request('DELETE /api/secrets/KEPT HTTP/1.1', own('Connection: close'))
}

const json = ['Content-Type: application/json']
const chunked = 'Transfer-Encoding: chunked'
const put = 'POST /api/secrets/KEPT HTTP/1.1'

describe('a request whose end can be understood in two ways', () => {
  const length = (body: string): string => `Content-Length: ${body.length}`
  const cases: Readonly<Record<string, () => string>> = {
    'a length and chunks': () =>
      request(put, own(...json, length(`0\r\n\r\n${hidden()}`), chunked), `0\r\n\r\n${hidden()}`),
    'chunks and a length': () => request(put, own(...json, chunked, 'Content-Length: 4'), `0\r\n\r\n${hidden()}`),
    'two lengths': () => request(put, own(...json, 'Content-Length: 0', length(hidden())), hidden()),
    'two lengths that agree': () => request(put, own(...json, 'Content-Length: 0', 'Content-Length: 0'), hidden()),
    'two lengths in one': () => request(put, own(...json, `Content-Length: 0, ${hidden().length}`), hidden()),
    'a length with a sign': () => request(put, own(...json, 'Content-Length: +0'), hidden()),
    'a negative length': () => request(put, own(...json, 'Content-Length: -1'), hidden()),
    'a length in hexadecimal': () => request(put, own(...json, 'Content-Length: 0x0'), hidden()),
    'a length with a comma': () => request(put, own(...json, 'Content-Length: 0,'), hidden()),
    'a length that is too large a number': () =>
      request(put, own(...json, `Content-Length: ${'9'.repeat(40)}`), hidden()),
    'a space before the colon': () => request(put, own(...json, 'Content-Length : 0'), hidden()),
    'a space before the colon of chunks': () => request(put, own(...json, 'Transfer-Encoding : chunked'), hidden()),
    'a folded line': () => request(put, own(...json, 'X-A: b\r\n Content-Length: 0'), hidden()),
    'folded chunks': () => request(put, own(...json, 'Transfer-Encoding:\r\n chunked'), `0\r\n\r\n${hidden()}`),
    'chunks that are named twice': () => request(put, own(...json, chunked, chunked), `0\r\n\r\n${hidden()}`),
    'chunks that are not last': () =>
      request(put, own(...json, 'Transfer-Encoding: chunked, identity'), `0\r\n\r\n${hidden()}`),
    'chunks of another kind': () => request(put, own(...json, 'Transfer-Encoding: xchunked'), `0\r\n\r\n${hidden()}`),
    'chunks in quotes': () => request(put, own(...json, 'Transfer-Encoding: "chunked"'), `0\r\n\r\n${hidden()}`),
    'chunks behind a vertical tab': () =>
      request(put, own(...json, 'Transfer-Encoding: \vchunked'), `0\r\n\r\n${hidden()}`),
    'a chunk of no number': () => request(put, own(...json, chunked), `x\r\n\r\n${hidden()}`),
    'a chunk of a negative number': () => request(put, own(...json, chunked), `-1\r\n\r\n${hidden()}`),
    'a chunk of too large a number': () => request(put, own(...json, chunked), `fffffffffffffffff\r\n${hidden()}`),
    'a chunk with 0x': () => request(put, own(...json, chunked), `0x0\r\n\r\n${hidden()}`),
    'a chunk that ends in a line feed': () => request(put, own(...json, chunked), `1\nx\n0\n\n${hidden()}`),
    'a chunk that is longer than it says': () => request(put, own(...json, chunked), `1\r\nxx\r\n0\r\n\r\n${hidden()}`),
    'a chunk with an extension that holds a line': () =>
      request(put, own(...json, chunked), `0;a=\n\r\n\r\n${hidden()}`),
    'lines that end in a line feed': () =>
      request(put, own(...json, length(hidden())), hidden()).replaceAll('\r\n', '\n'),
    'lines that end in a carriage return': () => request(put, own(...json), hidden()).replaceAll('\r\n', '\r'),
    'a line feed in a header': () => request(put, own(...json, 'X-A: b\nContent-Length: 0'), hidden()),
    'a carriage return in a header': () => request(put, own(...json, 'X-A: b\rContent-Length: 0'), hidden()),
    'a NUL in a header': () => request(put, own(...json, 'X-A: b\0c', 'Content-Length: 0'), hidden()),
    'a header without a name': () => request(put, own(...json, ': b'), hidden()),
    'a header without a colon': () => request(put, own(...json, 'Content-Length'), hidden()),
    'a method with a space before it': () => ` ${request(put, own(...json, 'Content-Length: 0'), hidden())}`,
    'no version': () => request('POST /api/secrets/KEPT', own(...json), hidden()),
    'another version': () => request('POST /api/secrets/KEPT HTTP/3.0', own(...json), hidden()),
    'the preface of HTTP/2': () => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden()}`,
    'a TLS greeting': () => `\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${hidden()}`,
    'an address with a line': () => request('GET /\r\nX: b HTTP/1.1', own(), hidden()),
    'an address with a tab': () => request('GET /\tx HTTP/1.1', own(), hidden()),
    '100 kB of headers': () => request(put, own(...json, `X-A: ${'x'.repeat(100_000)}`), hidden()),
    '5,000 headers': () => request(put, own(...Array.from({ length: 5_000 }, (_, index) => `X-${index}: 1`)), hidden()),
  }

  it.each(Object.keys(cases))('is refused, and nothing after it is read: %s', async name => {
    const answer = await rawRequest(attacked.server.port, Buffer.from(cases[name]?.() ?? '', 'latin1'))

    expect([400, 408, 413, 415, 421, 431]).toContain(statusOf(answer))
    expect(answerCount(answer)).toBe(1)
    expect(await attacked.state()).toBe(before)
  })

  it('is told from one that is as it should be, after which the next one is read', async () => {
    const first = request('GET /api/session HTTP/1.1', own())
    const last = request('GET /api/roles HTTP/1.1', own('Connection: close'))

    const answer = await rawRequest(attacked.server.port, first + last)

    expect([statusOf(answer), answerCount(answer)]).toEqual([200, 2])
  })
})

describe('a request that the server never understood', () => {
  it.each([
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['an address that cannot be decoded', 'GET /%ff%zz HTTP/1.1\r\nHost: HERE\r\nConnection: close\r\n\r\n'],
    ['too large headers', `GET / HTTP/1.1\r\nHost: HERE\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['two ways to end', 'POST / HTTP/1.1\r\nHost: HERE\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ])('is answered with a problem and with what protects answers (%s)', async (_, bytes) => {
    const answer = await rawRequest(attacked.server.port, bytes.replace('HERE', `127.0.0.1:${attacked.server.port}`))

    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head.toLowerCase()).toContain('cache-control: no-store')
    expect(head.toLowerCase()).toContain("content-security-policy: default-src 'none'")
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff')
    expect(head.toLowerCase()).toContain('cross-origin-resource-policy: same-origin')
    expect(head).toMatch(/^content-type: application\/problem\+json; charset=utf-8\r?$/m)
    expect(JSON.parse(body)).toMatchObject({
      status: statusOf(answer),
      code: expect.stringMatching(/^[A-Z_]+$/),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })
})

describe('a client that is slow', () => {
  it.each([
    ['with its first byte', (): string => ''],
    ['with its headers', (): string => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${attacked.server.port}\r\nX-A: `],
    ['with its body', (): string => request(put, own(...json, 'Content-Length: 100000'), '{')],
    ['with its chunks', (): string => request(put, own(...json, chunked), '1\r\n{')],
  ])('%s is cut off', async (_, begin) => {
    const socket = connect(attacked.server.port, '127.0.0.1')
    socket.write(begin())
    // A byte now and then, as Slowloris sends them.
    const drip = setInterval(() => socket.write('x'), 100)

    const answer = await received(socket)
    clearInterval(drip)

    expect([0, 400, 408]).toContain(statusOf(answer))
    expect(await attacked.state()).toBe(before)
  })

  it('a thousand times over keeps nobody else out', async () => {
    const sockets = Array.from({ length: 1000 }, () => connect(attacked.server.port, '127.0.0.1'))
    const ended = Promise.all(sockets.map(socket => received(socket)))
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nX-A: ')

    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => (await attacked.server.send('/api/session')).status),
    )

    expect(new Set(answers)).toEqual(new Set([200]))
    await expect(ended).resolves.toHaveLength(1000)
  })
})

it('others are served all the while, and nothing failed', () => {
  expect(attacked.othersAnswered()).toEqual([200])
  expect(attacked.server.failures).toEqual([])
})
