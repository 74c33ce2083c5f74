import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { VaultAuth } from './auth-options.ts'
import { checkAuth, isAuthConfigured, resolveAuth } from './auth-settings.ts'

const cert: VaultAuth = { method: 'cert' }

afterEach(() => {
  vi.unstubAllEnvs()
})

function writeHomeToken(): string {
  const path = join(homedir(), '.vault-token')
  writeFileSync(path, 's.home')
  return path
}

describe('resolveAuth', () => {
  it('takes the options, then VAULT_TOKEN, then VAULT_TOKEN_FILE, then ~/.vault-token', () => {
    const home = writeHomeToken()
    const fromHome = resolveAuth({}, 'vault')
    vi.stubEnv('VAULT_TOKEN_FILE', '/run/token')
    const fromFile = resolveAuth({}, 'vault')
    vi.stubEnv('VAULT_TOKEN', 's.env')

    expect(fromHome).toEqual({ method: 'token', token: { path: home } })
    expect(fromFile).toEqual({ method: 'token', token: { path: '/run/token' } })
    expect(resolveAuth({ token: '' }, 'vault')).toEqual({ method: 'token', token: 's.env' })
    expect(resolveAuth({ token: 's.option' }, 'vault')).toEqual({ method: 'token', token: 's.option' })
    expect(resolveAuth({ auth: cert }, 'vault')).toBe(cert)
  })

  it('names what could be given when nothing is', () => {
    let failure: unknown
    try {
      resolveAuth({}, 'vault')
    } catch (error) {
      failure = error
    }

    expect(SecretError.isInstance(failure)).toBe(true)
    expect(failure).toMatchObject({ kind: 'not_configured', hint: expect.stringContaining('VAULT_TOKEN_FILE') })
  })

  it('refuses a VAULT_TOKEN that cannot be a token, without showing it', () => {
    vi.stubEnv('VAULT_TOKEN', 'canary\nx')

    expect(() => resolveAuth({}, 'vault')).toThrow(/^Variable VAULT_TOKEN has a space, a line break/)
  })
})

describe('isAuthConfigured', () => {
  it('tells whether there is something to log in with', () => {
    const before = isAuthConfigured({})
    vi.stubEnv('VAULT_TOKEN_FILE', join(homedir(), 'absent'))
    const absent = isAuthConfigured({})
    vi.stubEnv('VAULT_TOKEN_FILE', writeHomeToken())

    expect([before, absent, isAuthConfigured({})]).toEqual([false, false, true])
    expect(isAuthConfigured({ token: 's.x' })).toBe(true)
    expect(isAuthConfigured({ auth: cert })).toBe(true)
    expect(isAuthConfigured({ auth: { method: 'token', token: () => 's.x' } })).toBe(true)
  })
})

describe('checkAuth', () => {
  it.each<VaultAuth>([
    cert,
    { method: 'token', token: { path: '/x' } },
    { method: 'token', token: () => 's.x' },
    { method: 'approle', roleId: 'r', mount: 'team/a', namespace: 'n/m', secretId: undefined },
    { method: 'kubernetes', role: 'r', mount: '' },
    { method: 'jwt', jwt: 'x' },
    { method: 'userpass', username: 'a b', password: 'p' },
  ])('accepts %o', auth => {
    expect(() => checkAuth({ auth })).not.toThrow()
  })

  it.each<[object, string]>([
    [{ method: 'github' }, 'Option auth.method is none of those that are known.'],
    [{ method: 'toString' }, 'Option auth.method is none of those that are known.'],
    [{}, 'Option auth.method is none of those that are known.'],
    [{ method: 'token' }, 'Option auth.token is missing.'],
    [
      { method: 'token', token: 'can ary' },
      'Option auth.token has a space, a line break or a character that no token has.',
    ],
    [{ method: 'approle', roleId: '' }, 'Option auth.roleId is missing.'],
    [{ method: 'approle', roleId: 1 }, 'Option auth.roleId must be text.'],
    [{ method: 'approle', roleId: 'r', secretId: 1 }, 'Option auth.secretId must be text, a function or { path }.'],
    [{ method: 'approle', roleId: 'r', secretId: {} }, 'Option auth.secretId must be text, a function or { path }.'],
    [{ method: 'approle', roleId: 'r', unwrap: 'yes' }, 'Option auth.unwrap must be true or false.'],
    [{ method: 'kubernetes' }, 'Option auth.role is missing.'],
    [{ method: 'jwt', jwt: { path: '' } }, 'Option auth.jwt must be text, a function or { path }.'],
    [{ method: 'ldap', username: 'a' }, 'Option auth.password is missing.'],
    [{ method: 'ldap', username: '..', password: 'p' }, 'Option auth.username has a segment "." or "..".'],
    [{ method: 'cert', mount: 'a/../b' }, 'Option auth.mount has a segment "." or "..".'],
    [{ method: 'cert', mount: 'a//b' }, 'Option auth.mount has an empty segment.'],
    [{ method: 'cert', namespace: 'a\nb' }, 'Option auth.namespace has a control character or a lone surrogate.'],
    [{ method: 'cert', namespace: 'é' }, 'Option auth.namespace has a character that is not ASCII.'],
  ])('refuses %o', (auth, message) => {
    // What callers without types give.
    expect(() => checkAuth({ auth: auth as VaultAuth })).toThrow(new TypeError(message))
  })

  it('refuses a token that cannot be one, and two ways at once', () => {
    expect(() => checkAuth({ token: 'a\nb' })).toThrow(TypeError)
    expect(() => checkAuth({ token: 's.x', auth: cert })).toThrow('Options auth and token cannot both be given.')
    expect(() => checkAuth({ token: '', auth: cert })).not.toThrow()
  })
})
