import { jsonAnswer, type LoopbackServer, startScriptedServer } from '@st/test-servers'
import { expect, it } from 'vitest'
import { asked, atServer, canary } from './__fixtures__/at-server.ts'

function credential(id: number, more: object = {}): object {
  return {
    id,
    userId: 1,
    provider: 'replicate',
    name: `name-${id}`,
    createdAt: '2026-01-31T12:00:00.000Z',
    updatedAt: '2026-01-31T12:00:00.000Z',
    isActive: true,
    status: 'active',
    version: 1,
    value: `${canary}-never-shown`,
    ...more,
  }
}

/** 250 credentials in pages, as many as were asked for. */
async function startPaged(): Promise<LoopbackServer> {
  return startScriptedServer(({ path }) => {
    const query = new URL(path, 'http://a').searchParams
    const [from, limit] = [Number(query.get('cursor') ?? 0), Number(query.get('limit'))]
    const end = Math.min(from + limit, 250)
    const credentials = Array.from({ length: end - from }, (_, index) => credential(from + index + 1))
    return jsonAnswer(200, end < 250 ? { credentials, nextCursor: String(end) } : { credentials })
  })
}

it('list reads page by page to the end, and shows no value', async () => {
  await using server = await startPaged()

  const { code, stdout } = await atServer(server, ['credentials', 'list', '--json'])
  const { credentials, isComplete } = JSON.parse(stdout)

  expect({ code, isComplete, count: credentials.length }).toEqual({ code: 0, isComplete: true, count: 250 })
  expect(Object.keys(credentials[0])).toContain('lastUsedAt')
  expect(stdout).not.toContain(canary)
  expect(server.requests).toHaveLength(3)
})

it('list stops at its limit and says that there are more', async () => {
  await using server = await startPaged()

  const { code, stdout, stderr } = await atServer(server, ['credentials', 'list', '--limit', '120'])

  expect(code).toBe(0)
  expect(stdout.trim().split('\n')).toHaveLength(121)
  expect(stderr).toContain('There are more than 120')
  expect(asked(server).map(path => /limit=\d+/.exec(path)?.[0])).toEqual(['limit=100', 'limit=20'])
})

it('list gives up on pages that never end', async () => {
  await using server = await startScriptedServer(() => jsonAnswer(200, { credentials: [], nextCursor: 'again' }))

  expect(await atServer(server, ['credentials', 'list'])).toMatchObject({ code: 6, stdout: '' })
})

it('list asks for whom, for what and for what is old', async () => {
  await using server = await startPaged()

  await atServer(server, ['credentials', 'list', '--user', '7', '--provider', 'a b', '--limit', '1'])
  await atServer(server, ['credentials', 'list', '--stale', '--limit', '1'])

  expect(asked(server)).toEqual([
    'GET /api/users/7/credentials?provider=a+b&limit=1',
    'GET /api/users/me/credentials/stale?limit=1',
  ])
})

it('add sends the value from standard input, and refuses one on the command line before anybody is asked', async () => {
  await using server = await startScriptedServer(() => jsonAnswer(201, credential(1)))

  const added = await atServer(server, ['credentials', 'add', 'replicate', 'name-1'], `${canary}\n`)
  const exact = await atServer(server, ['credentials', 'add', 'replicate', 'name-1', '--exact'], `${canary}\n`)
  const refused = await atServer(server, ['credentials', 'add', 'replicate', 'name-1', canary])
  const empty = await atServer(server, ['credentials', 'add', 'replicate', 'name-1'])

  expect([added.code, exact.code, refused.code, empty.code]).toEqual([0, 0, 2, 2])
  expect(server.requests.map(({ body }) => JSON.parse(body).value)).toEqual([canary, `${canary}\n`])
  expect([added, exact, refused, empty].map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain(canary)
  expect(refused.stderr).toContain('must not stand on the command line')
})

it('names become one part of the address each, whatever they are', async () => {
  await using server = await startScriptedServer(() => ({ status: 204 }))

  const removed = await atServer(server, ['credentials', 'revoke', 'a/b', '../x?y#z'])
  const refused = await atServer(server, ['credentials', 'revoke', '..', 'x'])

  expect([removed.code, refused.code]).toEqual([0, 2])
  expect(asked(server)).toEqual(['DELETE /api/users/me/credentials/a%2Fb/..%2Fx%3Fy%23z'])
})

it('revoke counts what is for a provider, and removes it only when that is agreed', async () => {
  await using server = await startScriptedServer(({ method }) =>
    jsonAnswer(200, method === 'GET' ? { credentials: [credential(1), credential(2)] } : { revoked: 2 }),
  )

  const asking = await atServer(server, ['credentials', 'revoke', 'replicate'])
  const before = server.requests.length
  const agreed = await atServer(server, ['credentials', 'revoke', 'replicate', '--yes', '--json'])

  expect(asking.code).toBe(2)
  expect(asking.stderr).toContain('Add --yes.')
  expect(before).toBe(1)
  expect(JSON.parse(agreed.stdout)).toEqual({ provider: 'replicate', name: null, revoked: 2 })
})

it.each([
  [{ valid: true, outcome: 'valid', account: 'ann', source: 'user' }, 0, 'is accepted (own credential, account ann)'],
  [{ valid: false, outcome: 'invalid' }, 5, 'is refused'],
  [{ valid: false, outcome: 'missing' }, 3, 'is not there'],
  [{ valid: false, outcome: 'unknown', reason: 'unreachable' }, 4, 'could not be checked (unreachable)'],
])('validate tells %o', async (verdict, code, sentence) => {
  await using server = await startScriptedServer(() => jsonAnswer(200, verdict))

  const outcome = await atServer(server, ['credentials', 'validate', 'replicate', 'api_token'])

  expect(outcome.code).toBe(code)
  expect(outcome.stdout).toContain(`replicate api_token: ${sentence}`)
})
