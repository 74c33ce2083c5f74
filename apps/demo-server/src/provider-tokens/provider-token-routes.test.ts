import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { EnvironmentSecretProvider } from '@st/provider-env'
import { expect, it } from 'vitest'
import type { CredentialValidator } from '../credentials/credential-validator.ts'
import { recorded, told } from '../testing/answers.ts'
import { runServer, type RunningServer, type RunOptions, type TestUser } from '../testing/running-server.ts'

const canary = 'canary-90ab3c11'
const replicate = '/api/cloud/providers/replicate'

const validator: CredentialValidator = {
  provider: 'replicate',
  name: 'api_token',
  validate: async value => {
    if (value.endsWith('down')) throw new Error(`no answer about ${value}`)
    return value === `r8_${canary}` ? { outcome: 'valid', account: 'acme' } : { outcome: 'invalid' }
  },
}

async function run(options: RunOptions = {}): Promise<RunningServer> {
  await mkdir(join(homedir(), '.simpletuner'))
  return runServer({ credentialValidators: [validator], ...options })
}

function save(
  server: RunningServer,
  token: unknown,
  { provider = 'replicate', as = server.admin }: { readonly provider?: string; readonly as?: TestUser } = {},
): Promise<readonly [number, unknown]> {
  const path = `/api/cloud/providers/${provider}/token`
  return told(server.send(path, { as, method: 'PUT', json: { api_token: token } }))
}

it('a token is stored, then the provider is asked about it; it is kept whatever the answer', async () => {
  await using server = await run()
  const path = `${replicate}/token`

  const saved = await save(server, `  r8_${canary}\n`)
  const stored = await server.secrets.get('REPLICATE_API_TOKEN')
  const validated = await told(server.send(`${replicate}/validate`))
  const refused = await save(server, 'r8_other')
  const unknown = await save(server, `r8_${canary}down`)
  const deleted = await told(server.send(path, { method: 'DELETE' }))
  const missing = await told(server.send(`${replicate}/validate`))

  const state = { key: 'REPLICATE_API_TOKEN', source: 'file', shadowed: [] }
  expect(stored).toBe(`r8_${canary}`)
  expect([saved, validated, refused, unknown]).toEqual([
    [200, { ...state, isUsed: true, valid: true, outcome: 'valid', account: 'acme' }],
    [200, { source: 'global', secretProvider: 'file', valid: true, outcome: 'valid', account: 'acme' }],
    [200, { ...state, isUsed: true, valid: false, outcome: 'invalid' }],
    [200, { ...state, isUsed: true, valid: false, outcome: 'unknown', reason: 'unreachable' }],
  ])
  expect([deleted, missing]).toEqual([
    [200, { key: 'REPLICATE_API_TOKEN', shadowed: [] }],
    [200, { source: null, valid: false, outcome: 'missing' }],
  ])
  const entries = await recorded(server, 'provider.token.')
  expect(entries.map(({ type, outcome, targetId }) => `${type} ${outcome} ${targetId}`)).toEqual([
    'provider.token.saved done replicate',
    'provider.token.saved done replicate',
    'provider.token.saved done replicate',
    'provider.token.deleted done replicate',
  ])
  expect(JSON.stringify([saved, unknown, entries, server.log])).not.toContain(canary)
})

it('a token of the environment that is used instead is told of', async () => {
  await using server = await run({ env: { REPLICATE_API_TOKEN: 'r8_environment' } })

  const saved = await save(server, `r8_${canary}`)
  const deleted = await told(server.send(`${replicate}/token`, { method: 'DELETE' }))

  const state = { key: 'REPLICATE_API_TOKEN', source: 'env' }
  expect([saved, deleted]).toEqual([
    [200, { ...state, shadowed: ['file'], isUsed: false, valid: true, outcome: 'valid', account: 'acme' }],
    [200, { ...state, shadowed: [] }],
  ])
})

it('each provider has its own rule', async () => {
  await using server = await run()
  const viewer = await server.makeUser('ann', 'viewer')

  const answers = [
    await save(server, 'hf_token'),
    await save(server, 'r8_'),
    await save(server, ''),
    await save(server, 5),
    await save(server, 'r8_with space'),
    await save(server, 'r8_ünicode'),
    await save(server, 'r8_x', { provider: 'acme' }),
    await save(server, 'r8_x', { provider: 'constructor' }),
    await save(server, 'r8_x', { as: viewer }),
    await told(server.send('/api/cloud/providers/acme/token', { method: 'DELETE' })),
    await told(server.send(`${replicate}/token`, { method: 'DELETE', as: viewer })),
    await told(server.send('/api/cloud/providers/acme/validate')),
    await told(server.send(`${replicate}/validate`, { as: null })),
  ]
  const other = await save(server, 'anything', { provider: 'simpletuner_io' })

  expect(answers).toEqual([
    [400, 'INVALID_TOKEN'],
    [400, 'INVALID_TOKEN'],
    [400, 'INVALID_REQUEST'],
    [400, 'INVALID_REQUEST'],
    [400, 'INVALID_TOKEN'],
    [400, 'INVALID_TOKEN'],
    [404, 'PROVIDER_WITHOUT_TOKEN'],
    [404, 'PROVIDER_WITHOUT_TOKEN'],
    [403, 'PERMISSION_NEEDED'],
    [404, 'PROVIDER_WITHOUT_TOKEN'],
    [403, 'PERMISSION_NEEDED'],
    [404, 'PROVIDER_WITHOUT_TOKEN'],
    [401, 'SIGN_IN_NEEDED'],
  ])
  expect(other).toMatchObject([200, { key: 'SIMPLETUNER_IO_REFRESH_TOKEN', valid: false, outcome: 'unsupported' }])
  expect(await recorded(server, 'provider.token.')).toMatchObject([
    { outcome: 'refused', details: { code: 'INVALID_TOKEN' } },
    { outcome: 'refused' },
    { outcome: 'refused' },
    { outcome: 'refused' },
    { outcome: 'refused', targetId: 'acme', details: { code: 'PROVIDER_WITHOUT_TOKEN' } },
    { outcome: 'refused' },
    { outcome: 'refused', type: 'provider.token.deleted' },
    { outcome: 'done' },
  ])
})

it('one’s own token stands above the global one', async () => {
  await using server = await run({ env: { REPLICATE_API_TOKEN: 'r8_environment' } })
  const json = { provider: 'replicate', name: 'api_token', value: `r8_${canary}` }
  await server.send('/api/users/me/credentials', { json })
  const viewer = await server.makeUser('ann', 'viewer')

  const answers = [
    await told(server.send(`${replicate}/validate`)),
    await told(server.send(`${replicate}/validate`, { as: viewer })),
  ]

  expect(answers).toEqual([
    [200, { source: 'user', valid: true, outcome: 'valid', account: 'acme' }],
    [200, { source: 'global', secretProvider: 'env', valid: false, outcome: 'invalid' }],
  ])
})

it('a token that cannot be stored is refused, and that is in the audit log', async () => {
  await using server = await run({ providers: [new EnvironmentSecretProvider({ env: {} })] })

  const saved = await save(server, `r8_${canary}`)
  const deleted = await told(server.send(`${replicate}/token`, { method: 'DELETE' }))

  expect([saved[0], deleted]).toEqual([409, [404, 'NOTHING_TO_DELETE_FROM']])
  const entries = await recorded(server, 'provider.token.')
  expect(entries.map(({ outcome }) => outcome)).toEqual(['done', 'refused', 'done', 'refused'])
  expect(JSON.stringify([saved, entries, server.log])).not.toContain(canary)
})
