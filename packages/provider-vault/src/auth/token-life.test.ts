import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answered, granted, grantedInTurn, page, refused, ScriptedVault } from './__fixtures__/scripted-vault.ts'
import type { VaultAuth } from './auth-options.ts'
import { createTokenSource, type TokenSource } from './token-source.ts'

const login = 'auth/approle/login'
const renewal = 'auth/token/renew-self'
const lookup = 'auth/token/lookup-self'
const hour = 3600
const year = 365 * 24 * hour
const never = new AbortController().signal
const approle: VaultAuth = { method: 'approle', roleId: 'role', secretId: 'secret' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

async function seconds(count: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(count * 1000)
}

function sourceOf(vault: ScriptedVault, auth: VaultAuth = approle, random = 0): TokenSource {
  return createTokenSource({ auth, provider: 'vault', random: () => random }, vault.call)
}

async function tokenOf(source: TokenSource): Promise<string> {
  return (await source.current(never)).value
}

describe('renewal', () => {
  it.each([768 * hour, 10 * year])(
    'of a token of %i s asks nothing in the first second and sets one timer',
    async ttl => {
      const vault = new ScriptedVault().on(login, granted({ seconds: ttl }))

      await tokenOf(sourceOf(vault))
      await seconds(1)

      expect(vi.getTimerCount()).toBe(1)
      expect(vault.requests.map(({ path }) => path)).toEqual([login])
    },
  )

  it.each([
    [0, hour, 2400],
    [0.999999, hour, 2640],
    [0, 768 * hour, 1_843_200],
    [0, 10 * year, 210_240_000],
  ])('comes at two thirds of the lease and at most a tenth later (%d of %i s: %i s)', async (random, ttl, due) => {
    const vault = new ScriptedVault().on(login, granted({ seconds: ttl })).on(renewal, granted({ seconds: ttl }))
    await tokenOf(sourceOf(vault, approle, random))

    await seconds(due - 1)
    const before = vault.count(renewal)
    await seconds(1)

    expect([before, vault.count(renewal)]).toEqual([0, 1])
    expect(vault.requests.at(-1)).toMatchObject({ method: 'POST', token: 's.token', body: {} })
  })

  it('goes on for as long as it extends the lease, with one login', async () => {
    const vault = new ScriptedVault().on(login, granted()).on(renewal, granted())
    const source = sourceOf(vault)
    await tokenOf(source)

    await seconds(24 * hour)

    expect(vault.count(renewal)).toBe(36)
    expect(await tokenOf(source)).toBe('s.token')
    expect(vault.count(login)).toBe(1)
    expect(source.facts()).toMatchObject({ renewal: 'on', expiresInMs: 3_600_000 })
  })

  it('is tried again after failures, with growing pauses', async () => {
    const times: number[] = []
    const vault = new ScriptedVault().on(login, grantedInTurn()).on(renewal, () => {
      times.push(performance.now() / 1000)
      return times.length <= 3 ? refused(503, 'Vault is sealed') : granted({ token: 's.1' })
    })
    const source = sourceOf(vault)
    const start = performance.now() / 1000
    await tokenOf(source)

    await seconds(2401)
    const { renewal: state } = source.facts()
    await seconds(100)

    expect(times.map(time => Math.round(time - start))).toEqual([2400, 2401, 2403, 2407])
    expect([state, source.facts().renewal]).toEqual(['failing', 'on'])
    expect(vault.count(login)).toBe(1)
  })

  it('begins with a short pause again after it has succeeded', async () => {
    const vault = new ScriptedVault().on(login, granted()).on(renewal, answered(503))
    await tokenOf(sourceOf(vault))
    await seconds(2404)
    vault.on(renewal, granted())
    await seconds(4)
    const before = vault.count(renewal)

    vault.on(renewal, answered(503))
    await seconds(2401)

    expect([before, vault.count(renewal)]).toEqual([4, 6])
  })

  it.each([
    ['no answer', new SecretError('unavailable', 'down')],
    ['another failure', new Error('down')],
    ['throttling', answered(429)],
    ['a node that lags behind', answered(412)],
    ['a page', page(200)],
    ['a refusal that is no JSON', page(403)],
    ['an answer without a lease', answered(200, { auth: {} })],
  ])('is tried again after %s', async (_, failure) => {
    let count = 0
    const vault = new ScriptedVault().on(login, granted()).on(renewal, () => ((count += 1) === 1 ? failure : granted()))
    await tokenOf(sourceOf(vault))

    await seconds(2402)

    expect(count).toBe(2)
  })

  it('waits as long as the server asks', async () => {
    const vault = new ScriptedVault().on(login, granted()).on(renewal, answered(429, { errors: [] }, '300'))
    await tokenOf(sourceOf(vault))

    await seconds(2400)
    vault.on(renewal, granted())
    await seconds(299)
    const before = vault.count(renewal)
    await seconds(1)

    expect([before, vault.count(renewal)]).toEqual([1, 2])
  })

  it('is tried until the token has ended, and then the next request logs in', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn())
    vault.on(renewal, () => new SecretError('unavailable', 'down'))
    const source = sourceOf(vault)
    await tokenOf(source)

    await seconds(hour - 1)
    const last = await tokenOf(source)
    await seconds(1)

    expect(last).toBe('s.1')
    expect(vault.count(renewal)).toBeGreaterThan(20)
    expect(vault.count(login)).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
    expect(await tokenOf(source)).toBe('s.2')
  })

  it('stops when it no longer extends the lease, and another token is fetched before the end', async () => {
    const end = performance.now() + 2 * hour * 1000
    const vault = new ScriptedVault().on(login, grantedInTurn())
    vault.on(renewal, () => granted({ seconds: Math.min(hour, Math.floor((end - performance.now()) / 1000)) }))
    const source = sourceOf(vault)
    await tokenOf(source)

    await seconds(2 * hour - 700)
    const before = [vault.count(renewal), vault.count(login)]
    await seconds(400)

    // At 40 minutes for an hour, at 80 for the 40 minutes that are left.
    expect(before).toEqual([2, 1])
    expect(vault.count(login)).toBe(2)
    expect(await tokenOf(source)).toBe('s.2')
    expect(vi.getTimerCount()).toBe(1)
  })

  it('that no longer extends a token that was given stops for good', async () => {
    const vault = new ScriptedVault().on(renewal, granted({ seconds: 60 }))
    vault.on(lookup, answered(200, { data: { ttl: '3600', creation_ttl: '3600', renewable: true, num_uses: '0' } }))
    const source = sourceOf(vault, { method: 'token', token: 's.given' })
    await tokenOf(source)

    await seconds(10 * hour)

    expect(vault.count(renewal)).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
    expect(source.facts().renewal).toBe('off')
  })

  it('that gives nothing more is no lease without an end', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn()).on(renewal, granted({ seconds: 0 }))
    const source = sourceOf(vault)
    await tokenOf(source)

    await seconds(2881)

    expect([vault.count(renewal), vault.count(login)]).toEqual([1, 2])
  })

  it('of a token that the server does not know any more ends it, and the next request logs in', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn()).on(renewal, refused(403, 'permission denied'))
    const source = sourceOf(vault)
    await tokenOf(source)

    await seconds(2400)
    const before = [vi.getTimerCount(), vault.count(login)]

    expect(before).toEqual([0, 1])
    expect(await tokenOf(source)).toBe('s.2')
  })

  it.each([
    ['a policy that does not let it', refused(403, '1 error occurred:\n\t* permission denied\n\n'), 'denied'],
    ['a token that cannot be renewed', refused(400, 'lease is not renewable'), 'on'],
  ])('ends without a storm at %s, and another token is fetched before the end', async (_, refusal, state) => {
    const vault = new ScriptedVault().on(login, grantedInTurn()).on(renewal, refusal)
    const source = sourceOf(vault)
    await tokenOf(source)

    await seconds(2879)
    const before = [vault.count(renewal), vault.count(login), source.facts().renewal]
    await seconds(2)

    expect(before).toEqual([1, 1, state])
    expect(vault.count(login)).toBe(2)
  })

  it.each([
    ['cannot be renewed', { renewable: false }],
    ['is a batch token', { renewable: false, type: 'batch' }],
  ] as const)('of a token that %s is another login shortly before its end', async (_, grant) => {
    const vault = new ScriptedVault().on(login, grantedInTurn(grant))
    const source = sourceOf(vault)
    await tokenOf(source)

    await seconds(2879)
    const before = vault.count(login)
    await seconds(2)

    expect([before, vault.count(login), vault.count(renewal)]).toEqual([1, 2, 0])
    expect(await tokenOf(source)).toBe('s.2')
  })

  it('keeps a token that could not be replaced until its end, and tries again', async () => {
    const vault = new ScriptedVault().on(login, granted({ renewable: false, token: 's.1' }))
    const source = sourceOf(vault)
    await tokenOf(source)
    vault.on(login, () => new SecretError('unavailable', 'down'))

    await seconds(3000)
    const old = await tokenOf(source)
    vault.on(login, granted({ renewable: false, token: 's.2' }))
    await seconds(61)

    expect(old).toBe('s.1')
    expect(await tokenOf(source)).toBe('s.2')
  })

  it('of a token that never ends is not needed', async () => {
    const vault = new ScriptedVault().on(login, granted({ seconds: 0 }))
    const source = sourceOf(vault)

    await tokenOf(source)

    expect(vi.getTimerCount()).toBe(0)
    expect(source.facts()).toMatchObject({ renewal: 'off', expiresInMs: undefined })
  })
})

