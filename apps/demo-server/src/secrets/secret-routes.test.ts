import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretError, type SecretProvider } from '@st/secrets-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { type RunningServer, runServer } from '../testing/running-server.ts'

const canary = 'canary-3e9f0b7c'
let folder: string

beforeEach(async () => {
  folder = join(homedir(), '.simpletuner')
  await mkdir(folder)
})

function request(
  server: RunningServer,
  path: string,
  init: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${server.admin.token}`, ...init.headers }
  return fetch(server.url + path, { ...init, headers })
}

function post(server: RunningServer, key: string, body: string): Promise<Response> {
  return request(server, `/api/secrets/${key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}

describe('GET /api/secrets', () => {
  it('lists the well-known keys and every key of the file, and who holds each', async () => {
    await writeFile(join(folder, 'secrets.yaml'), `HF_TOKEN: other\nREPLICATE_API_TOKEN: same\nMINE: ${canary}\n`)
    await using server = await runServer({ env: { HF_TOKEN: canary, REPLICATE_API_TOKEN: 'same' } })

    const response = await request(server, '/api/secrets')

    expect(await response.json()).toEqual({
      secrets: [
        { key: 'CLOUD_WEBHOOK_SECRET', found: false, source: null, shadowed: [] },
        { key: 'HF_TOKEN', found: true, source: 'env', shadowed: [{ provider: 'file', sameValue: false }] },
        { key: 'MINE', found: true, source: 'file', shadowed: [] },
        { key: 'REPLICATE_API_TOKEN', found: true, source: 'env', shadowed: [{ provider: 'file', sameValue: true }] },
      ],
    })
  })

  it('shows a change of the file with the next request', async () => {
    await writeFile(join(folder, 'secrets.json'), '{"A":"1"}')
    await using server = await runServer()
    const before = await (await request(server, '/api/secrets')).text()

    await writeFile(join(folder, 'secrets.json'), '{"A":"1","B":"2"}')
    const after = await (await request(server, '/api/secrets')).text()

    expect([before.includes('"B"'), after.includes('"B"')]).toEqual([false, true])
  })

  it('tells a key that nobody has from one that could not be looked up', async () => {
    const vault: SecretProvider = {
      name: 'vault',
      isAvailable: () => true,
      getSecret: async () => {
        throw new SecretError('unavailable', 'sealed', { provider: 'vault' })
      },
    }
    await using server = await runServer({ providers: [vault] })

    const list: unknown = await (await request(server, '/api/secrets')).json()
    const one = await request(server, '/api/secrets/HF_TOKEN')

    expect(list).toMatchObject({
      secrets: [{ found: false, unresolved: [{ provider: 'vault', kind: 'unavailable' }] }, {}, {}],
    })
    expect([one.status, await one.json()]).toMatchObject([503, { code: 'ST_SECRETS_UNRESOLVED' }])
  })
})

describe('GET /api/secrets/{key}', () => {
  it('says the same of one key', async () => {
    await using server = await runServer({ env: { HF_TOKEN: canary } })

    const response = await request(server, '/api/secrets/HF_TOKEN')

    expect([response.status, response.headers.get('cache-control'), await response.json()]).toEqual([
      200,
      'no-store',
      { key: 'HF_TOKEN', found: true, source: 'env', shadowed: [] },
    ])
  })

  it('answers with a problem when nobody has the key', async () => {
    await using server = await runServer()

    const response = await request(server, '/api/secrets/no%2Fsuch%20key')

    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'No provider has "no/such key".',
      code: 'ST_SECRETS_MISSING',
      requestId: response.headers.get('x-request-id'),
    })
  })
})

