import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { inspect } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { oldCipher, rotatingBy, testCiphers } from './__fixtures__/keys.ts'
import type { RotationOptions } from './rotate-file.ts'
import { rotateSqlite } from './rotate-sqlite.ts'
import { noContext } from './row-context.ts'
import type { TokenColumn } from './sqlite-tokens.ts'
import type { TokenProgress } from './token-report.ts'

const canary = 'r8_canary_9f2c'
let path: string
let subject: TokenColumn

beforeEach(() => {
  mkdirSync(join(homedir(), 'data'), { mode: 0o700 })
  path = join(homedir(), 'data', 'jobs.db')
  subject = { path, table: 'credentials', column: 'token' }
})

const schema = 'CREATE TABLE credentials (id INTEGER PRIMARY KEY, user TEXT, token TEXT)'

/** A database with rows of id, user and token. */
function plant(rows: readonly (readonly SQLInputValue[])[], sql = schema): void {
  using database = opened()
  database.exec(sql)
  const insert = database.prepare('INSERT INTO credentials VALUES (?, ?, ?)')
  database.exec('BEGIN')
  for (const row of rows) insert.run(...row)
  database.exec('COMMIT')
}

function opened(): DatabaseSync & Disposable {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA busy_timeout = 0')
  return Object.assign(database, { [Symbol.dispose]: () => database.close() })
}

function stored(sql = 'SELECT id, user, token FROM credentials ORDER BY id'): readonly (readonly unknown[])[] {
  using database = opened()
  const statement = database.prepare(sql)
  statement.setReadBigInts(true)
  return statement.all().map(row => Object.values(row))
}

async function options(changes: Partial<RotationOptions> = {}): Promise<RotationOptions> {
  return { ciphers: await testCiphers(), context: noContext, ...changes }
}

