import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { type RunningServer, runServer } from '../testing/running-server.ts'

/** Sends bytes as they are: clients mend or refuse much of what is sent here. */
async function raw(server: RunningServer, lines: readonly string[], body = ''): Promise<string> {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`)
  const answer = await text(socket)
  return answer.slice(0, answer.indexOf('\r\n')).replace('HTTP/1.1 ', '')
}

describe('a request', () => {
  it.each([
    ['a foreign Host', ['GET / HTTP/1.1', 'Host: evil.example'], '421 Misdirected Request'],
    ['a Host with another port', ['GET / HTTP/1.1', 'Host: localhost:1'], '421 Misdirected Request'],
    ['a Host without the port', ['GET / HTTP/1.1', 'Host: localhost'], '421 Misdirected Request'],
    ['a doubled Host', ['GET / HTTP/1.1', 'Host: HERE', 'Host: evil.example'], '421 Misdirected Request'],
    ['a Host that is doubled by itself', ['GET / HTTP/1.1', 'Host: HERE', 'host: HERE'], '421 Misdirected Request'],
    ['an absolute address', ['GET http://evil.example/ HTTP/1.1', 'Host: HERE'], '421 Misdirected Request'],
    ['no Host', ['GET / HTTP/1.0'], '421 Misdirected Request'],
    ['no Host in HTTP/1.1', ['GET / HTTP/1.1'], '400 Bad Request'],
    ['a foreign Origin', ['GET / HTTP/1.1', 'Host: HERE', 'Origin: http://evil.example'], '403 Forbidden'],
    ['the Origin null', ['GET / HTTP/1.1', 'Host: HERE', 'Origin: null'], '403 Forbidden'],
    ['the Origin of another port', ['GET / HTTP/1.1', 'Host: HERE', 'Origin: http://127.0.0.1:1'], '403 Forbidden'],
    [
      'a second, foreign Origin',
      ['GET / HTTP/1.1', 'Host: HERE', 'Origin: http://HERE', 'Origin: http://evil.example'],
      '403 Forbidden',
    ],
  ])('with %s is refused', async (_, lines, status) => {
    await using server = await runServer()
    const here = `127.0.0.1:${server.port}`

    expect(
      await raw(
        server,
        lines.map(line => line.replace('HERE', here)),
      ),
    ).toBe(status)
  })

  it.each(['127.0.0.1', 'localhost', 'LocalHost', '[::1]'])('to %s with its own Origin is served', async name => {
    await using server = await runServer()
    const here = `${name}:${server.port}`

    expect(await raw(server, ['GET / HTTP/1.1', `Host: ${here}`, `Origin: http://${here}`])).toBe('200 OK')
  })
})

describe('a body', () => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    undefined,
  ]
  it.each(types)('of type %s is refused, whatever the method', async type => {
    await using server = await runServer()
    const body = '{"value":"x"}'
    const headers = [
      `Host: 127.0.0.1:${server.port}`,
      `Content-Length: ${body.length}`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ]

    const statuses = await Promise.all(
      ['POST', 'DELETE', 'GET', 'PUT'].map(async method =>
        raw(server, [`${method} /api/secrets/A HTTP/1.1`, ...headers], body),
      ),
    )

    expect(new Set(statuses)).toEqual(new Set(['415 Unsupported Media Type']))
    expect(await server.secrets.get('A', { fresh: true })).toBeUndefined()
  })

  it.each(['POST', 'GET'])('in chunks is held to the same rule (%s)', async method => {
    await using server = await runServer()
    const headers = [`Host: 127.0.0.1:${server.port}`, 'Transfer-Encoding: chunked', 'Content-Type: text/plain']

    expect(await raw(server, [`${method} /api/secrets/A HTTP/1.1`, ...headers], '1\r\nx\r\n0\r\n\r\n')).toBe(
      '415 Unsupported Media Type',
    )
  })

  it('of JSON with a charset is read', async () => {
    await using server = await runServer()
    const body = '{"value":"x"}'
    const headers = [
      `Host: 127.0.0.1:${server.port}`,
      `Content-Length: ${body.length}`,
      'Content-Type: Application/JSON; charset=utf-8',
      `Authorization: Bearer ${server.admin.token}`,
    ]

    expect(await raw(server, ['POST /api/secrets/A HTTP/1.1', ...headers], body)).toBe('200 OK')
  })
})

it('refusals carry the same protection headers as answers', async () => {
  await using server = await runServer()

  const response = await fetch(`http://127.0.0.1:${server.port}/`, { headers: { origin: 'http://evil.example' } })

  expect(response.status).toBe(403)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
})
