import { inspect } from 'node:util'
import { resetGlobalCaches } from '@st/ttl-cache'
import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import { testCiphers } from '../testing/ciphers.ts'
import { describeDatabases } from '../testing/databases.ts'
import { type UserWorld, userWorld } from '../testing/user-world.ts'
import { Credentials } from './credentials.ts'
import { readCredentialSettings, writeCredentialSettings } from './credential-settings.ts'
import type { Credential } from './show-credential.ts'
import { StaleCredentials } from './stale-credentials.ts'

const actor = { id: 1, name: 'root' }
const canary = 'r8_canary4711'

beforeEach(() => resetGlobalCaches())

describeDatabases('credentials', ({ open }) => {
  interface World extends UserWorld {
    readonly credentials: Credentials
    readonly ann: { readonly userId: number; readonly provider: string; readonly name: string }
    readonly bobId: number
  }

  async function world(): Promise<World> {
    const users = userWorld(await open())
    const credentials = new Credentials({ ...users, ciphers: await testCiphers() })
    const ann = await users.users.create({ name: 'ann', role: 'viewer' }, actor)
    const bob = await users.users.create({ name: 'bob', role: 'viewer' }, actor)
    return { ...users, credentials, ann: { userId: ann.id, provider: 'replicate', name: 'api_token' }, bobId: bob.id }
  }

  it('are stored encrypted, shown without their value, and never in the audit log', async () => {
    const { credentials, ann, database, log } = await world()

    const stored = await credentials.set(ann, { value: canary, description: 'mine' }, actor)
    const listed = await credentials.list(ann.userId, { limit: 10 })
    const rows = await database.reads.selectFrom('credential_version').selectAll().execute()
    const { entries } = await log.page({ types: ['credential.'] }, { limit: 10 })

    expect(stored).toEqual({
      id: stored.id,
      ...ann,
      description: 'mine',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      isActive: true,
      status: 'active',
      version: 1,
    })
    expect(listed).toEqual([stored])
    expect(rows[0]?.value).toMatch(/^st2\./)
    expect(entries).toMatchObject([
      { type: 'credential.created', targetId: `[${ann.userId},"replicate","api_token"]`, details: { version: 1 } },
    ])
    expect(inspect([stored, listed, rows, entries], { depth: 20 })).not.toContain(canary)
    expect(await credentials.use(ann)).toBe(canary)
  })

  it('keep their id when they are set again, and are active after that', async () => {
    const { credentials, ann, pass, recorded } = await world()
    const first = await credentials.set(ann, { value: 'a', description: 'mine' }, actor)
    await credentials.setActive(ann, false, actor)

    pass(1)
    const second = await credentials.set(ann, { value: 'b' }, actor)

    expect(second).toEqual({ ...first, updatedAt: '2026-01-01T00:01:00.000Z', version: 2 })
    expect(await credentials.use(ann)).toBe('b')
    expect((await recorded()).slice(2)).toEqual([
      'credential.created',
      'credential.deactivated',
      'credential.updated',
      'credential.used',
    ])
  })

  it('are set by 20 at once without losing a version', async () => {
    const { credentials, ann } = await world()

    const stored = await Promise.all(
      Array.from({ length: 20 }, (_, index) => credentials.set(ann, { value: `v${index}` }, actor)),
    )
    const last = stored.findIndex(({ version }) => version === 20)

    expect(stored.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    )
    expect(await credentials.use(ann)).toBe(`v${last}`)
  })

  it('belong to one user', async () => {
    const { credentials, ann, bobId } = await world()
    await credentials.set(ann, { value: canary }, actor)
    const ofBob = { ...ann, userId: bobId }

    const refused = await Promise.allSettled([
      credentials.get(ofBob),
      credentials.reveal(ofBob, actor),
      credentials.delete(ofBob, actor),
      credentials.setActive(ofBob, false, actor),
      credentials.describe(ofBob, '', actor),
      credentials.history(ofBob),
      credentials.restore(ofBob, 1, actor),
    ])

    for (const answer of refused)
      expect(answer).toMatchObject({ reason: { code: 'CREDENTIAL_NOT_FOUND', kind: 'not_found' } })
    expect(await credentials.use(ofBob)).toBeUndefined()
    expect(await credentials.list(bobId, { limit: 10 })).toEqual([])
  })

  it('do not decrypt in another row or version', async () => {
    const { credentials, ann, bobId, database } = await world()
    const ofBob = { ...ann, userId: bobId }
    await credentials.set(ann, { value: canary }, actor)
    await credentials.set(ann, { value: 'new' }, actor)
    await credentials.set(ofBob, { value: 'bob' }, actor)
    const values = await database.reads.selectFrom('credential_version').select(['id', 'value']).orderBy('id').execute()

    await database.write(async transaction => {
      const put = (id = 0, value = ''): Promise<unknown> =>
        transaction.updateTable('credential_version').set({ value }).where('id', '=', id).execute()
      await put(values[1]?.id, values[0]?.value)
      await put(values[2]?.id, values[0]?.value)
    })

    await expect(credentials.use(ann)).rejects.toMatchObject({ code: 'ST_CRYPTO_AUTHENTICATION_FAILED' })
    await expect(credentials.use(ofBob)).rejects.toMatchObject({ code: 'ST_CRYPTO_AUTHENTICATION_FAILED' })
  })

  it('are revealed after that was recorded, and not when it cannot be', async () => {
    const { credentials, ann, database, recorded } = await world()
    await credentials.set(ann, { value: canary }, actor)

    const value = await credentials.reveal(ann, actor, 'to compare')
    await database.write(transaction => sql`update audit_anchor set sequence = 1`.execute(transaction))
    const refused = await credentials.reveal(ann, actor).catch((error: unknown) => error)

    expect(value).toBe(canary)
    expect(refused).toMatchObject({ code: 'ST_AUDIT_ANCHOR_INVALID' })
    await database.write(transaction => sql`update audit_anchor set sequence = 4`.execute(transaction))
    expect((await recorded()).at(-1)).toBe('credential.revealed')
  })

  it('note their use once a minute, also when it is asked for a hundred times at once', async () => {
    const { credentials, ann, pass, recorded } = await world()
    await credentials.set(ann, { value: canary }, actor)
    const lastUse = async (): Promise<string | undefined> => (await credentials.get(ann)).lastUsedAt

    await Promise.all(Array.from({ length: 100 }, () => credentials.use(ann)))
    const first = await lastUse()
    pass(0.99)
    await credentials.use(ann)
    const second = await lastUse()
    pass(0.01)
    await credentials.use(ann)

    expect([first, second, await lastUse()]).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:01:00.000Z',
    ])
    expect((await recorded()).filter(event => event === 'credential.used')).toHaveLength(2)
  })

  it('are not used while they are deactivated, and used as before when they are activated', async () => {
    const { credentials, ann } = await world()
    const before = await credentials.set(ann, { value: canary }, actor)

    const deactivated = await credentials.setActive(ann, false, actor)
    const unused = [await credentials.use(ann), await credentials.isUsable(ann)]
    await credentials.setActive(ann, true, actor)

    expect(deactivated).toEqual({ ...before, isActive: false })
    expect(unused).toEqual([undefined, false])
    expect(await credentials.get(ann)).toEqual(before)
    expect([await credentials.use(ann), await credentials.isUsable(ann)]).toEqual([canary, true])
  })

  it('have a history of ten, whose values can be taken up again', async () => {
    const { credentials, ann, database } = await world()
    for (let index = 1; index <= 12; index += 1) await credentials.set(ann, { value: `v${index}` }, actor)

    const history = await credentials.history(ann)
    const restored = await credentials.restore(ann, 4, actor)
    const gone = credentials.restore(ann, 2, actor)

    expect(history.map(({ version }) => version)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
    expect(history[0]).toEqual({ version: 12, createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'root' })
    expect(restored.version).toBe(13)
    expect(await credentials.use(ann)).toBe('v4')
    await expect(gone).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' })
    expect(await database.reads.selectFrom('credential_version').selectAll().execute()).toHaveLength(10)
  })

  it('are gone with their history when they are deleted, revoked, or lose their user', async () => {
    const { credentials, users, ann, bobId, database, log } = await world()
    const put = (provider: string, userId = ann.userId): Promise<unknown> =>
      credentials.set({ userId, provider, name: 'a' }, { value: canary }, actor)
    await Promise.all([put('one'), put('two'), put('three'), put('four'), put('one', bobId)])

    await credentials.delete({ ...ann, provider: 'one', name: 'a' }, actor)
    const ofProvider = await credentials.revoke(ann.userId, 'two', actor)
    const rest = await credentials.revoke(ann.userId, undefined, actor)
    const { entries } = await log.page({ types: ['credential.deleted'] }, { limit: 1 })
    await users.create({ name: 'root', role: 'admin' }, actor)
    await users.delete(bobId, actor)

    expect([ofProvider, rest]).toEqual([1, 2])
    expect(entries[0]?.details).toMatchObject({ count: 2 })
    expect(await database.reads.selectFrom('credential_version').selectAll().execute()).toEqual([])
  })

  it('are listed in the order of their names, byte by byte, a part at a time', async () => {
    const { credentials, ann } = await world()
    const names = ['ä', 'b', 'B', 'a/b', 'a:b', 'a', 'Z', '_', '%41', ' ']
    for (const provider of ['p', 'P']) {
      for (const name of names) await credentials.set({ ...ann, provider, name }, { value: name }, actor)
    }

    const listed: string[] = []
    for (let after: { provider: string; name: string } | undefined; ;) {
      const page = await credentials.list(ann.userId, { limit: 3, after })
      listed.push(...page.map(({ provider, name }) => `${provider} ${name}`))
      after = page.at(-1)
      if (page.length < 3) break
    }
    const ofOne = await credentials.list(ann.userId, { limit: 100, provider: 'P' })

    const sorted = names.toSorted()
    expect(listed).toEqual([...sorted.map(name => `P ${name}`), ...sorted.map(name => `p ${name}`)])
    expect(ofOne.map(({ name }) => name)).toEqual(sorted)
  })

  it.each([
    [{ provider: '' }, {}, 'INVALID_CREDENTIAL_NAME'],
    [{ name: 'a\0b' }, {}, 'INVALID_CREDENTIAL_NAME'],
    [{ name: 'a\r\nb' }, {}, 'INVALID_CREDENTIAL_NAME'],
    [{ name: '\uD800' }, {}, 'INVALID_CREDENTIAL_NAME'],
    [{ name: 'x'.repeat(201) }, {}, 'INVALID_CREDENTIAL_NAME'],
    [{}, { value: '\uD800' }, 'INVALID_CREDENTIAL_VALUE'],
    [{}, { value: 'x'.repeat(65_537) }, 'INVALID_CREDENTIAL_VALUE'],
    [{}, { description: 'x'.repeat(501) }, 'INVALID_DESCRIPTION'],
    [{}, { description: 'a\0b' }, 'INVALID_DESCRIPTION'],
    [{ userId: 4711 }, {}, 'USER_NOT_FOUND'],
  ])('are refused with %j and %j, which is recorded', async (key, change, code) => {
    const { credentials, ann, recorded } = await world()

    const set = credentials.set({ ...ann, ...key }, { value: canary, ...change }, actor)

    await expect(set).rejects.toMatchObject({ code })
    expect((await recorded()).at(-1)).toBe('credential.created refused')
  })

  it('hold any text as their value', async () => {
    const { credentials, ann } = await world()
    const values = ['', ' ', 'a\0b', '密钥\r\n', '\u2028', 'x'.repeat(65_536)]
    const read: string[] = []

    for (const value of values) {
      await credentials.set(ann, { value }, actor)
      read.push(await credentials.reveal(ann, actor))
    }

    expect(read).toEqual(values)
  })

  it('grow stale by the settings, counted from the last change or else from when they were made', async () => {
    const { credentials, ann, database, pass, writes, now } = await world()
    const stale = new StaleCredentials({ database, now })
    const listStale = (page: { days?: number; limit: number }): Promise<readonly Credential[]> =>
      stale.list({ userId: ann.userId, ...page })
    const day = 24 * 60
    const old = { ...ann, name: 'old' }
    await credentials.set(ann, { value: 'a' }, actor)
    await credentials.set(old, { value: 'b' }, actor)
    // As it is for one that was imported and never changed.
    await database.write(transaction =>
      transaction.updateTable('credential').set({ updated_at: null }).where('name', '=', 'old').execute(),
    )
    const statuses = async (): Promise<readonly string[]> =>
      (await credentials.list(ann.userId, { limit: 10 })).map(({ name, status }) => `${name} ${status}`)

    pass(60 * day)
    await credentials.set(ann, { value: 'c' }, actor)
    pass(30 * day - 0.001)
    const before = [await statuses(), (await listStale({ limit: 10 })).length]
    pass(0.001)
    const after = [await statuses(), (await listStale({ limit: 10 })).map(({ name }) => name)]
    const settings = { staleThresholdDays: 100, isEarlyWarningEnabled: true, earlyWarningPercent: 90 }
    await writeCredentialSettings(writes, { settings, expectedVersion: 0, actor })
    const warned = await statuses()
    const asked = await listStale({ days: 30, limit: 1 })

    expect(before).toEqual([['api_token active', 'old active'], 0])
    expect(after).toEqual([['api_token active', 'old stale'], ['old']])
    expect(warned).toEqual(['api_token active', 'old expiring'])
    expect(asked).toMatchObject([{ name: 'old', status: 'stale' }])
  })

  it('that are stale are listed in parts, the longest unchanged first, and counted by user', async () => {
    const { credentials, ann, bobId, database, pass, now } = await world()
    const stale = new StaleCredentials({ database, now })
    for (const name of ['c', 'a', 'b']) {
      await credentials.set({ ...ann, name }, { value: 'x' }, actor)
      if (name === 'c') pass(24 * 60)
    }
    await credentials.set({ ...ann, userId: bobId }, { value: 'x' }, actor)
    pass(90 * 24 * 60)

    const page = { userId: ann.userId, limit: 2 }
    const first = await stale.list(page)
    const second = await stale.list({ ...page, after: first[1] })
    const counts = [await stale.count(), await stale.count(91), await stale.count(92)]

    expect([...first, ...second].map(({ name }) => name)).toEqual(['c', 'a', 'b'])
    expect(counts).toEqual([
      {
        thresholdDays: 90,
        total: 4,
        users: [
          { userId: ann.userId, name: 'ann', stale: 3 },
          { userId: bobId, name: 'bob', stale: 1 },
        ],
      },
      { thresholdDays: 91, total: 1, users: [{ userId: ann.userId, name: 'ann', stale: 1 }] },
      { thresholdDays: 92, total: 0, users: [] },
    ])
  })

  it('have settings with a version, which are refused out of their range', async () => {
    const { database, writes, recorded } = await world()
    const settings = { staleThresholdDays: 30, isEarlyWarningEnabled: true, earlyWarningPercent: 50 }
    const write = (change: object, expectedVersion?: number): Promise<unknown> =>
      writeCredentialSettings(writes, { settings: { ...settings, ...change }, expectedVersion, actor })

    const defaults = await readCredentialSettings(database.reads)
    const written = await write({})
    const refused = await Promise.allSettled([
      write({ staleThresholdDays: 0 }),
      write({ staleThresholdDays: 366 }),
      write({ staleThresholdDays: 1.5 }),
      write({ earlyWarningPercent: 0 }),
      write({ earlyWarningPercent: 100 }),
      write({}, 0),
    ])

    expect(defaults).toEqual({
      staleThresholdDays: 90,
      isEarlyWarningEnabled: false,
      earlyWarningPercent: 75,
      version: 0,
    })
    expect(written).toEqual({ ...settings, version: 1 })
    expect(refused.map(answer => answer.status === 'rejected' && (answer.reason as { code: string }).code)).toEqual([
      ...Array(5).fill('INVALID_SETTINGS'),
      'STALE_VERSION',
    ])
    expect(await readCredentialSettings(database.reads)).toEqual(written)
    expect((await recorded()).filter(event => event.startsWith('config.changed'))).toHaveLength(7)
  })
})