describe('rotateSqlite', () => {
  it('changes every token of the column, in more than one batch, and no other column', async () => {
    const old = await oldCipher()
    plant(
      Array.from({ length: 1203 }, (_, index) => [index * 3 - 900, `user ${index}`, old.encrypt(`${canary} ${index}`)]),
    )

    const report = await rotateSqlite(subject, await options())

    const { target } = await testCiphers()
    const rows = stored()
    expect(report).toEqual({ tokens: 1203, changed: 1203, empty: 0, problems: [], verified: 1203, isWritten: true })
    expect(rows.map(([, user]) => user)).toEqual(Array.from({ length: 1203 }, (_, index) => `user ${index}`))
    expect(rows.every(([, , token], index) => target.decrypt(String(token)) === `${canary} ${index}`)).toBe(true)
  })

  it('takes the least and the greatest row id, and a table with a column called rowid', async () => {
    const token = (await oldCipher()).encrypt(canary)
    const ids = [-(2n ** 63n) + 1n, 2n ** 53n + 1n, 2n ** 63n - 1n]
    plant(
      ids.map(id => [id, 'x', token]),
      'CREATE TABLE credentials (id INTEGER PRIMARY KEY, rowid TEXT, token TEXT)',
    )

    const report = await rotateSqlite(subject, await options())

    expect(report.changed).toBe(3)
    expect(stored('SELECT id FROM credentials ORDER BY id').flat()).toEqual(ids)
  })

  it('binds st2 tokens to other columns, whatever their case', async () => {
    const ciphers = await testCiphers('st2')
    plant([[1, '7', (await oldCipher()).encrypt(canary)]])
    const context = { fixed: { table: 'credentials' }, members: { user: 'USER', row: 'id' } }

    const report = await rotateSqlite(
      { ...subject, table: 'CREDENTIALS', column: 'Token' },
      await options({ ciphers, context }),
    )

    const token = String(stored()[0]?.[2])
    expect(report.verified).toBe(1)
    expect(ciphers.target.decrypt(token, { table: 'credentials', user: '7', row: '1' })).toBe(canary)
  })

  it('works beside readers and writers of a database in WAL mode', async () => {
    const old = await oldCipher()
    plant(Array.from({ length: 700 }, (_, index) => [index, 'x', old.encrypt(String(index))]))
    using other = opened()
    other.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
    let inserted = 0
    const onProgress = ({ phase }: TokenProgress): void => {
      if (phase !== 'rewriting') return
      inserted += 1
      other.prepare('UPDATE credentials SET user = ? WHERE id = ?').run('somebody else', inserted)
    }

    const report = await rotateSqlite(subject, await options({ onProgress }))

    expect(report.verified).toBe(700)
    expect(stored("SELECT count(*) FROM credentials WHERE user = 'somebody else'")).toEqual([[BigInt(inserted)]])
  })

  it('spares a token that somebody saves meanwhile, and says that it is to be run again', async () => {
    const old = await oldCipher()
    const saved = old.encrypt('saved meanwhile')
    plant(Array.from({ length: 600 }, (_, index) => [index, 'x', old.encrypt(String(index))]))
    const onProgress = ({ phase }: TokenProgress): void => {
      if (phase !== 'rewriting') return
      using other = opened()
      other.prepare('UPDATE credentials SET token = ? WHERE id = 3').run(saved)
    }

    const first: unknown = await rotateSqlite(subject, await options({ onProgress })).catch((error: unknown) => error)
    const again = await rotateSqlite(subject, await options())

    expect(first).toMatchObject({ exitCode: 7, message: expect.stringContaining('Row 3 of') })
    expect(again).toMatchObject({ tokens: 600, changed: 1, verified: 600 })
    expect((await testCiphers()).target.decrypt(String(stored()[3]?.[2]))).toBe('saved meanwhile')
  })

  it('does not write over a token that is saved between reading and writing', async () => {
    const old = await oldCipher()
    const { ring, target } = await testCiphers()
    const saved = ring.encrypt('saved meanwhile')
    plant([[1, 'x', old.encrypt(canary)]])
    let reads = 0
    const racing = rotatingBy(ring, token => {
      reads += 1
      // The first is to check.
      if (reads === 2) {
        using other = opened()
        other.prepare('UPDATE credentials SET token = ?').run(saved)
      }
      return ring.rotate(token)
    })

    await rotateSqlite(subject, await options({ ciphers: { ring: racing, target } }))

    expect(stored()[0]?.[2]).toBe(saved)
  })

  it.each([
    ['another plaintext', 'ring'],
    ['a token that takes the old key', 'old'],
  ] as const)('writes no batch that would hold %s', async (_, by) => {
    const ciphers = { ...(await testCiphers()), old: await oldCipher() }
    plant([1, 2].map(id => [id, 'x', ciphers.old.encrypt(canary)]))
    const before = stored()
    const ring = rotatingBy(ciphers.ring, () => ciphers[by].encrypt(by === 'ring' ? 'another' : canary))

    const failure: unknown = await rotateSqlite(
      subject,
      await options({ ciphers: { ring, target: ciphers.target } }),
    ).catch((error: unknown) => error)

    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining('Row 1 of') })
    expect(stored()).toEqual(before)
  })

  it('writes nothing in a dry run', async () => {
    plant([[1, 'x', (await oldCipher()).encrypt(canary)]])
    const before = readFileSync(path)

    const report = await rotateSqlite(subject, await options({ isDryRun: true }))

    expect(report).toMatchObject({ tokens: 1, changed: 1, isWritten: false })
    expect(readFileSync(path)).toEqual(before)
  })

  it('names rows that do not decrypt, and writes nothing unless told to rotate the rest', async () => {
    const old = await oldCipher()
    plant([
      [1, 'x', old.encrypt('one')],
      [2, 'x', canary],
      [3, 'x', Buffer.from(old.encrypt('three'))],
      [4, 'x', null],
      [5, 'x', ''],
    ])
    const before = stored()

    const refused = await rotateSqlite(subject, await options())
    const unchanged = stored()
    const skipped = await rotateSqlite(subject, await options({ skipsProblems: true }))

    const problems = [
      { place: 'row 2', kind: 'malformed' },
      { place: 'row 3', kind: 'no_text' },
    ]
    expect(refused).toEqual({ tokens: 3, changed: 1, empty: 2, problems, verified: 0, isWritten: false })
    expect(unchanged).toEqual(before)
    expect(skipped).toEqual({ tokens: 3, changed: 1, empty: 2, problems, verified: 1, isWritten: true })
    expect(stored().slice(1)).toEqual(before.slice(1))
    expect(JSON.stringify(refused)).not.toContain(canary)
  })

  it('stops between batches, and goes on when it is run again', async () => {
    const old = await oldCipher()
    plant(Array.from({ length: 1100 }, (_, index) => [index, 'x', old.encrypt(String(index))]))
    const stop = new AbortController()
    const onProgress = ({ phase }: TokenProgress): void => {
      if (phase === 'rewriting') stop.abort(new Error('enough'))
    }

    await expect(rotateSqlite(subject, await options({ onProgress, signal: stop.signal }))).rejects.toThrow('enough')
    const report = await rotateSqlite(subject, await options())

    expect(report).toMatchObject({ tokens: 1100, changed: 600, verified: 1100 })
  })
})

