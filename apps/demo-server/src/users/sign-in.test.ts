import { resetGlobalCaches } from '@st/ttl-cache'
import { beforeEach, expect, it } from 'vitest'
import type { Refusal } from '../refusal.ts'
import { describeDatabases } from '../testing/databases.ts'
import { type UserWorld, userWorld } from '../testing/user-world.ts'
import { hashPassword } from './password-hash.ts'

const actor = { ip: '10.0.0.1', requestId: 'r' }
const password = 'correct horse battery'

beforeEach(() => resetGlobalCaches())

function caught(answer: Promise<unknown>): Promise<Refusal | undefined> {
  return answer.then(
    () => undefined,
    (error: Refusal) => error,
  )
}

describeDatabases('signing in', ({ open }) => {
  async function withAnn(): Promise<UserWorld & { readonly annId: number }> {
    const world = userWorld(await open())
    const { id } = await world.users.create({ name: 'ann', role: 'admin', password }, actor)
    return { ...world, annId: id }
  }

  it('begins a session that only its secret opens, and stores only a hash of it', async () => {
    const { signIn, sessions, annId, database } = await withAnn()

    const { secret, userId } = await signIn.signIn({ name: ' ANN ', password }, actor)
    const session = await sessions.use(secret)
    const stored = await database.reads.selectFrom('user_session').selectAll().execute()

    expect(userId).toBe(annId)
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(session).toMatchObject({ userId: annId, ip: '10.0.0.1', createdAt: '2026-01-01T00:00:00.000Z' })
    expect(JSON.stringify(stored)).not.toContain(secret)
    for (const other of ['', `${secret}x`, secret.toLowerCase()]) expect(await sessions.use(other)).toBeUndefined()
  })

  it('says the same about a wrong password and a name that nobody has, and counts both', async () => {
    const { signIn, recorded } = await withAnn()
    const attempt = (name: string): Promise<Refusal | undefined> =>
      caught(signIn.signIn({ name, password: 'wrong' }, actor))

    const known = []
    const unknown = []
    for (let index = 0; index < 6; index += 1) {
      known.push(await attempt('ann'))
      unknown.push(await attempt('bob'))
    }

    expect(known.map(refusal => refusal?.code)).toEqual([...Array(5).fill('WRONG_PASSWORD'), 'LOCKED_OUT'])
    expect(unknown).toEqual(known)
    expect(known[5]).toMatchObject({ kind: 'throttled', retryAfter: 900 })
    const events = await recorded()
    expect(events.filter(event => event === 'auth.login.failed refused')).toHaveLength(10)
    expect(events.filter(event => event === 'auth.locked refused')).toHaveLength(2)
  })

  it('never writes down what was typed as a name that nobody has, or as a password', async () => {
    const { signIn, log, database } = await withAnn()

    await caught(signIn.signIn({ name: 'canary-name-4711', password: 'canary-password-4711' }, actor))
    await caught(signIn.signIn({ name: 'ann', password: 'canary-password-4711' }, actor))

    const { entries } = await log.page({}, { limit: 10 })
    const attempts = await database.reads.selectFrom('login_attempt').selectAll().execute()
    expect(JSON.stringify([entries, attempts])).not.toContain('canary')
  })

  it('takes five of 40 attempts that come at once', async () => {
    const { signIn } = await withAnn()

    const answers = await Promise.all(
      Array.from({ length: 40 }, () => caught(signIn.signIn({ name: 'ann', password: 'wrong' }, actor))),
    )

    expect(answers.filter(answer => answer?.code === 'WRONG_PASSWORD')).toHaveLength(5)
    expect(answers.filter(answer => answer?.code === 'LOCKED_OUT')).toHaveLength(35)
  })

  it('is locked for 15 minutes, for the right password too, and begins anew after that', async () => {
    const { signIn, pass } = await withAnn()
    for (let index = 0; index < 5; index += 1) await caught(signIn.signIn({ name: 'ann', password: 'wrong' }, actor))

    pass(14.9)
    const locked = await caught(signIn.signIn({ name: 'ann', password }, actor))
    pass(0.1)
    const wrong = await caught(signIn.signIn({ name: 'ann', password: 'wrong' }, actor))
    await signIn.signIn({ name: 'ann', password }, actor)
    const afterwards = []
    for (let index = 0; index < 5; index += 1)
      afterwards.push(await caught(signIn.signIn({ name: 'ann', password: 'x' }, actor)))

    expect(locked).toMatchObject({ code: 'LOCKED_OUT', retryAfter: 6 })
    expect(wrong?.code).toBe('WRONG_PASSWORD')
    expect(afterwards.map(refusal => refusal?.code)).toEqual(Array(5).fill('WRONG_PASSWORD'))
  })

  it('is refused to users who are disabled, have no password, or send one of a megabyte', async () => {
    const { signIn, users, annId } = await withAnn()
    await users.create({ name: 'root', role: 'admin' }, actor)
    await users.update(annId, { isDisabled: true }, actor)

    const refusals = [
      await caught(signIn.signIn({ name: 'ann', password }, actor)),
      await caught(signIn.signIn({ name: 'root', password: '' }, actor)),
      await caught(signIn.signIn({ name: 'root', password: 'x'.repeat(1_000_000) }, actor)),
    ]

    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'WRONG_PASSWORD', kind: 'unauthenticated' })
  })

  it('renews a hash that was made another way', async () => {
    const { signIn, database } = await withAnn()
    const old = await hashPassword(password, 'scrypt')
    await database.write(transaction => transaction.updateTable('user_account').set({ password_hash: old }).execute())

    await signIn.signIn({ name: 'ann', password }, actor)

    const { password_hash: hash } = await database.reads
      .selectFrom('user_account')
      .select('password_hash')
      .executeTakeFirstOrThrow()
    expect(hash).toMatch(/^\$argon2id\$/)
    await expect(signIn.signIn({ name: 'ann', password }, actor)).resolves.toBeDefined()
  })

  it('ends after 15 minutes without a request, and after 8 hours with one every minute', async () => {
    const { signIn, sessions, pass } = await withAnn()
    const idle = await signIn.signIn({ name: 'ann', password }, actor)
    const busy = await signIn.signIn({ name: 'ann', password }, actor)

    const listed: number[] = []
    while ((await sessions.use(busy.secret)) !== undefined && listed.length < 1000) {
      listed.push((await sessions.list(idle.userId)).length)
      pass(1)
    }

    expect(listed).toEqual([...Array(15).fill(2), ...Array(465).fill(1)])
    expect(await sessions.use(idle.secret)).toBeUndefined()
    expect(await sessions.list(idle.userId)).toEqual([])
  })

  it('is over for an idle session after 15 minutes to the millisecond', async () => {
    const { signIn, sessions, pass } = await withAnn()
    const one = await signIn.signIn({ name: 'ann', password }, actor)
    const other = await signIn.signIn({ name: 'ann', password }, actor)

    pass(15 - 1 / 60_000)
    const before = await sessions.use(one.secret)
    pass(1 / 60_000)

    expect(before).toBeDefined()
    expect(await sessions.use(other.secret)).toBeUndefined()
  })

  it('is undone by signing out, by revoking, and by disabling the user', async () => {
    const { signIn, sessions, users, annId, recorded } = await withAnn()
    await users.create({ name: 'root', role: 'admin' }, actor)
    const begin = async (): Promise<string> => (await signIn.signIn({ name: 'ann', password }, actor)).secret
    const secrets = [await begin(), await begin(), await begin(), await begin()]
    const [left, only, kept, ended] = await Promise.all(secrets.map(secret => sessions.use(secret)))

    if (left !== undefined) await sessions.end(left, actor)
    await sessions.revoke(annId, actor, { only: only?.id })
    const remaining = (await sessions.list(annId)).map(({ id }) => id)
    const count = await sessions.revoke(annId, actor, { except: kept?.id })
    const afterRevoking = await Promise.all(secrets.map(secret => sessions.use(secret)))
    await users.update(annId, { isDisabled: true }, actor)

    expect(remaining).toEqual([ended?.id, kept?.id])
    expect(count).toBe(1)
    expect(afterRevoking.map(session => session?.id)).toEqual([undefined, undefined, kept?.id, undefined])
    expect(await sessions.use(secrets[2] ?? '')).toBeUndefined()
    expect((await recorded()).slice(-4)).toEqual(['auth.logout', 'session.revoked', 'session.revoked', 'user.updated'])
  })

  it('is revoked by its number only for its own user, on record', async () => {
    const { users, signIn, sessions, recorded, annId } = await withAnn()
    const bob = await users.create({ name: 'bob', role: 'viewer' }, actor)
    const { secret } = await signIn.signIn({ name: 'ann', password }, actor)
    const { id: only = 0 } = (await sessions.use(secret)) ?? {}

    await expect(sessions.revoke(bob.id, actor, { only })).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' })
    const ended = await sessions.revoke(annId, actor, { only })

    expect([ended, await sessions.use(secret)]).toEqual([1, undefined])
    expect((await recorded()).slice(-2)).toEqual(['session.revoked refused', 'session.revoked'])
  })

  it('is fresh for five minutes after the password was given, or given again', async () => {
    const { signIn, sessions, pass } = await withAnn()
    const { secret } = await signIn.signIn({ name: 'ann', password }, actor)
    const isFresh = async (): Promise<boolean> => {
      const session = await sessions.use(secret)
      return session !== undefined && sessions.isFresh(session)
    }

    const first = await isFresh()
    pass(5)
    const later = await isFresh()
    const session = await sessions.use(secret)
    if (session === undefined) throw new Error('the session goes on')
    const wrong = await caught(signIn.authenticateAgain(session, 'wrong', actor))
    const stillLater = await isFresh()
    await signIn.authenticateAgain(session, password, actor)

    expect([first, later, stillLater, await isFresh()]).toEqual([true, false, false, true])
    expect(wrong).toMatchObject({ code: 'WRONG_PASSWORD' })
  })

  it('changes the password with the current one, and ends the other sessions', async () => {
    const { signIn, sessions } = await withAnn()
    const own = await signIn.signIn({ name: 'ann', password }, actor)
    const other = await signIn.signIn({ name: 'ann', password }, actor)
    const session = await sessions.use(own.secret)
    if (session === undefined) throw new Error('the session goes on')
    const next = 'another horse battery'

    const refused = await caught(signIn.changePassword(session, { current: 'wrong', next }, actor))
    const weak = await caught(signIn.changePassword(session, { current: password, next: 'weak' }, actor))
    await signIn.changePassword(session, { current: password, next }, actor)

    expect([refused?.code, weak?.code]).toEqual(['WRONG_PASSWORD', 'WEAK_PASSWORD'])
    expect(await sessions.use(own.secret)).toBeDefined()
    expect(await sessions.use(other.secret)).toBeUndefined()
    expect(await caught(signIn.signIn({ name: 'ann', password }, actor))).toMatchObject({ code: 'WRONG_PASSWORD' })
    await expect(signIn.signIn({ name: 'ann', password: next }, actor)).resolves.toBeDefined()
  })
})
