import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type ProviderHost, SecretError } from '@st/secrets-core/provider'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from '../__fixtures__/failure-of.ts'
import { answered, granted, grantedInTurn, refused, ScriptedVault } from './__fixtures__/scripted-vault.ts'
import type { VaultAuth } from './auth-options.ts'
import { createTokenSource, type TokenSource } from './token-source.ts'

const login = 'auth/approle/login'
const never = new AbortController().signal
const approle: VaultAuth = { method: 'approle', roleId: 'role', secretId: 'secret' }
const badSecretId = refused(400, 'invalid role or secret ID')

let now = 0

beforeEach(() => {
  now = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

function sourceOf(vault: ScriptedVault, auth: VaultAuth = approle): TokenSource {
  return createTokenSource({ auth, provider: 'vault', now: () => now, random: () => 0 }, vault.call)
}

function recordingHost(): { host: ProviderHost; protectedTexts: string[]; events: [string, unknown][] } {
  const protectedTexts: string[] = []
  const events: [string, unknown][] = []
  const host: ProviderHost = {
    protect: text => void protectedTexts.push(text),
    changed: () => {},
    report: (event, detail) => void events.push([event, detail]),
  }
  return { host, protectedTexts, events }
}

describe('a token source', () => {
  it('asks nothing before it is asked, and logs in once for many', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn())
    const source = sourceOf(vault)
    source.attach(recordingHost().host)
    const before = vault.requests.length

    const tokens = await Promise.all(Array.from({ length: 50 }, () => source.current(never)))

    expect(before).toBe(0)
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['s.1']))
    expect(vault.requests).toHaveLength(1)
  })

  it('fails everybody who waits with the one failure, and tries again for the next', async () => {
    const vault = new ScriptedVault().on(login, () => new SecretError('unavailable', 'down'))
    const source = sourceOf(vault)

    const failures = await Promise.all([1, 2, 3].map(() => failureOf(source.current(never))))
    vault.on(login, granted())

    expect(failures.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(vault.count(login)).toBe(1)
    expect((await source.current(never)).value).toBe('s.token')
  })

  it('lets one stop waiting without ending the login for the others', async () => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof granted>>()
    const vault = new ScriptedVault().on(login, () => promise)
    const source = sourceOf(vault)
    const impatient = new AbortController()

    const first = failureOf(source.current(impatient.signal))
    const second = source.current(never)
    impatient.abort()
    const failure = await first
    resolve(granted())

    expect(failure.kind).toBe('timeout')
    expect((await second).value).toBe('s.token')
    expect((await failureOf(sourceOf(vault).current(AbortSignal.abort()))).kind).toBe('timeout')
  })

  it('shows no token and no credential when it is printed', async () => {
    const vault = new ScriptedVault().on(login, granted({ token: 's.canary' }))
    const source = sourceOf(vault, { ...approle, secretId: 'canary-secret' })

    const token = await source.current(never)

    const shown = [inspect([source, token], { depth: 20, showHidden: true }), JSON.stringify([source, token])]
    expect(shown.join('\n')).not.toContain('canary')
  })
})

