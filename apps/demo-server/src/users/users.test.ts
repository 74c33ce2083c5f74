import { resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, expect, it, vi } from 'vitest'
import { describeDatabases } from '../testing/databases.ts'
import { type UserWorld, userWorld } from '../testing/user-world.ts'

const actor = { name: 'test' }
const password = 'correct horse battery'
const start = '2026-01-01T00:00:00.000Z'

beforeEach(() => resetGlobalCaches())

describeDatabases('users', ({ open }) => {
  async function world(): Promise<UserWorld> {
    return userWorld(await open())
  }

  it('are made, listed, changed and deleted, each with its audit entry', async () => {
    const { users, recorded, pass } = await world()
    const root = await users.create({ name: '  Root ', role: 'admin' }, actor)
    const ann = await users.create({ name: 'ann', role: 'viewer', password }, actor)

    pass(1)
    const changed = await users.update(ann.id, { role: 'operator', name: 'Ann', expectedVersion: 1 }, actor)
    const page = await users.list({ limit: 1, after: root.id })
    await users.delete(ann.id, actor)

    expect(root).toEqual({ id: root.id, name: 'Root', role: 'admin', createdAt: start, updatedAt: start, version: 1 })
    expect(changed).toMatchObject({ name: 'Ann', role: 'operator', updatedAt: '2026-01-01T00:01:00.000Z', version: 2 })
    expect(page).toEqual([changed])
    expect(await users.list({ limit: 10 })).toEqual([root])
    await expect(users.get(ann.id)).rejects.toMatchObject({ code: 'USER_NOT_FOUND', kind: 'not_found' })
    expect(await recorded()).toEqual(['user.created', 'user.created', 'user.updated', 'user.deleted'])
  })

  it('never share a name, whatever its case or composition', async () => {
    const { users, recorded } = await world()
    await users.create({ name: 'Zo\u00EB', role: 'viewer' }, actor)

    const again = users.create({ name: 'ZOE\u0308', role: 'viewer' }, actor)

    await expect(again).rejects.toMatchObject({ code: 'USER_EXISTS', kind: 'conflict' })
    expect(await recorded()).toEqual(['user.created', 'user.created refused'])
  })

  it.each(['', '   ', 'a\u0000b', 'a\nb', 'a\u202Eb', 'a\u200Bb', '\uD800', 'x'.repeat(65)])(
    'are not called %j',
    async name => {
      const { users } = await world()

      await expect(users.create({ name, role: 'viewer' }, actor)).rejects.toMatchObject({ code: 'INVALID_USER_NAME' })
    },
  )

  it.each(['', 'short', 'aaaaaaaaaaaaaaaa', 'x'.repeat(1025)])('have no password such as %j', async weak => {
    const { users } = await world()

    const created = users.create({ name: 'ann', role: 'viewer', password: weak }, actor)

    await expect(created).rejects.toMatchObject({ code: 'WEAK_PASSWORD' })
  })

  it('are changed by exactly one of ten who read the same version', async () => {
    const { users } = await world()
    const { id } = await users.create({ name: 'ann', role: 'admin' }, actor)

    const changes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => users.update(id, { name: `ann${index}`, expectedVersion: 1 }, actor)),
    )

    const refused = changes.filter(change => change.status === 'rejected')
    expect(refused).toHaveLength(9)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'STALE_VERSION', kind: 'stale' })
    expect(await users.get(id)).toMatchObject({ version: 2 })
  })

  it('are deleted in the version that was read', async () => {
    const { users } = await world()
    await users.create({ name: 'root', role: 'admin' }, actor)
    const { id } = await users.create({ name: 'ann', role: 'viewer' }, actor)

    await expect(users.delete(id, actor, 2)).rejects.toMatchObject({ code: 'STALE_VERSION' })
    await users.delete(id, actor, 1)

    await expect(users.get(id)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
  })

  it('keep one who can manage them', async () => {
    const { users } = await world()
    const root = await users.create({ name: 'root', role: 'admin' }, actor)
    await users.create({ name: 'ann', role: 'operator' }, actor)

    const attempts = [
      users.delete(root.id, actor),
      users.update(root.id, { role: 'viewer' }, actor),
      users.update(root.id, { isDisabled: true }, actor),
      users.setPermission(root.id, { permission: 'admin.users', isGranted: false }, actor),
    ]

    for (const answer of await Promise.allSettled(attempts)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'LAST_ADMINISTRATOR' } })
    }
    expect(await users.get(root.id)).toEqual(root)
  })

  it('may do what their role says, plus what is granted, minus what is denied', async () => {
    const { users, access } = await world()
    const ann = await users.create({ name: 'ann', role: 'viewer' }, actor)
    await users.create({ name: 'root', role: 'admin' }, actor)

    const before = await access.of(ann.id)
    await users.setPermission(ann.id, { permission: 'admin.audit', isGranted: true }, actor)
    await users.setPermission(ann.id, { permission: 'api.access', isGranted: false }, actor)
    const after = await access.of(ann.id)
    await users.setPermission(ann.id, { permission: 'api.access', isGranted: undefined }, actor)

    expect(before).toEqual({ userId: ann.id, name: 'ann', role: 'viewer', permissions: ['api.access'] })
    expect(after?.permissions).toEqual(['admin.audit'])
    expect((await access.of(ann.id))?.permissions).toEqual(['admin.audit', 'api.access'])
    expect(await users.permissionsOf(ann.id)).toEqual([{ permission: 'admin.audit', isGranted: true }])
    expect(Object.isFrozen(after) && Object.isFrozen(after?.permissions)).toBe(true)
  })

  it('are looked up once for many requests, and anew after they were changed', async () => {
    const { users, access, database } = await world()
    const ann = await users.create({ name: 'ann', role: 'admin' }, actor)
    await users.create({ name: 'root', role: 'admin' }, actor)
    await access.of(ann.id)

    // Past the service, so that the cache does not learn of it.
    await database.write(transaction => transaction.updateTable('user_account').set({ role: 'viewer' }).execute())
    const cached = await access.of(ann.id)
    await database.write(transaction => transaction.updateTable('user_account').set({ role: 'admin' }).execute())
    await users.update(ann.id, { isDisabled: true }, actor)

    expect(cached?.role).toBe('admin')
    expect(await access.of(ann.id)).toBeUndefined()
    expect(await access.of(4711)).toBeUndefined()
  })

  it('are announced to other instances when they are changed', async () => {
    const { users, database } = await world()
    const { id } = await users.create({ name: 'ann', role: 'admin' }, actor)
    const announce = vi.spyOn(database.invalidations, 'announce')

    await users.update(id, { name: 'Ann' }, actor)

    const announced = announce.mock.calls.map(([, invalidation]) => invalidation)
    announce.mockRestore()
    expect(announced).toEqual([{ cache: 'user', name: String(id) }])
  })
})
