import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { validateCredential } from './credential-validator.ts'
import { replicateValidator } from './replicate-validator.ts'

const token = { provider: 'replicate', name: 'api_token', value: 'r8_canary4711' }

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

describe('validateCredential', () => {
  it('asks only a validator of this kind of credential', async () => {
    const verdict = await validateCredential([replicateValidator('http://127.0.0.1:1')], { ...token, name: 'other' })

    expect(verdict).toEqual({ outcome: 'unsupported' })
  })

  it('makes a verdict of a failure, without its message', async () => {
    const validate = (): never => {
      throw new Error(`cannot use ${token.value}`)
    }

    const verdict = await validateCredential([{ provider: 'replicate', name: 'api_token', validate }], token)

    expect(verdict).toEqual({ outcome: 'unknown', reason: 'unreachable' })
  })
})

describe('replicateValidator', () => {
  it('sends the token and tells whose account it opens', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.url, request.headers.authorization)
      response.end('{"type":"user","username":"ann"}')
    })

    expect(await validateCredential([replicateValidator(url)], token)).toEqual({ outcome: 'valid', account: 'ann' })

    expect(seen).toEqual(['/v1/account', `Bearer ${token.value}`])
  })

  const unexpected = { outcome: 'unknown', reason: 'unexpected_answer' }

  it.each([
    { what: '401', status: 401, body: '', verdict: { outcome: 'invalid' } },
    { what: '403', status: 403, body: '', verdict: { outcome: 'invalid' } },
    { what: '500', status: 500, body: '', verdict: unexpected },
    { what: 'a page', status: 200, body: '<html>', verdict: unexpected },
    { what: 'no name', status: 200, body: '{"username":1}', verdict: unexpected },
    { what: 'too much', status: 200, body: `{"username":"${'x'.repeat(70_000)}"}`, verdict: unexpected },
  ])('understands $what', async ({ status, body, verdict }) => {
    const url = await serve((_request, response) => response.writeHead(status).end(body))

    expect(await validateCredential([replicateValidator(url)], token)).toEqual(verdict)
  })

  it('follows no redirect', async () => {
    let reached = 0
    const other = await serve((_request, response) => {
      reached += 1
      response.end('{"username":"ann"}')
    })
    const url = await serve((_request, response) => response.writeHead(307, { location: `${other}/v1/account` }).end())

    const verdict = await validateCredential([replicateValidator(url)], token)

    expect(verdict).toEqual({ outcome: 'unknown', reason: 'unexpected_answer' })
    expect(reached).toBe(0)
  })

  it.each(['r8_a\r\nX-Other: 1', 'r8 a', 'r8_ä', ''])('does not send %j', async value => {
    let reached = 0
    const url = await serve((_request, response) => {
      reached += 1
      response.end('{"username":"ann"}')
    })

    expect(await validateCredential([replicateValidator(url)], { ...token, value })).toEqual({ outcome: 'invalid' })

    expect(reached).toBe(0)
  })
})
