import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { ProviderHost } from '@st/secrets-core/provider'
import { describeWithPeer, requirePeer } from '@st/test-peers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from '../__fixtures__/failure-of.ts'
import { type AuthOperator, realOperator, type Role, startFakeOperator } from './__fixtures__/auth-operator.ts'
import { httpVaultCall } from './__fixtures__/http-vault-call.ts'
import type { VaultAuth } from './auth-options.ts'
import { createTokenSource, type TokenSource } from './token-source.ts'

const never = new AbortController().signal
const sources: TokenSource[] = []
let nowMs = 0
const events: [string, Readonly<Record<string, unknown>> | undefined][] = []
const host: ProviderHost = {
  protect: () => {},
  changed: () => {},
  report: (event, detail) => void events.push([event, detail]),
}

beforeEach(() => {
  // Time passes for the source alone, at once; the server's own goes on as ever.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(sources.splice(0).map(source => source.close()))
  events.length = 0
})

function sourceFor(url: string, auth: VaultAuth): TokenSource {
  const source = createTokenSource({ auth, provider: 'vault', now: () => nowMs, random: () => 0 }, httpVaultCall(url))
  source.attach(host)
  sources.push(source)
  return source
}

function authOf({ mount, roleId, secretId }: Role): VaultAuth & { readonly method: 'approle' } {
  return { method: 'approle', mount, roleId, secretId }
}

function pass(seconds: number): void {
  nowMs += seconds * 1000
  vi.advanceTimersByTime(seconds * 1000)
  // What follows waits for a server.
  vi.useRealTimers()
}

/** Lets the source's time pass, and waits for what it publishes then. */
async function eventAfter(seconds: number, event: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  pass(seconds)
  return vi.waitUntil(() => events.find(([name]) => name === event)?.[1], 5000)
}

