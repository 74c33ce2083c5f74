import { inspect } from 'node:util'
import { SecretError } from '@st/secrets-core/provider'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../__fixtures__/failure-of.ts'
import { answered, granted, page, refused, ScriptedVault } from './__fixtures__/scripted-vault.ts'
import type { LoginAuth } from './login-methods.ts'
import { VaultLogin } from './vault-login.ts'

const never = new AbortController().signal
const approle: LoginAuth = { method: 'approle', roleId: 'role', secretId: 'canary' }

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'credential-')), 'file')
  writeFileSync(path, text)
  return path
}

function loginOf(vault: ScriptedVault, auth: LoginAuth = approle): VaultLogin {
  return new VaultLogin(auth, { provider: 'vault', call: vault.call, now: () => 0, protect: () => {} })
}

describe('a login', () => {
  interface Row {
    readonly title: string
    readonly auth: LoginAuth
    readonly path: string
    readonly body: object
  }

  it.each<Row>([
    {
      title: 'approle',
      auth: approle,
      path: 'auth/approle/login',
      body: { role_id: 'role', secret_id: 'canary' },
    },
    {
      title: 'approle without secret id',
      auth: { method: 'approle', roleId: 'role' },
      path: 'auth/approle/login',
      body: { role_id: 'role' },
    },
    {
      title: 'kubernetes',
      auth: { method: 'kubernetes', role: 'web', jwtPath: fileOf('ey.x.y\n') },
      path: 'auth/kubernetes/login',
      body: { role: 'web', jwt: 'ey.x.y' },
    },
    {
      title: 'jwt',
      auth: { method: 'jwt', jwt: () => 'ey.x.y', role: 'ci' },
      path: 'auth/jwt/login',
      body: { role: 'ci', jwt: 'ey.x.y' },
    },
    {
      title: 'jwt without role',
      auth: { method: 'jwt', jwt: { path: fileOf('ey') } },
      path: 'auth/jwt/login',
      body: { jwt: 'ey' },
    },
    {
      title: 'userpass',
      auth: { method: 'userpass', username: "o'neil <x>&#?", password: ' p ' },
      path: "auth/userpass/login/o'neil%20%3Cx%3E%26%23%3F",
      body: { password: ' p ' },
    },
    {
      title: 'ldap',
      auth: { method: 'ldap', username: 'cn=a/b', password: async () => 'p' },
      path: 'auth/ldap/login/cn%3Da%2Fb',
      body: { password: 'p' },
    },
    { title: 'cert', auth: { method: 'cert' }, path: 'auth/cert/login', body: {} },
    {
      title: 'cert with a role',
      auth: { method: 'cert', role: 'app' },
      path: 'auth/cert/login',
      body: { name: 'app' },
    },
    {
      title: 'a method elsewhere',
      auth: { ...approle, mount: '/team/a b/approle/', namespace: 'ns1/' },
      path: 'auth/team/a%20b/approle/login',
      body: { role_id: 'role', secret_id: 'canary' },
    },
  ])('by $title asks as the server wants it', async ({ auth, path, body }) => {
    const vault = new ScriptedVault().on(path, granted())

    const { token, lease } = await loginOf(vault, auth).run(never)

    expect(token.value).toBe('s.token')
    expect(lease).toEqual({ durationMs: 3_600_000, expiresAt: 3_600_000, isRenewable: true, uses: 0, isBatch: false })
    expect(vault.requests).toHaveLength(1)
    expect(JSON.parse(JSON.stringify(vault.requests[0]?.body))).toEqual(body)
    expect(vault.requests[0]).toMatchObject({ method: 'POST', namespace: auth.namespace, signal: never })
    expect(vault.requests[0]?.token).toBeUndefined()
  })

  it.each([
    ['wrong credentials', refused(400, 'invalid role or secret ID'), 'Check auth.roleId and auth.secretId.'],
    ['a method that is not enabled there', refused(403, 'permission denied'), 'Check auth.mount'],
    ['an answer of old', refused(401, 'no'), 'Check auth.roleId'],
  ])('is unauthenticated at %s and names the options', async (_, answer, hint) => {
    const failure = await failureOf(loginOf(new ScriptedVault().on('auth/approle/login', answer)).run(never))

    expect(failure).toMatchObject({
      kind: 'unauthenticated',
      status: answer.status,
      provider: 'vault',
      transient: false,
    })
    expect(failure.message).toBe('Vault refuses the login by approle at "auth/approle".')
    expect(failure.hint).toContain(hint)
  })

  it.each([
    ['sealed', refused(503, 'Vault is sealed'), { kind: 'unavailable', detail: 'sealed' }],
    ['a failure', refused(500, 'missing role_id'), { kind: 'unavailable' }],
    ['throttling', { ...answered(429), retryAfter: '2' }, { kind: 'throttled', retryAfterMs: 2000 }],
    ['an unknown namespace', refused(404, 'namespace not found'), { kind: 'not_configured' }],
    ['a login page', page(200), { kind: 'malformed' }],
    ['a page that refuses', page(403), { kind: 'malformed' }],
    ['an answer without a token', answered(200, { auth: null }), { kind: 'malformed' }],
    ['a token that is none', granted({ token: 'a b' }), { kind: 'malformed' }],
    ['an answer without a lease', answered(200, { auth: { client_token: 's.x' } }), { kind: 'malformed' }],
    ['a lease below nothing', granted({ seconds: -1 }), { kind: 'malformed' }],
    ['an empty answer', { ...answered(204), body: undefined }, { kind: 'malformed' }],
    [
      'a second factor',
      answered(200, { auth: { client_token: '', mfa_requirement: { mfa_request_id: 'x' } } }),
      { kind: 'unsupported' },
    ],
  ])('tells %s', async (_, answer, expected) => {
    const failure = await failureOf(loginOf(new ScriptedVault().on('auth/approle/login', answer)).run(never))

    expect(failure).toMatchObject(expected)
  })

  it.each<[LoginAuth, string]>([
    [{ ...approle, secretId: () => '' }, 'auth.secretId gives no text.'],
    [{ method: 'jwt', jwt: () => '' }, 'auth.jwt gives no text.'],
    [{ method: 'ldap', username: 'a', password: () => '' }, 'auth.password gives no text.'],
    [
      { method: 'kubernetes', role: 'web' },
      'auth.jwtPath names the file "/var/run/secrets/kubernetes.io/serviceaccount/token", which cannot be read or is too large.',
    ],
  ])('names the option of a credential that cannot be had (%#)', async (auth, message) => {
    const vault = new ScriptedVault()

    const failure = await failureOf(loginOf(vault, auth).run(never))

    expect(failure).toMatchObject({ kind: 'not_configured', message })
    expect(vault.requests).toEqual([])
  })

  it('shows no credential and nothing of the answer in its failures', async () => {
    const bodies = [
      refused(400, 'canary'),
      refused(403, 'canary'),
      answered(200, { auth: { client_token: 'can ary' } }),
    ]
    const traces: unknown[] = []
    for (const answer of bodies) {
      const vault = new ScriptedVault().on('auth/approle/login', answer)
      const failure = await failureOf(loginOf(vault).run(never))
      traces.push(inspect(failure, { depth: 20, showHidden: true }), JSON.stringify(failure), failure.stack)
    }

    expect(traces.join('\n')).not.toMatch(/can ?ary/)
  })
})