describe('a refused token', () => {
  it('causes one login for a hundred callers', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn())
    const source = sourceOf(vault)
    const old = await source.current(never)

    const answers = await Promise.all(Array.from({ length: 100 }, () => source.refused(old, never)))

    expect(new Set(answers)).toEqual(new Set([true]))
    expect(vault.count(login)).toBe(2)
    expect((await source.current(never)).value).toBe('s.2')
    expect(await source.refused(old, never)).toBe(true)
    expect(vault.count(login)).toBe(2)
  })

  it('is not handed out while another one is fetched', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn())
    const source = sourceOf(vault)
    const old = await source.current(never)

    const [, next] = await Promise.all([source.refused(old, never), source.current(never)])

    expect(next.value).toBe('s.2')
  })

  it('that was just fetched because of a refusal is not fetched again at once', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn())
    const source = sourceOf(vault)
    await source.refused(await source.current(never), never)

    const second = await source.current(never)
    const isReplaced = await source.refused(second, never)
    now += 29_999
    const isReplacedEarly = await source.refused(second, never)
    now += 1
    const isReplacedLater = await source.refused(second, never)

    expect([isReplaced, isReplacedEarly, isReplacedLater]).toEqual([false, false, true])
    expect(vault.count(login)).toBe(3)
  })

  it('fails with the login that failed', async () => {
    const vault = new ScriptedVault().on(login, granted())
    const source = sourceOf(vault)
    const token = await source.current(never)
    vault.on(login, badSecretId)

    const failures = await Promise.all([1, 2].map(() => failureOf(source.refused(token, never))))

    expect(failures.map(({ kind }) => kind)).toEqual(['unauthenticated', 'unauthenticated'])
    expect(vault.count(login)).toBe(2)
  })

  it('that was given has no successor, and nobody is asked', async () => {
    const vault = new ScriptedVault()
    const source = sourceOf(vault, { method: 'token', token: 's.given' })

    expect(await source.refused(await source.current(never), never)).toBe(false)
    expect(vault.requests).toEqual([])
  })

  it('of a file is read again, each time', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'token-')), 'token')
    writeFileSync(path, 's.old\n')
    const source = sourceOf(new ScriptedVault(), { method: 'token', token: { path } })
    const old = await source.current(never)

    const isReplacedBefore = await source.refused(old, never)
    writeFileSync(path, 's.new\n')
    const isReplaced = await source.refused(old, never)

    expect([old.value, isReplacedBefore, isReplaced]).toEqual(['s.old', false, true])
    expect((await source.current(never)).value).toBe('s.new')
    expect(source.facts()).toMatchObject({ tokenFile: path, isFromLogin: false, method: 'token' })
  })

  it('of a file that holds no token is an error that names the option', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'token-')), 'token')
    writeFileSync(path, 'can ary')
    const source = sourceOf(new ScriptedVault(), { method: 'token', token: { path } })

    const failure = await failureOf(source.current(never))

    expect(failure).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('auth.token') })
    expect(inspect(failure)).not.toContain('can ary')
  })

  it('of a function is asked for again', async () => {
    const tokens = ['s.1', 's.2']
    const source = sourceOf(new ScriptedVault(), { method: 'token', token: async () => tokens.shift() ?? '' })
    const old = await source.current(never)

    expect(await source.refused(old, never)).toBe(true)
    expect((await source.current(never)).value).toBe('s.2')
  })
})

describe('a refused login', () => {
  it('is not sent again at once, as users are locked out who try too often', async () => {
    const vault = new ScriptedVault().on(login, badSecretId)
    const source = sourceOf(vault)

    const counts: number[] = []
    for (const wait of [0, 0, 9999, 1, 19_999, 1, 39_999, 1]) {
      now += wait
      expect((await failureOf(source.current(never))).kind).toBe('unauthenticated')
      counts.push(vault.count(login))
    }

    expect(counts).toEqual([1, 1, 1, 2, 2, 3, 3, 4])
  })

  it('is sent again every five minutes in the end', async () => {
    const vault = new ScriptedVault().on(login, badSecretId)
    const source = sourceOf(vault)
    for (let count = 0; count < 20; count += 1) {
      await failureOf(source.current(never))
      now += 300_000
    }

    expect(vault.count(login)).toBe(20)
  })

  it('is sent again after the shortest pause when a login succeeded in between', async () => {
    const vault = new ScriptedVault().on(login, badSecretId)
    const source = sourceOf(vault)
    await failureOf(source.current(never))
    now += 10_000
    await failureOf(source.current(never))
    now += 20_000
    vault.on(login, granted({ uses: 1 }))
    await source.current(never)

    vault.on(login, badSecretId)
    await failureOf(source.current(never))
    now += 10_000
    await failureOf(source.current(never))

    expect(vault.count(login)).toBe(5)
  })

  it('is forgotten when the credential is another one', async () => {
    const secretIds = ['wrong', 'wrong', 'right', 'right']
    const vault = new ScriptedVault().on(login, ({ body }) =>
      body?.['secret_id'] === 'right' ? granted() : badSecretId,
    )
    const source = sourceOf(vault, { ...approle, secretId: () => secretIds.shift() ?? '' })

    await failureOf(source.current(never))
    await failureOf(source.current(never))
    const token = await source.current(never)

    expect(token.value).toBe('s.token')
    expect(vault.count(login)).toBe(2)
  })
})