function describeLogins(operatorOf: () => AuthOperator): void {
  it('logs in by AppRole at a mount with a slash, and revokes its token in the end', async () => {
    const operator = operatorOf()
    const source = sourceFor(operator.url, authOf(await operator.makeRole({ seconds: 1800 })))

    const { value } = await source.current(never)
    const before = await operator.accepts(value)
    const facts = source.facts()
    await source.close()

    expect([before, await operator.accepts(value)]).toEqual([true, false])
    expect(facts).toMatchObject({ expiresInMs: 1_800_000, renewal: 'on', isFromLogin: true })
    expect(events).toEqual([
      ['vault.login', { method: 'approle', seconds: 1800 }],
      ['vault.token_revoked', { isRevoked: true }],
    ])
  })

  it('leaves a batch token, which nobody can revoke', async () => {
    const operator = operatorOf()
    const source = sourceFor(operator.url, authOf(await operator.makeRole({ type: 'batch' })))

    const { value } = await source.current(never)
    await source.close()

    expect(await operator.accepts(value)).toBe(true)
    expect(value).toMatch(/^(hv)?b\./)
  })

  it('tells wrong credentials from a method that is not enabled', async () => {
    const operator = operatorOf()
    const auth = authOf(await operator.makeRole())

    const wrong = await failureOf(sourceFor(operator.url, { ...auth, secretId: randomUUID() }).current(never))
    const nowhere = await failureOf(sourceFor(operator.url, { ...auth, mount: randomUUID() }).current(never))

    expect(wrong).toMatchObject({
      kind: 'unauthenticated',
      status: 400,
      hint: expect.stringContaining('auth.secretId'),
    })
    expect(nowhere).toMatchObject({ kind: 'unauthenticated', status: 403, hint: expect.stringContaining('auth.mount') })
  })

  it('logs in as a user, whose name is escaped', async () => {
    const operator = operatorOf()
    const mount = await operator.makeUser('o.neil-x', 'p"<&>w')
    const auth: VaultAuth = { method: 'userpass', mount, username: 'o.neil-x', password: 'p"<&>w' }

    const { value } = await sourceFor(operator.url, auth).current(never)
    const wrong = await failureOf(sourceFor(operator.url, { ...auth, password: 'wrong' }).current(never))

    expect(await operator.accepts(value)).toBe(true)
    expect(wrong.kind).toBe('unauthenticated')
  })

  it('unwraps a secret id', async () => {
    const operator = operatorOf()
    const role = await operator.makeRole()
    const auth = { ...authOf(role), secretId: await role.wrapSecretId(), unwrap: true }

    const { value } = await sourceFor(operator.url, auth).current(never)
    const second = await failureOf(sourceFor(operator.url, auth).current(never))

    expect(await operator.accepts(value)).toBe(true)
    expect(second).toMatchObject({ kind: 'insecure', detail: 'wrapping' })
  })

  it('raises the alarm at a wrapping token that was opened before, or that somebody else made', async () => {
    const operator = operatorOf()
    const role = await operator.makeRole()
    const opened = await role.wrapSecretId()
    await operator.unwrap(opened)
    const forged = await operator.wrap({ secret_id: role.secretId })

    const kinds = await Promise.all(
      [opened, forged].map(async secretId => {
        const source = sourceFor(operator.url, { ...authOf(role), secretId, unwrap: true })
        return (await failureOf(source.current(never))).kind
      }),
    )

    expect(kinds).toEqual(['insecure', 'insecure'])
  })

  it('logs in once for a hundred refusals of a revoked token', async () => {
    const operator = operatorOf()
    const source = sourceFor(operator.url, authOf(await operator.makeRole()))
    const old = await source.current(never)
    await operator.revoke(old.value)

    const answers = await Promise.all(Array.from({ length: 100 }, () => source.refused(old, never)))

    expect(new Set(answers)).toEqual(new Set([true]))
    expect(events.filter(([name]) => name === 'vault.login')).toHaveLength(2)
    expect(await operator.accepts((await source.current(never)).value)).toBe(true)
  })

  it('uses a token as often as the server lets it', async () => {
    const operator = operatorOf()
    const source = sourceFor(operator.url, authOf(await operator.makeRole({ uses: 2 })))

    const tokens: string[] = []
    for (let count = 0; count < 4; count += 1) {
      const { value } = await source.current(never)
      expect(await operator.accepts(value)).toBe(true)
      tokens.push(value)
    }

    expect(new Set(tokens).size).toBe(2)
  })

  it('renews at two thirds of the lease', async () => {
    const operator = operatorOf()
    const source = sourceFor(operator.url, authOf(await operator.makeRole()))
    await source.current(never)

    const detail = await eventAfter(2400, 'vault.token_renewed')

    expect(detail).toEqual({ seconds: 3600, isCapped: false })
  })

  it('sees that a renewal gives no more at the maximum', async () => {
    const operator = operatorOf()
    const role = await operator.makeRole()
    const source = sourceFor(operator.url, authOf(role))
    await source.current(never)
    await role.shorten(1800)

    const detail = await eventAfter(2400, 'vault.token_renewed')

    expect(detail).toMatchObject({ isCapped: true })
    expect(source.facts().renewal).toBe('on')
  })

  it('takes no for an answer when its policies do not let it renew', async () => {
    const operator = operatorOf()
    const source = sourceFor(operator.url, authOf(await operator.makeRole({ isTrusted: false })))
    await source.current(never)

    const detail = await eventAfter(2400, 'vault.token_renewal_denied')

    expect(detail).toEqual({ status: 403 })
    expect(source.facts().renewal).toBe('denied')
  })

  it('looks up a given token after a minute, and never revokes it', async () => {
    const operator = operatorOf()
    const token = await operator.makeToken(1200)
    const source = sourceFor(operator.url, { method: 'token', token })
    await source.current(never)

    pass(60)
    await vi.waitUntil(() => source.facts().renewal === 'on', 5000)
    const { expiresInMs } = source.facts()
    await source.close()

    expect(expiresInMs).toBeGreaterThan(1_100_000)
    expect(expiresInMs).toBeLessThanOrEqual(1_200_000)
    expect(await operator.accepts(token)).toBe(true)
  })
}