describe('a wrapped secret id', () => {
  const wrapped: LoginAuth = { ...approle, secretId: 's.wrapping', unwrap: true }
  const origin = (path: unknown = 'auth/approle/role/app/secret-id') => answered(200, { data: { creation_path: path } })
  const content = answered(200, { data: { secret_id: 'unwrapped' } })
  const used = refused(400, 'wrapping token is not valid or does not exist')

  function wrappingVault(): ScriptedVault {
    return new ScriptedVault()
      .on('auth/approle/login', granted())
      .on('sys/wrapping/lookup', origin())
      .on('sys/wrapping/unwrap', content)
  }

  it('is unwrapped after a look at who wrapped it, once, also for later logins', async () => {
    const vault = wrappingVault()
    const login = loginOf(vault, wrapped)

    await login.run(never)
    await login.run(never)

    expect(vault.requests.map(({ path, token, body }) => ({ path, token, body }))).toEqual([
      { path: 'sys/wrapping/lookup', token: undefined, body: { token: 's.wrapping' } },
      { path: 'sys/wrapping/unwrap', token: 's.wrapping', body: {} },
      { path: 'auth/approle/login', token: undefined, body: { role_id: 'role', secret_id: 'unwrapped' } },
      { path: 'auth/approle/login', token: undefined, body: { role_id: 'role', secret_id: 'unwrapped' } },
    ])
  })

  it('is kept when the login fails after it was unwrapped', async () => {
    const vault = wrappingVault().on('auth/approle/login', () => new SecretError('unavailable', 'down'))
    const login = loginOf(vault, wrapped)

    await failureOf(login.run(never))
    vault.on('auth/approle/login', granted())
    await login.run(never)

    expect(vault.count('sys/wrapping/unwrap')).toBe(1)
  })

  it('is kept when the file of the wrapping token is removed', async () => {
    const path = fileOf('s.wrapping')
    const vault = wrappingVault()
    const login = loginOf(vault, { ...wrapped, secretId: { path } })
    await login.run(never)
    rmSync(path)

    await login.run(never)

    expect(vault.count('sys/wrapping/unwrap')).toBe(1)
    expect((await failureOf(loginOf(vault, { ...wrapped, secretId: { path } }).run(never))).kind).toBe('not_configured')
  })

  it('is unwrapped anew when another wrapping token is given', async () => {
    const tokens = ['s.one', 's.two']
    const vault = wrappingVault()
    const login = loginOf(vault, { ...wrapped, secretId: () => tokens.shift() ?? '' })

    await login.run(never)
    await login.run(never)

    expect(vault.count('sys/wrapping/unwrap')).toBe(2)
  })

  it.each([
    ['sys/wrapping/wrap'],
    ['auth/approle/login'],
    ['auth/approle2/role/app/secret-id'],
    ['x/auth/approle/role/app/secret-id'],
    ['auth/approle/role/app/secret-id/x'],
    ['auth/approle/role/a/b/secret-id'],
    [undefined],
  ])('that was made at %s is insecure, and it is not opened', async path => {
    const vault = wrappingVault().on('sys/wrapping/lookup', origin(path ?? null))

    const failure = await failureOf(loginOf(vault, wrapped).run(never))

    expect(failure).toMatchObject({ kind: 'insecure', detail: 'wrapping', transient: false })
    expect(vault.requests).toHaveLength(1)
  })

  it.each(['auth/team/a/role/app/secret-id', 'auth/team/a/role/app/custom-secret-id'])(
    'that was made at %s is accepted for that mount',
    async path => {
      const vault = wrappingVault().on('sys/wrapping/lookup', origin(path)).on('auth/team/a/login', granted())

      const { token } = await loginOf(vault, { ...wrapped, mount: 'team/a' }).run(never)

      expect(token.value).toBe('s.token')
    },
  )

  it.each(['sys/wrapping/lookup', 'sys/wrapping/unwrap'])('that %s refuses is an alarm', async path => {
    const vault = wrappingVault().on(path, used)

    const failure = await failureOf(loginOf(vault, wrapped).run(never))

    expect(failure).toMatchObject({ kind: 'insecure', detail: 'wrapping' })
    expect(failure.message).toContain('was opened by somebody else')
    expect(failure.hint).toContain('Find out who had it')
    expect(vault.count('auth/approle/login')).toBe(0)
  })

  it('that holds something else is an alarm', async () => {
    const vault = wrappingVault().on('sys/wrapping/unwrap', answered(200, { data: { other: 'x' } }))

    expect((await failureOf(loginOf(vault, wrapped).run(never))).kind).toBe('insecure')
  })

  it.each([
    ['sealed', refused(503, 'Vault is sealed'), 'unavailable'],
    ['a page', page(400), 'malformed'],
    ['nothing', { ...answered(200), body: undefined }, 'malformed'],
  ])('is no alarm at %s', async (_, answer, kind) => {
    const vault = wrappingVault().on('sys/wrapping/lookup', answer)

    expect((await failureOf(loginOf(vault, wrapped).run(never))).kind).toBe(kind)
  })
})
