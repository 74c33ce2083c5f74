import { getUserPermissionCache, resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, describe, expect, it } from 'vitest'
import { describeDatabases } from '../testing/databases.ts'
import { type UserWorld, userWorld } from '../testing/user-world.ts'

const actor = { ip: '10.0.0.1' }
const password = 'correct horse battery'

beforeEach(() => resetGlobalCaches())

describeDatabases('tokens', ({ open }) => {
  async function world(): Promise<UserWorld> {
    return userWorld(await open())
  }

  describe('of the first run', () => {
    it('make one administrator, once', async () => {
      const { oneTimeTokens, users, signIn, recorded } = await world()
      const token = await oneTimeTokens.firstRun()
      const create = (name: string): Promise<unknown> =>
        oneTimeTokens.createAdministrator(token?.secret ?? '', { name, password }, actor)

      const answers = await Promise.allSettled([create('root'), create('other'), create('third')])

      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const [root] = await users.list({ limit: 10 })
      expect(root?.role).toBe('admin')
      await expect(signIn.signIn({ name: root?.name ?? '', password }, actor)).resolves.toBeDefined()
      expect(await oneTimeTokens.firstRun()).toBeUndefined()
      expect((await recorded()).slice(0, 3).toSorted()).toEqual([
        'user.created',
        'user.created refused',
        'user.created refused',
      ])
    })

    it('replace one another, and expire after a day', async () => {
      const { oneTimeTokens, pass } = await world()
      const old = await oneTimeTokens.firstRun()
      const current = await oneTimeTokens.firstRun()
      const create = (secret = ''): Promise<unknown> =>
        oneTimeTokens.createAdministrator(secret, { name: 'root', password }, actor)

      await expect(create(old?.secret)).rejects.toMatchObject({ code: 'INVALID_TOKEN', kind: 'unauthenticated' })
      await expect(create('')).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
      pass(24 * 60)

      await expect(create(current?.secret)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    })

    it('are not used up by a password that is refused', async () => {
      const { oneTimeTokens } = await world()
      const { secret = '' } = (await oneTimeTokens.firstRun()) ?? {}

      const weak = oneTimeTokens.createAdministrator(secret, { name: 'root', password: 'weak' }, actor)

      await expect(weak).rejects.toMatchObject({ code: 'WEAK_PASSWORD' })
      await expect(oneTimeTokens.createAdministrator(secret, { name: 'root', password }, actor)).resolves.toMatchObject(
        { name: 'root' },
      )
    })
  })

  describe('of a reset', () => {
    it('set a new password, end sessions and a lock-out, and leave the old password until then', async () => {
      const { oneTimeTokens, users, sessions, signIn } = await world()
      await users.create({ name: 'root', role: 'admin', password }, actor)
      const { secret: session } = await signIn.signIn({ name: 'root', password }, actor)

      const { secret } = await oneTimeTokens.reset()
      await expect(signIn.signIn({ name: 'root', password }, actor)).resolves.toBeDefined()
      for (let index = 0; index < 5; index += 1)
        await signIn.signIn({ name: 'root', password: 'x' }, actor).catch(() => 0)
      await oneTimeTokens.setPassword(secret, 'another horse battery', actor)

      await expect(signIn.signIn({ name: 'root', password: 'another horse battery' }, actor)).resolves.toBeDefined()
      expect(await sessions.use(session)).toBeUndefined()
      await expect(oneTimeTokens.setPassword(secret, password, actor)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    })

    it('are issued for a user by number, too', async () => {
      const { oneTimeTokens, users, log } = await world()
      await users.create({ name: 'root', role: 'admin', password }, actor)
      const ann = await users.create({ name: 'ann', role: 'viewer', password }, actor)

      const { secret } = await oneTimeTokens.reset(ann.id, actor)
      await oneTimeTokens.setPassword(secret, 'another horse battery', actor)

      const { entries } = await log.page({ types: ['user.password.'] }, { limit: 10 })
      expect(entries.map(({ targetId }) => targetId)).toEqual([String(ann.id), String(ann.id)])
      await expect(oneTimeTokens.reset(99)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
    })

    it('are for one user and one purpose, and expire after an hour', async () => {
      const { oneTimeTokens, users, pass } = await world()
      await users.create({ name: 'root', role: 'admin', password }, actor)
      await users.create({ name: 'ann', role: 'viewer', password }, actor)
      const { secret } = await oneTimeTokens.reset('ANN')

      const create = oneTimeTokens.createAdministrator(secret, { name: 'eve', password }, actor)
      await expect(create).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
      await expect(oneTimeTokens.reset('nobody')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
      pass(60)

      await expect(oneTimeTokens.setPassword(secret, password, actor)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    })
  })

  describe('of programs', () => {
    it('are told once, stored as a hash, and known by how they begin', async () => {
      const { apiTokens, users, database } = await world()
      const ann = await users.create({ name: 'ann', role: 'operator' }, actor)

      const { secret, token } = await apiTokens.create(ann.id, { name: 'CI' }, actor)

      expect(secret).toMatch(/^st_[0-9a-z]+_[A-Za-z0-9_-]{43}$/)
      expect(secret.startsWith(token.prefix)).toBe(true)
      expect(secret.length - token.prefix.length).toBe(39)
      expect(await apiTokens.list(ann.id)).toEqual([token])
      expect(JSON.stringify(await database.reads.selectFrom('api_token').selectAll().execute())).not.toContain(secret)
    })

    it('are listed a part at a time, newest first', async () => {
      const { apiTokens, users } = await world()
      const ann = await users.create({ name: 'ann', role: 'operator' }, actor)
      for (const name of ['a', 'b', 'c']) await apiTokens.create(ann.id, { name }, actor)

      const first = await apiTokens.list(ann.id, { limit: 2 })
      const second = await apiTokens.list(ann.id, { limit: 2, before: first[1]?.id })

      expect([first, second].map(page => page.map(({ name }) => name))).toEqual([['c', 'b'], ['a']])
    })

    it('show four characters of their secret, whatever those that follow are', async () => {
      const { apiTokens, users } = await world()
      const ann = await users.create({ name: 'ann', role: 'operator' }, actor)

      // One in two has an underscore in its secret.
      const made = await Promise.all(Array.from({ length: 40 }, () => apiTokens.create(ann.id, { name: 'CI' }, actor)))

      expect(new Set(made.map(({ secret, token }) => secret.length - token.prefix.length))).toEqual(new Set([39]))
    })

    it('answer with what their user may do, looked up once for many requests', async () => {
      const { apiTokens, users, database } = await world()
      const ann = await users.create({ name: 'ann', role: 'viewer' }, actor)
      const { secret } = await apiTokens.create(ann.id, { name: 'CI' }, actor)

      const answers = await Promise.all(Array.from({ length: 100 }, () => apiTokens.use(secret)))
      await database.close()
      const cached = await apiTokens.use(secret)

      expect(new Set(answers.map(holder => holder?.access.name))).toEqual(new Set(['ann']))
      expect(cached?.access.permissions).toEqual(['api.access'])
    })

    it('note the minute in which they were used', async () => {
      const { apiTokens, users, pass } = await world()
      const ann = await users.create({ name: 'ann', role: 'viewer' }, actor)
      const { secret } = await apiTokens.create(ann.id, { name: 'CI' }, actor)

      pass(3)
      await apiTokens.use(secret)
      await apiTokens.use(secret)

      expect(await apiTokens.list(ann.id)).toMatchObject([{ lastUsedAt: '2026-01-01T00:03:00.000Z' }])
    })

    it('are of no use from the moment at which they are revoked, expire, or lose their user', async () => {
      const { apiTokens, users, pass, now } = await world()
      await users.create({ name: 'root', role: 'admin' }, actor)
      const ann = await users.create({ name: 'ann', role: 'viewer' }, actor)
      const bob = await users.create({ name: 'bob', role: 'viewer' }, actor)
      const expiresAt = new Date(now().getTime() + 60_000)
      const revoked = await apiTokens.create(ann.id, { name: 'a' }, actor)
      const expiring = await apiTokens.create(ann.id, { name: 'b', expiresAt }, actor)
      const orphan = await apiTokens.create(bob.id, { name: 'c' }, actor)
      const secrets = [revoked, expiring, orphan].map(({ secret }) => secret)
      const before = await Promise.all(secrets.map(secret => apiTokens.use(secret)))

      await apiTokens.revoke(ann.id, revoked.token.id, actor)
      await users.delete(bob.id, actor)
      pass(1)
      const after = await Promise.all(secrets.map(secret => apiTokens.use(secret)))

      expect(before.map(holder => holder?.access.name)).toEqual(['ann', 'ann', 'bob'])
      expect(after).toEqual([undefined, undefined, undefined])
      const again = apiTokens.revoke(ann.id, revoked.token.id, actor)
      await expect(again).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' })
    })

    it('are revoked by their own user only', async () => {
      const { apiTokens, users } = await world()
      const ann = await users.create({ name: 'ann', role: 'viewer' }, actor)
      const bob = await users.create({ name: 'bob', role: 'viewer' }, actor)
      const { token, secret } = await apiTokens.create(ann.id, { name: 'CI' }, actor)

      await expect(apiTokens.revoke(bob.id, token.id, actor)).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' })

      expect(await apiTokens.use(secret)).toMatchObject({ access: { name: 'ann' } })
    })

    it('are refused when they are made up, and take no room in the cache then', async () => {
      const { apiTokens, users } = await world()
      const ann = await users.create({ name: 'ann', role: 'viewer' }, actor)
      const { secret } = await apiTokens.create(ann.id, { name: 'CI' }, actor)
      const other = `st_${(ann.id + 1).toString(36)}_${secret.split('_').slice(2).join('_')}`
      const wrong = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`

      for (const token of ['', 'st_1_', 'Bearer x', other, wrong, `${secret} `, `st_zzzzzzzzzzz_${'a'.repeat(43)}`]) {
        expect(await apiTokens.use(token)).toBeUndefined()
      }

      expect(getUserPermissionCache().size).toBe(0)
    })

    it.each([
      [{ name: '' }, 'INVALID_TOKEN_NAME'],
      [{ name: 'x'.repeat(101) }, 'INVALID_TOKEN_NAME'],
      [{ name: 'CI', expiresAt: new Date(0) }, 'INVALID_EXPIRY'],
      [{ name: 'CI', expiresAt: new Date(NaN) }, 'INVALID_EXPIRY'],
    ])('are not made of %j', async (options, code) => {
      const { apiTokens, users, recorded } = await world()
      const ann = await users.create({ name: 'ann', role: 'viewer' }, actor)

      await expect(apiTokens.create(ann.id, options, actor)).rejects.toMatchObject({ code })

      expect(await recorded()).toEqual(['user.created', 'api_token.created refused'])
    })
  })
})
