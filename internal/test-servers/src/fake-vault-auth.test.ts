import { describe, expect, it } from 'vitest'
import { type FakeLoginVault, startFakeLoginVault } from './fake-vault-auth.ts'
import { type RecordedExchange, recordedVaultExchanges } from './vault-recordings.ts'

const recordings = new Map(recordedVaultExchanges().map(exchange => [exchange.id, exchange]))
const appRole = { role_id: '72f5256c-3b60-0084-71f3-23c37c1e1e38', secret_id: '6f6519ab-d723-7f36-7c1e-eff502b7f401' }

function recorded(id: string): RecordedExchange {
  const exchange = recordings.get(id)
  if (!exchange) throw new Error(`nothing is recorded as ${id}`)
  return exchange
}

interface Asked {
  readonly path: string
  readonly method?: string
  readonly token?: string
  readonly body?: object
}

async function answerOf(vault: FakeLoginVault, { path, method = 'POST', token, body }: Asked): Promise<object> {
  const answer = await fetch(`${vault.url}/v1/${path}`, {
    method,
    headers: token === undefined ? {} : { 'x-vault-token': token },
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  })
  return comparable(answer.status, await answer.text())
}

/** The text with everything that is drawn anew for each token, or counts time, in place of itself. */
function comparable(status: number, text: string): object {
  const members = 'request_id|client_token|accessor|entity_id|creation_time|expire_time|issue_time|id|display_name'
  const drawn = new RegExp(`"(${members})":("[^"]*"|\\d+)`, 'g')
  return { status, body: text.replaceAll(drawn, '"$1":"…"').replaceAll(/"ttl":\d+/g, '"ttl":…') }
}

function comparableRecording(id: string): object {
  const { status, body } = recorded(id).response
  return comparable(status, body)
}

describe('FakeLoginVault answers as recorded', () => {
  it.each([
    ['auth/approle-login', 'approle', appRole],
    ['auth/approle-bad-secret-id', 'approle', { ...appRole, secret_id: 'nope' }],
    ['auth/login-no-mount', 'kubernetes', { role: 'app', jwt: 'x' }],
  ])('%s', async (id, mount, body) => {
    await using vault = await startFakeLoginVault()
    vault.allow('approle', { body: appRole, grant: { metadata: { role_name: 'app' } } })

    expect(await answerOf(vault, { path: `auth/${mount}/login`, body })).toEqual(comparableRecording(id))
  })

  it('a batch token', async () => {
    await using vault = await startFakeLoginVault()
    const grant = { type: 'batch', seconds: 600, metadata: { role_name: 'nosecret' } } as const
    vault.allow('approle', { body: { role_id: 'r' }, grant })

    expect(await answerOf(vault, { path: 'auth/approle/login', body: { role_id: 'r' } })).toEqual(
      comparableRecording('auth/approle-login-without-secret-id'),
    )
  })

  it('names in the path, and a mount with slashes', async () => {
    await using vault = await startFakeLoginVault()
    const grant = { metadata: { username: 'alice' } }
    vault.allow('userpass', { name: 'alice', body: { password: 'right' }, grant }, 'team/a/userpass')
    const login = 'team/a/userpass/login'

    const right = await answerOf(vault, { path: `auth/${login}/alice`, body: { password: 'right' } })
    const wrong = await answerOf(vault, { path: `auth/${login}/alice`, body: { password: 'wrong' } })

    expect(right).toEqual(comparableRecording('auth/userpass-login'))
    expect(wrong).toEqual(comparableRecording('auth/userpass-bad-password'))
    expect(vault.logins).toBe(1)
  })

  it('wrapping', async () => {
    await using vault = await startFakeLoginVault()
    const wrapped = JSON.parse(recorded('auth/unwrap').response.body) as { readonly data: Record<string, unknown> }
    const token = vault.wrap(wrapped.data, 'auth/approle/role/app/secret-id')

    expect(await answerOf(vault, { path: 'sys/wrapping/lookup', body: { token } })).toEqual(
      comparableRecording('auth/wrapping-lookup'),
    )
    expect(await answerOf(vault, { path: 'sys/wrapping/unwrap', token })).toEqual(comparableRecording('auth/unwrap'))
    expect(await answerOf(vault, { path: 'sys/wrapping/unwrap', token })).toEqual(
      comparableRecording('auth/unwrap-again'),
    )
  })

  it.each([
    ['tokens/renew-self-not-renewable', { renewable: false }],
    ['tokens/renew-self-batch', { type: 'batch' }],
    ['tokens/renew-self-no-default-policy', { read: [] }],
  ] as const)('%s', async (id, grant) => {
    await using vault = await startFakeLoginVault()

    const answer = await answerOf(vault, { path: 'auth/token/renew-self', token: vault.issue(grant) })

    expect(answer).toEqual(comparableRecording(id))
  })

  it('looking up, renewing and revoking itself', async () => {
    await using vault = await startFakeLoginVault()
    const token = vault.issue({ maxSeconds: 7200 })
    const lookUp = { path: 'auth/token/lookup-self', method: 'GET', token }

    expect(await answerOf(vault, lookUp)).toEqual(comparableRecording('tokens/lookup-self'))
    expect(await answerOf(vault, { path: 'auth/token/revoke-self', token })).toEqual(
      comparableRecording('tokens/revoke-self'),
    )
    expect(await answerOf(vault, lookUp)).toEqual(comparableRecording('tokens/lookup-self-revoked'))
  })
})

describe('FakeLoginVault', () => {
  it('ends tokens by its clock, and renews them up to their maximum', async () => {
    let now = 0
    await using vault = await startFakeLoginVault({ now: () => now })
    const token = vault.issue({ seconds: 60, maxSeconds: 90 })
    const renew = { path: 'auth/token/renew-self', token }

    now = 50_000
    const renewed = await answerOf(vault, renew)
    now = 89_000
    const last = await answerOf(vault, renew)
    now = 90_000
    const ended = await answerOf(vault, renew)

    expect(renewed).toMatchObject({ status: 200, body: expect.stringContaining('"lease_duration":40,') })
    expect(last).toMatchObject({ status: 200, body: expect.stringContaining('"lease_duration":1,') })
    expect(ended).toMatchObject({ status: 403 })
  })

  it('lets an issued token read', async () => {
    await using vault = await startFakeLoginVault()
    vault.put('secret', 'app', { A: '1' })

    const answer = await answerOf(vault, { path: 'secret/data/app', method: 'GET', token: vault.issue() })

    expect(answer).toMatchObject({ status: 200 })
  })
})