describe('close', () => {
  const revocation = 'auth/token/revoke-self'

  it('revokes the token of a login and ends the timer', async () => {
    const vault = new ScriptedVault().on(login, granted()).on(revocation, { ...answered(204), body: undefined })
    const source = sourceOf(vault)
    const { host, events } = recordingHost()
    source.attach(host)
    await source.current(never)

    await source.close()
    await source.close()

    expect(vault.requests.at(-1)).toMatchObject({ method: 'POST', path: revocation, token: 's.token' })
    expect(vault.count(revocation)).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
    expect(events.at(-1)).toEqual(['vault.token_revoked', { isRevoked: true }])
    expect((await failureOf(source.current(never))).kind).toBe('closed')
    expect(vault.requests).toHaveLength(2)
  })

  it('revokes in the namespace of the login', async () => {
    const vault = new ScriptedVault().on(login, granted()).on(revocation, { ...answered(204), body: undefined })
    const source = sourceOf(vault, { ...approle, namespace: 'ns1' })
    await source.current(never)

    await source.close()

    expect(vault.requests.at(-1)).toMatchObject({ path: revocation, namespace: 'ns1' })
  })

  it.each([
    ['was given', { method: 'token', token: 's.given' } as const, granted()],
    ['is a batch token', approle, granted({ type: 'batch', renewable: false })],
  ])('leaves alone a token that %s', async (_, auth, answer) => {
    const vault = new ScriptedVault().on(login, answer)
    const source = sourceOf(vault, auth)
    await source.current(never)

    await source.close()

    expect(vault.count(revocation)).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks nothing when nothing was asked, nor for a token that has ended', async () => {
    const vault = new ScriptedVault().on(login, granted())
    await sourceOf(vault).close()
    const source = sourceOf(vault)
    await source.current(never)
    now += 3_600_000

    await source.close()

    expect(vault.count(revocation)).toBe(0)
  })

  it('does not fail when the token cannot be revoked', async () => {
    const vault = new ScriptedVault().on(login, granted()).on(revocation, () => new SecretError('unavailable', 'down'))
    const source = sourceOf(vault)
    await source.current(never)

    await expect(source.close()).resolves.toBeUndefined()
  })

  it('ends a login that hangs, and whoever waits for it', async () => {
    const vault = new ScriptedVault().on(login, () => new Promise(() => {}))
    const source = sourceOf(vault)
    const { host, events } = recordingHost()
    source.attach(host)
    const waiting = failureOf(source.current(never))

    await source.close()

    expect((await waiting).kind).toBe('closed')
    expect(events).toEqual([])
    expect(vault.requests[0]?.signal.aborted).toBe(true)
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    'leaves no timer and no token behind when it comes %i turns after the answer to a login',
    async turns => {
      const { promise, resolve } = Promise.withResolvers<ReturnType<typeof granted>>()
      const vault = new ScriptedVault().on(login, () => promise).on(revocation, { ...answered(204), body: undefined })
      const source = sourceOf(vault)
      const outcome = source.current(never).then(
        () => 1,
        () => 0,
      )
      await vi.waitFor(() => expect(vault.count(login)).toBe(1))

      resolve(granted())
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      await source.close()

      expect(vi.getTimerCount()).toBe(0)
      // Whoever got the token got one that is revoked; a login that was cut off gave none that is known.
      expect(vault.count(revocation)).toBe(await outcome)
    },
  )

  it('ends a renewal that hangs without setting another timer', async () => {
    const renewal = Promise.withResolvers<ReturnType<typeof granted>>()
    const vault = new ScriptedVault().on(login, granted()).on('auth/token/renew-self', () => renewal.promise)
    const source = sourceOf(vault)
    await source.current(never)
    now += 2_400_000
    await vi.advanceTimersByTimeAsync(2_400_000)

    await source.close()
    renewal.resolve(granted())
    await vi.advanceTimersByTimeAsync(0)

    expect(vault.requests[1]?.signal.aborted).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('attach', () => {
  it('has every credential redacted: given, fetched, and granted', async () => {
    const { host, protectedTexts } = recordingHost()
    const vault = new ScriptedVault().on(login, granted({ token: 's.login' })).on('auth/ldap/login/a', granted())
    const logged = sourceOf(vault, { ...approle, secretId: () => 'fetched' })
    const early = sourceOf(vault, { method: 'ldap', username: 'a', password: 'pass' })
    await early.current(never)

    logged.attach(host)
    early.attach(host)
    sourceOf(vault, { method: 'token', token: 's.given' }).attach(host)
    await logged.current(never)

    expect(protectedTexts).toEqual(['pass', 's.token', 's.given', 'fetched', 's.login'])
  })

  it('has a secret id redacted that was unwrapped', async () => {
    const { host, protectedTexts } = recordingHost()
    const vault = new ScriptedVault()
      .on(login, granted())
      .on('sys/wrapping/lookup', answered(200, { data: { creation_path: 'auth/approle/role/app/secret-id' } }))
      .on('sys/wrapping/unwrap', answered(200, { data: { secret_id: 'unwrapped' } }))
    const source = sourceOf(vault, { ...approle, unwrap: true })
    source.attach(host)

    await source.current(never)

    expect(protectedTexts).toContain('unwrapped')
  })

  it('publishes logins and failures without credentials', async () => {
    const { host, events } = recordingHost()
    const vault = new ScriptedVault().on(login, badSecretId)
    const source = sourceOf(vault)
    source.attach(host)

    await failureOf(source.current(never))
    now += 10_000
    vault.on(login, granted())
    await source.current(never)

    expect(events).toEqual([
      ['vault.login_failed', { method: 'approle', kind: 'unauthenticated' }],
      ['vault.login', { method: 'approle', seconds: 3600 }],
    ])
  })
})
