import {
  type Answer,
  jsonAnswer,
  loopbackCertificatePath,
  type LoopbackServer,
  type ReceivedRequest,
  startScriptedServer,
} from '@st/test-servers'
import { afterEach, describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

const data = { A: 'found' }
const found = jsonAnswer(200, { data: { data, metadata: { version: 1, created_time: 'x' } } })
const path = '/v1/secret/data/simpletuner'
const servers: LoopbackServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()))
})

async function start(script: (request: ReceivedRequest) => Answer, tls = false): Promise<LoopbackServer> {
  const server = await startScriptedServer(script, { tls })
  servers.push(server)
  return server
}

function movedTo(location: string, status = 307): Answer {
  return { status, headers: { location } }
}

function providerOf({ url }: LoopbackServer, options: HashiCorpVaultProviderOptions = {}): HashiCorpVaultProvider {
  return new HashiCorpVaultProvider({ url, token: 's.canary', kvVersion: 2, ...options })
}

describe('a redirect', () => {
  it.each([301, 302, 307, 308])('with status %i to the same origin is followed once, with the token', async status => {
    const server = await start(request => (request.path === path ? movedTo('/active', status) : found))

    expect(await providerOf(server).getSecret('A')).toBe('found')
    expect(server.requests.map(request => request.path)).toEqual([path, '/active'])
    expect(server.requests[1]?.headers['x-vault-token']).toBe('s.canary')
  })

  it('is not followed a second time', async () => {
    const server = await start(() => movedTo('/round'))

    const error = await failureOf(providerOf(server).getSecret('A'))

    expect(error).toMatchObject({ kind: 'malformed', detail: 'redirect' })
    expect(server.requests).toHaveLength(2)
  })

  it('to an origin that is listed is followed once, and what that one says of a third is not', async () => {
    const third = await start(() => found)
    const active = await start(request => (request.path === path ? movedTo(`${third.url}${path}`) : found))
    const standby = await start(() => movedTo(`${active.url}${path}`))
    const helpful = await start(() => movedTo(`${active.url}/elsewhere`))
    const redirectOrigins = [active.url]

    const error = await failureOf(providerOf(standby, { redirectOrigins }).getSecret('A'))
    const value = await providerOf(helpful, { redirectOrigins }).getSecret('A')

    expect(error).toMatchObject({ kind: 'insecure', detail: 'redirect' })
    expect(error.hint).toContain('redirectOrigins')
    expect(value).toBe('found')
    expect(third.requests).toEqual([])
  })

  it('is told apart by where it leads from the node that it was followed to', async () => {
    const active = await start(({ headers }) => movedTo(`http://${headers['host']}/round`))
    const standby = await start(() => movedTo(`${active.url}${path}`))

    const error = await failureOf(providerOf(standby, { redirectOrigins: [active.url] }).getSecret('A'))

    expect(error).toMatchObject({ kind: 'malformed', detail: 'redirect' })
    expect(active.requests).toHaveLength(1)
  })

  it('to another origin is not followed', async () => {
    const foreign = await start(() => found)
    const server = await start(() => movedTo(`${foreign.url}${path}`))

    const error = await failureOf(providerOf(server).getSecret('A'))

    expect(error).toMatchObject({ kind: 'insecure', detail: 'redirect' })
    expect(foreign.requests).toEqual([])
  })

  it('from https to http is not followed, not even to an origin that is listed', async () => {
    const plain = await start(() => found)
    const secure = await start(() => movedTo(`${plain.url}${path}`), true)
    const provider = providerOf(secure, { redirectOrigins: [plain.url], tls: { ca: loopbackCertificatePath } })

    const error = await failureOf(provider.getSecret('A'))

    expect(error).toMatchObject({ kind: 'insecure', detail: 'redirect' })
    expect(plain.requests).toEqual([])
    await provider.close()
  })

  it('from http to https is followed to an origin that is listed', async () => {
    const secure = await start(() => found, true)
    const plain = await start(() => movedTo(`${secure.url}${path}`))
    const provider = providerOf(plain, { redirectOrigins: [secure.url], tls: { ca: loopbackCertificatePath } })

    expect(await provider.getSecret('A')).toBe('found')
    await provider.close()
  })

  it.each([
    [307, 2],
    [308, 2],
    [301, 1],
    [302, 1],
  ])('of a write with status %i: %i requests, as only some keep the method', async (status, count) => {
    const server = await start(request => (request.path === path ? movedTo('/active', status) : jsonAnswer(200, {})))
    const provider = providerOf(server, { writable: true })

    const outcome = await provider.setSecret?.('A', '1').then(
      () => 'done',
      () => 'failed',
    )

    expect(outcome).toBe(count === 2 ? 'done' : 'failed')
    expect(server.requests).toHaveLength(count)
    expect(server.requests.map(({ method, body }) => [method, body])).toEqual(
      Array.from({ length: count }, () => ['PATCH', '{"data":{"A":"1"}}']),
    )
  })

  it.each([['http://127.0.0.1/path'], ['127.0.0.1'], ['']])('may lead to origins only (%j)', origin => {
    expect(() => new HashiCorpVaultProvider({ redirectOrigins: [origin] })).toThrow(TypeError)
  })
})
