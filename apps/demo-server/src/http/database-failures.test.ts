import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describeWithPeer, requirePeer, startPostgres } from '@st/test-peers'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { runServer, type RunningServer } from '../testing/running-server.ts'

function makeUser(server: RunningServer, name: string): Promise<Response> {
  return server.send('/api/users', { json: { name, role: 'viewer' } })
}

async function userNames(server: RunningServer): Promise<readonly string[]> {
  const response = await server.send('/api/users')
  const { users } = (await response.json()) as { readonly users: readonly { readonly name: string }[] }
  return users.map(({ name }) => name)
}

describe('a server whose database fails', () => {
  it('says that it is locked and when to try again, changes nothing, and goes on when it is free', async () => {
    const database = join(homedir(), 'locked.db')
    await using server = await runServer({ database, databaseOptions: { lockWait: 0 } })
    using other = new DatabaseSync(database)
    other.exec('begin immediate')

    const refused = await makeUser(server, 'one')
    const read = await server.send('/api/users')
    other.exec('rollback')
    const done = await makeUser(server, 'two')

    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      503,
      '1',
      { code: 'ST_DATABASE_LOCKED', detail: expect.stringContaining('Try again') },
    ])
    expect([read.status, done.status, await userNames(server)]).toEqual([200, 201, ['admin', 'two']])
  })

  it('says that the disk is full, keeps nothing of what did not fit, and goes on when there is room', async () => {
    await using server = await runServer()
    const { database, audit } = server.services
    await database.write(transaction => sql`pragma max_page_count = 1`.execute(transaction))
    const room = 'x'.repeat(60)

    const statuses: number[] = []
    for (let count = 0; count < 200 && statuses.at(-1) !== 507; count++) {
      statuses.push((await makeUser(server, `${room}${count}`)).status)
    }
    const full = await makeUser(server, 'too many')
    const { total } = await audit.page({ types: ['user.created'], outcome: 'done' }, { limit: 1 })
    await database.write(transaction => sql`pragma max_page_count = 1000000`.execute(transaction))
    const later = await makeUser(server, 'later')

    expect([statuses.at(-1), full.status, await full.json()]).toMatchObject([507, 507, { code: 'ST_DATABASE_FULL' }])
    // The administrator, and each that was answered 201.
    expect(total).toBe(1 + statuses.filter(status => status === 201).length)
    expect(later.status).toBe(201)
    await expect(audit.verify()).resolves.toMatchObject({ valid: true })
    expect(server.failures).toEqual([])
  })
})

describeWithPeer(describe, await requirePeer('postgres'))('a server whose PostgreSQL goes away', place => {
  it('says so, stays up, and goes on when it is back', async () => {
    await using postgres = await startPostgres(place())
    await using server = await runServer({ database: postgres.url, databaseOptions: { lockWait: 0 } })
    const before = await makeUser(server, 'before')

    await postgres.stop()
    const [write, read, live] = [
      await makeUser(server, 'meanwhile'),
      await server.send('/api/users'),
      await server.send('/', { as: null }),
    ]
    await postgres.start()
    const after = await makeUser(server, 'after')

    expect([before.status, write.status, read.status, live.status, after.status]).toEqual([201, 503, 503, 503, 201])
    expect(await write.json()).toMatchObject({ code: 'ST_DATABASE_UNAVAILABLE' })
    expect(await userNames(server)).toEqual(['admin', 'before', 'after'])
    expect(server.failures).toEqual([])
  })
})
