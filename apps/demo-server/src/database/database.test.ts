import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { describeDatabases } from '../testing/databases.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'

const row = { changed_at: '2026-01-01T00:00:00.000Z', action: 'set' as const, secret_key: 'A' }

async function insert(database: Database, key: string): Promise<void> {
  await database.write(async transaction => {
    await transaction
      .insertInto('secret_change')
      .values({ ...row, secret_key: key })
      .execute()
  })
}

async function keys(database: Database): Promise<readonly string[]> {
  const rows = await database.reads.selectFrom('secret_change').select('secret_key').orderBy('id').execute()
  return rows.map(({ secret_key }) => secret_key)
}

describeDatabases('a database', ({ locate, open, openAt }) => {
  it('keeps what was written when it is closed and opened again', async () => {
    const location = await locate()
    const first = await openAt(location)
    await insert(first, 'A')
    await insert(first, 'B')
    await first.close()

    const second = await openAt(location)

    expect(await keys(second)).toEqual(['A', 'B'])
  })

  it('undoes all of a write that fails, and throws what it failed with', async () => {
    const database = await open()
    const failure = new Error('no')

    const write = database.write(async transaction => {
      await transaction.insertInto('secret_change').values(row).execute()
      throw failure
    })

    await expect(write).rejects.toBe(failure)
    expect(await keys(database)).toEqual([])
  })

  it('loses no update of 2 × 50 that read before they write', async () => {
    const location = await locate()
    const instances = [await openAt(location), await openAt(location)]
    const increment = (database: Database): Promise<void> =>
      database.write(async transaction => {
        const { count } = await transaction
          .selectFrom('secret_change')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow()
        await transaction
          .insertInto('secret_change')
          .values({ ...row, secret_key: String(count) })
          .execute()
      })

    await Promise.all(instances.flatMap(database => Array.from({ length: 50 }, () => increment(database))))

    expect(await keys(instances[0] ?? (await open()))).toEqual(Array.from({ length: 100 }, (_, index) => String(index)))
  })

  it('answers reads with what was committed while a write runs', async () => {
    const database = await open()
    await insert(database, 'A')

    const seen = await database.write(async transaction => {
      await transaction.insertInto('secret_change').values(row).execute()
      return keys(database)
    })

    expect(seen).toEqual(['A'])
    expect(await keys(database)).toHaveLength(2)
  })

  it('gives up on a lock that another process holds, says so, and goes on when it is free', async () => {
    const location = await locate()
    const holder = await openAt(location)
    const database = await openAt(location, { lockWait: 0.05 })
    const held = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const holding = holder.write(async () => {
      held.resolve()
      await release.promise
    })
    await held.promise

    const refused = await insert(database, 'A').catch((error: unknown) => error)
    release.resolve()
    await holding
    await insert(database, 'B')

    expect(refused).toMatchObject({ kind: 'locked', code: 'ST_DATABASE_LOCKED', isTransient: true })
    expect(await keys(database)).toEqual(['B'])
  })

  it('brings numbers, booleans and JSON back as they were given', async () => {
    const database = await open()

    const returned = await database.write(async transaction => {
      await sql`create table kinds (b boolean not null, c boolean, n bigint not null, t text not null)`.execute(
        transaction,
      )
      const { rows } = await sql`
        insert into kinds values (${true}, ${null}, ${2 ** 52}, ${'{"a":1}'}) returning b, c, n, t
      `.execute(transaction)
      await sql`insert into kinds values (${false}, ${true}, ${-1}, ${''})`.execute(transaction)
      return rows
    })
    const { rows } = await sql`select b, c, n, t from kinds order by n desc`.execute(database.reads)
    const { rows: counts } = await sql`select count(*) as n from kinds where b = ${true}`.execute(database.reads)

    expect(returned).toStrictEqual([{ b: true, c: null, n: 2 ** 52, t: '{"a":1}' }])
    expect(rows).toStrictEqual([...returned, { b: false, c: true, n: -1, t: '' }])
    expect(counts).toStrictEqual([{ n: 1 }])
  })

  it('names broken rules without the values that broke them', async () => {
    const database = await open()
    await database.write(async transaction => {
      await sql`create table parent (name text primary key)`.execute(transaction)
      await sql`create table child (parent text not null references parent (name))`.execute(transaction)
      await sql`insert into parent values ('canary-4711')`.execute(transaction)
    })
    const failureOf = (query: ReturnType<typeof sql>): Promise<unknown> =>
      database.write(transaction => query.execute(transaction)).catch((error: unknown) => error)

    const failures = [
      await failureOf(sql`insert into parent values (${'canary-4711'})`),
      await failureOf(sql`insert into child values (${'canary-4712'})`),
      await failureOf(sql`insert into child values (${null})`),
      await failureOf(sql`insert into nowhere values (${'canary-4713'})`),
    ]

    expect(failures).toMatchObject([
      { kind: 'unique' },
      { kind: 'foreign_key' },
      { kind: 'constraint' },
      { kind: 'internal' },
    ])
    for (const failure of failures) expect(told(failure)).not.toContain('canary')
  })

  it('refuses a database that a newer version has migrated, and leaves it as it is', async () => {
    const location = await locate()
    const database = await openAt(location)
    await database.write(transaction =>
      sql`insert into kysely_migration (name, timestamp) values ('2099-01-01-later', '')`.execute(transaction),
    )
    await database.close()

    await expect(openDatabase(location)).rejects.toMatchObject({ kind: 'newer', code: 'ST_DATABASE_NEWER' })
  })

  it('is migrated once when 8 processes open it at the same time', async () => {
    const location = await locate()

    const databases = await Promise.all(Array.from({ length: 8 }, () => openAt(location)))
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from kysely_migration where name = '2026-11-22-secret-change'
    `.execute(databases[0]?.reads ?? (await open()).reads)

    expect(rows).toEqual([{ n: 1 }])
  })

  it('finishes what was asked for before it is closed, and refuses what comes after', async () => {
    const database = await open()
    const before = insert(database, 'A')

    const closed = database.close()
    const after = insert(database, 'B')

    await expect(after).rejects.toMatchObject({ kind: 'closed' })
    await expect(before).resolves.toBeUndefined()
    await closed
    await expect(database.close()).resolves.toBeUndefined()
    await expect(keys(database)).rejects.toMatchObject({ kind: 'closed' })
  })

  it('refuses more than 1,000 writes in waiting', async () => {
    const database = await open()
    const release = Promise.withResolvers<void>()
    const writes = Array.from({ length: 1001 }, () => database.write(() => release.promise))

    const [last] = writes.slice(-1)

    await expect(last).rejects.toMatchObject({ kind: 'busy' })
    release.resolve()
    await expect(Promise.all(writes.slice(0, 1000))).resolves.toHaveLength(1000)
  })
})

describe('a database file', () => {
  it('is for its owner only, and its journal too', async () => {
    const path = join(homedir(), 'demo.db')

    await using database = await openDatabase(path)
    await insert(database, 'A')
    const modes = await Promise.all(
      [path, `${path}-wal`].map(async file => ((await stat(file)).mode & 0o777).toString(8)),
    )

    expect(modes).toEqual(['600', '600'])
  })

  it('waits for the disk with each write, and keeps its rules', async () => {
    await using database = await openDatabase(join(homedir(), 'demo.db'))

    const settings = await database.write(async transaction => {
      const { rows: synchronous } = await sql`pragma synchronous`.execute(transaction)
      const { rows: journal } = await sql`pragma journal_mode`.execute(transaction)
      const { rows: keysAreForeign } = await sql`pragma foreign_keys`.execute(transaction)
      return [...synchronous, ...journal, ...keysAreForeign]
    })

    expect(settings).toEqual([{ synchronous: 2 }, { journal_mode: 'wal' }, { foreign_keys: 1 }])
  })

  it('is not written to through the connection for reading', async () => {
    await using database = await openDatabase(join(homedir(), 'demo.db'))

    const write = database.reads.insertInto('secret_change').values(row).execute()

    await expect(write).rejects.toMatchObject({ kind: 'read_only' })
  })

  it('is refused and left as it is when it is no database', async () => {
    const path = join(homedir(), 'demo.db')
    const text = 'not a database, but somebody may want it back '.repeat(50)
    await writeFile(path, text)

    await expect(openDatabase(path)).rejects.toMatchObject({ kind: 'damaged', driverCode: 'SQLITE_26' })

    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('is refused when a folder is in its place', async () => {
    const path = join(homedir(), 'demo.db')
    await mkdir(path)

    await expect(openDatabase(path)).rejects.toMatchObject({ kind: 'unavailable', driverCode: 'EISDIR' })
  })

  it('says that the disk is full, keeps nothing of that write, and goes on when there is room', async () => {
    await using database = await openDatabase(join(homedir(), 'demo.db'))
    await insert(database, 'A')
    await database.write(transaction => sql`pragma max_page_count = 1`.execute(transaction))

    const refused = await database
      .write(async transaction => {
        for (let index = 0; index < 100; index += 1) {
          await transaction
            .insertInto('secret_change')
            .values({ ...row, secret_key: 'x'.repeat(4096) })
            .execute()
        }
      })
      .catch((error: unknown) => error)
    await database.write(transaction => sql`pragma max_page_count = 100000`.execute(transaction))
    await insert(database, 'B')

    expect(refused).toMatchObject({ kind: 'full', code: 'ST_DATABASE_FULL' })
    expect(await keys(database)).toEqual(['A', 'B'])
  })
})

function told(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : ''
}