describe('POST and DELETE', () => {
  it('write the file, which only its owner can read, and the next request shows it', async () => {
    await using server = await runServer()

    const set = await post(server, 'MY_KEY', JSON.stringify({ value: canary }))
    const file = join(folder, 'secrets.json')
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    const { mode } = await stat(file)
    const deleted = await request(server, '/api/secrets/MY_KEY', { method: 'DELETE' })

    expect([set.status, await set.json()]).toEqual([200, { key: 'MY_KEY', found: true, source: 'file', shadowed: [] }])
    expect([content, (mode & 0o777).toString(8)]).toEqual([{ MY_KEY: canary }, '600'])
    expect([deleted.status, await readFile(file, 'utf8')]).toEqual([204, '{}\n'])
    expect((await request(server, '/api/secrets/MY_KEY')).status).toBe(404)
  })

  it('say that a higher provider still answers', async () => {
    await using server = await runServer({ env: { HF_TOKEN: 'env' } })

    const response = await post(server, 'HF_TOKEN', '{"value":"file"}')

    expect(await response.json()).toMatchObject({ source: 'env', shadowed: [{ provider: 'file', sameValue: false }] })
  })

  it('refuse to write over a file that cannot be read, and leave it as it is', async () => {
    const broken = `{"TOKEN":"${canary}", broken`
    await writeFile(join(folder, 'secrets.json'), broken)
    await using server = await runServer()

    const responses = [
      await post(server, 'A', '{"value":"x"}'),
      await request(server, '/api/secrets/A', { method: 'DELETE' }),
    ]

    expect(responses.map(({ status }) => status)).toEqual([409, 409])
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe(broken)
  })

  it('have nothing to delete from when there is no file', async () => {
    await using server = await runServer()

    const response = await request(server, '/api/secrets/A', { method: 'DELETE' })

    expect([response.status, await response.json()]).toMatchObject([404, { code: 'NOTHING_TO_DELETE_FROM' }])
  })

  it.each([
    ['no value', '{}'],
    ['an empty value', '{"value":""}'],
    ['a number', '{"value":5}'],
    ['a further member', '{"value":"x","other":1}'],
    ['no JSON', `{"value":${canary}`],
    ['nothing', ''],
    ['a prototype', '{"__proto__":{"value":"x"}}'],
  ])('refuse %s and store nothing', async (_, body) => {
    await using server = await runServer()

    const response = await post(server, 'A', body)

    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ])
    expect((await request(server, '/api/secrets/A')).status).toBe(404)
  })

  it('refuse a key with control characters, one that is too long, and one that is no UTF-8', async () => {
    await using server = await runServer()

    const keys = ['a%00b', 'a%0Ab', 'k'.repeat(257), '%FF']
    const statuses = await Promise.all(keys.map(async key => (await post(server, key, '{"value":"x"}')).status))

    expect(statuses).toEqual([400, 400, 400, 400])
  })

  it('refuse a body beyond 256 KiB', async () => {
    await using server = await runServer()

    const response = await post(server, 'A', JSON.stringify({ value: 'x'.repeat(300_000) }))

    expect([response.status, await response.json()]).toMatchObject([413, { code: 'BODY_TOO_LARGE' }])
  })
})

it('no answer of the server holds a value', async () => {
  await writeFile(join(folder, 'secrets.yaml'), `HF_TOKEN: ${canary}\nLIST: [${canary}]\n`)
  await using server = await runServer({ env: { REPLICATE_API_TOKEN: canary } })
  const odd = '/api/secrets/HF_TOKEN'
  const json = { 'content-type': 'application/json' }

  const responses = await Promise.all([
    request(server, '/api/secrets'),
    request(server, odd),
    request(server, '/api/secrets/LIST'),
    request(server, odd, { method: 'POST', headers: json, body: `{"value":"${canary}","${canary}":1}` }),
    request(server, odd, { method: 'POST', headers: json, body: canary }),
    request(server, odd, { method: 'PUT', headers: json, body: `{"value":"${canary}"}` }),
  ])
  const stored = await post(server, 'HF_TOKEN', `{"value":"${canary}"}`)
  const texts = await Promise.all(
    [...responses, stored].map(async response => JSON.stringify([...response.headers]) + (await response.text())),
  )

  expect(texts).toHaveLength(7)
  expect(texts.filter(text => text.includes(canary))).toEqual([])
  expect(server.failures).toEqual([])
})