describe('a token source over the stand-in', () => {
  let operator: AuthOperator

  beforeAll(async () => {
    operator = await startFakeOperator()
  })

  afterAll(() => operator.close())

  describeLogins(() => operator)
})

interface Managed {
  readonly body?: object
  readonly namespace?: string
}

const peer = await requirePeer('vault')

describeWithPeer(describe, peer)('a token source over a real Vault', found => {
  const namespaces: string[] = []
  const mounts: string[] = []
  let operator: AuthOperator

  beforeAll(() => {
    operator = realOperator(found())
  })

  afterAll(async () => {
    await operator.close()
    for (const mount of mounts) await manage('DELETE', `sys/auth/${mount}`)
    for (const namespace of namespaces) await manage('DELETE', `sys/namespaces/${namespace}`)
  })

  async function manage(method: string, path: string, { body, namespace }: Managed = {}): Promise<unknown> {
    const { url, token } = found()
    const headers = { 'x-vault-token': token, ...(namespace !== undefined && { 'x-vault-namespace': namespace }) }
    const response = await fetch(`${url}/v1/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (response.status >= 300) throw new Error(`the server refuses ${path} with ${response.status}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  describeLogins(() => operator)

  it('logs in with a JSON Web Token', async () => {
    const mount = `st-test/${randomUUID()}`
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    mounts.push(mount)
    await manage('POST', `sys/auth/${mount}`, { body: { type: 'jwt' } })
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    await manage('POST', `auth/${mount}/config`, { body: { jwt_validation_pubkeys: [pem] } })
    const role = { role_type: 'jwt', user_claim: 'sub', bound_audiences: ['st'], token_ttl: 600 }
    await manage('POST', `auth/${mount}/role/app`, { body: role })
    const jwtFor = (audience: string): string => {
      const exp = Math.floor(Date.now() / 1000) + 60
      const parts = [
        { alg: 'RS256', typ: 'JWT' },
        { sub: 'svc', aud: audience, exp },
      ]
      const text = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
    }
    const auth: VaultAuth = { method: 'jwt', mount, role: 'app', jwt: async () => jwtFor('st') }

    const { value } = await sourceFor(operator.url, auth).current(never)
    const wrong = await failureOf(sourceFor(operator.url, { ...auth, jwt: jwtFor('other') }).current(never))

    expect(await operator.accepts(value)).toBe(true)
    expect(wrong).toMatchObject({ kind: 'unauthenticated', hint: expect.stringContaining('audience') })
  })

  it('logs in inside a namespace, with a wrapped secret id', async () => {
    const namespace = `st-test-${randomUUID()}`
    namespaces.push(namespace)
    await manage('POST', `sys/namespaces/${namespace}`)
    await manage('POST', 'sys/auth/approle', { body: { type: 'approle' }, namespace })
    await manage('POST', 'auth/approle/role/app', { body: { token_ttl: 600 }, namespace })
    const { url, token } = found()
    const call = httpVaultCall(url)
    const wrap = await fetch(`${url}/v1/auth/approle/role/app/secret-id`, {
      method: 'POST',
      headers: { 'x-vault-token': token, 'x-vault-namespace': namespace, 'x-vault-wrap-ttl': '60s' },
    })
    const secretId = ((await wrap.json()) as { wrap_info: { token: string } }).wrap_info.token
    const path = 'auth/approle/role/app/role-id'
    const { body } = await call({ method: 'GET', path, token, namespace, signal: never })
    const { role_id: roleId } = (body as { data: { role_id: string } }).data

    const source = sourceFor(url, { method: 'approle', roleId, secretId, unwrap: true, namespace })
    const { value } = await source.current(never)
    const before = await operator.accepts(value)
    await source.close()

    expect([before, await operator.accepts(value)]).toEqual([true, false])
  })
})