describe('rotateSqlite of what is no column of tokens', () => {
  async function failureOf(changes: Partial<TokenColumn> = {}): Promise<unknown> {
    const failure: unknown = await rotateSqlite({ ...subject, ...changes }, await options()).catch(
      (error: unknown) => error,
    )
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(canary)
    return failure
  }

  it('makes no database where there is none', async () => {
    expect(await failureOf()).toMatchObject({ exitCode: 3 })
    expect(existsSync(path)).toBe(false)
  })

  it('says so of a file that is none', async () => {
    writeFileSync(path, `id,token\n1,${canary}\n`.repeat(100))

    expect(await failureOf()).toMatchObject({ exitCode: 6, message: `${path} is no SQLite database.` })
  })

  it('says so of a table or column that is not there, or has no row ids', async () => {
    plant([[1, 'x', canary]])
    using database = opened()
    database.exec(
      'CREATE TABLE bare (token TEXT PRIMARY KEY) WITHOUT ROWID; CREATE VIEW seen AS SELECT * FROM credentials',
    )

    expect(await failureOf({ table: 'none' })).toMatchObject({ exitCode: 6, message: `${path} has no table "none".` })
    expect(await failureOf({ column: 'a"b' })).toMatchObject({
      exitCode: 6,
      message: expect.stringContaining('no column'),
    })
    expect(await failureOf({ table: 'bare' })).toMatchObject({
      exitCode: 6,
      message: expect.stringContaining('row ids'),
    })
    expect(await failureOf({ table: 'seen' })).toMatchObject({
      exitCode: 6,
      message: expect.stringContaining('row ids'),
    })
  })

  it('says so when somebody refuses the change, with nothing half-written', async () => {
    const old = await oldCipher()
    plant([1, 2, 3].map(id => [id, 'x', old.encrypt(String(id))]))
    using database = opened()
    database.exec(`CREATE TRIGGER refuse BEFORE UPDATE ON credentials WHEN new.id = 2
      BEGIN SELECT RAISE(ABORT, '${canary}'); END`)
    const before = stored()

    expect(await failureOf()).toMatchObject({ exitCode: 1 })
    expect(stored()).toEqual(before)
  })

  it('says so of a database that another process keeps locked', async () => {
    plant([[1, 'x', (await oldCipher()).encrypt(canary)]])
    using database = opened()
    database.exec('BEGIN EXCLUSIVE')

    const failure: unknown = await rotateSqlite(subject, await options({ lockTimeoutMs: 20 })).catch(
      (error: unknown) => error,
    )

    expect(failure).toMatchObject({ exitCode: 7, message: expect.stringContaining('locked') })
  })

  it.skipIf(process.geteuid?.() === 0)('says so of a file that may not be written to', async () => {
    plant([[1, 'x', (await oldCipher()).encrypt(canary)]])
    chmodSync(path, 0o400)

    expect(await failureOf()).toMatchObject({ exitCode: 6 })
  })
})