describe('a token of a few uses', () => {
  it('is not renewed, which would cost one, and is replaced when it is used up', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn({ uses: 2 }))
    const source = sourceOf(vault)

    const tokens = [await tokenOf(source), await tokenOf(source), await tokenOf(source)]

    expect(tokens).toEqual(['s.1', 's.1', 's.2'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is handed out no more often than that, also when many ask at once', async () => {
    const vault = new ScriptedVault().on(login, grantedInTurn({ uses: 3 }))
    const source = sourceOf(vault)

    const tokens = await Promise.all(Array.from({ length: 7 }, () => tokenOf(source)))

    expect(Object.fromEntries(Map.groupBy(tokens, token => token))).toMatchObject({
      's.1': { length: 3 },
      's.2': { length: 3 },
      's.3': { length: 1 },
    })
  })
})

describe('a given token', () => {
  const data = { ttl: '3000', creation_ttl: '3600', renewable: true, num_uses: '0', type: 'service' }
  const given: VaultAuth = { method: 'token', token: 's.given' }

  it('is looked up after a minute, and renewed two thirds into its lease', async () => {
    const vault = new ScriptedVault().on(lookup, answered(200, { data })).on(renewal, granted())
    const source = sourceOf(vault, given)
    await tokenOf(source)

    await seconds(59)
    const atFirst = vault.requests.length
    await seconds(1)
    const { expiresInMs } = source.facts()
    await seconds(1799)
    const before = vault.count(renewal)
    await seconds(1)

    expect([atFirst, expiresInMs, before]).toEqual([0, 3_000_000, 0])
    expect(vault.requests).toMatchObject([
      { method: 'GET', path: lookup, token: 's.given' },
      { method: 'POST', path: renewal, token: 's.given' },
    ])
  })

  it('is left alone with renew: false', async () => {
    const vault = new ScriptedVault()
    const source = sourceOf(vault, { ...given, renew: false })
    await tokenOf(source)

    await seconds(year)

    expect(vault.requests).toEqual([])
    expect(source.facts().renewal).toBe('off')
  })

  it.each([
    ['may not look itself up', refused(403, '1 error occurred:\n\t* permission denied\n\n'), 'denied'],
    ['never ends', answered(200, { data: { ...data, ttl: '0', creation_ttl: '0', renewable: false } }), 'off'],
    ['cannot be renewed', answered(200, { data: { ...data, renewable: false } }), 'off'],
    ['has a few uses', answered(200, { data: { ...data, num_uses: '5' } }), 'off'],
  ])('that %s is asked about once', async (_, answer, state) => {
    const vault = new ScriptedVault().on(lookup, answer)
    const source = sourceOf(vault, given)
    await tokenOf(source)

    await seconds(hour * 0.8)

    expect(vault.count(lookup)).toBe(1)
    expect(vault.requests).toHaveLength(1)
    expect(source.facts().renewal).toBe(state)
  })

  it('of a few uses is handed out also after them, for the server to judge', async () => {
    const vault = new ScriptedVault().on(lookup, answered(200, { data: { ...data, num_uses: '1' } }))
    const source = sourceOf(vault, given)
    await tokenOf(source)
    await seconds(60)

    expect([await tokenOf(source), await tokenOf(source)]).toEqual(['s.given', 's.given'])
  })

  it('is looked up again when the server did not answer', async () => {
    const vault = new ScriptedVault().on(lookup, answered(503))
    await tokenOf(sourceOf(vault, given))

    await seconds(60)
    vault.on(lookup, answered(200, { data }))
    await seconds(1.2)

    expect(vault.count(lookup)).toBe(2)
  })

  it('of a file is read again shortly before its end, until there is another', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'token-')), 'token')
    writeFileSync(path, 's.old')
    const ending = { ...data, ttl: '3600', renewable: false }
    const vault = new ScriptedVault().on(lookup, answered(200, { data: ending }))
    const source = sourceOf(vault, { method: 'token', token: { path } })
    await tokenOf(source)
    await seconds(60)

    await seconds(2880)
    const before = await tokenOf(source)
    writeFileSync(path, 's.new')
    // The file is read in real time.
    await vi.waitFor(async () => {
      await seconds(1)
      expect(await tokenOf(source)).toBe('s.new')
    })

    expect(before).toBe('s.old')
    expect(source.facts().expiresInMs).toBeUndefined()
  })

  it('that ended is handed out all the same, for the server to judge', async () => {
    const vault = new ScriptedVault().on(lookup, answered(200, { data: { ...data, renewable: false } }))
    const source = sourceOf(vault, given)
    await tokenOf(source)

    await seconds(2 * hour)

    expect(await tokenOf(source)).toBe('s.given')
  })
})
