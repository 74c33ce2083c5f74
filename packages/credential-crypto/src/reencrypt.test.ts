import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { cipherOf } from './__fixtures__/known-keys.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'
import type { CredentialCipher } from './credential-cipher.ts'
import { reencrypt } from './reencrypt.ts'
import type { ReencryptChange, ReencryptOptions, ReencryptReport } from './reencrypt.ts'

const OLD = 'the old secret'
const NEW = 'zFZ0Xh1e4aIO8B2NjYV6rPqTgUwLs7DkM3c9bRmEQyA'

interface Row {
  readonly id: number
  stored: string
}

const contextOf = ({ id }: Row) => ({ table: 'credentials', id: String(id) })

async function target(): Promise<CredentialCipher> {
  return createCredentialCipher({ keys: [{ secret: NEW }, { secret: OLD }], format: 'st2' })
}

async function oldRows(count: number): Promise<Row[]> {
  const old = await cipherOf(OLD)
  return Array.from({ length: count }, (_, id) => ({ id, stored: old.encrypt(`credential ${id}`) }))
}

/** Writes into the rows themselves; notes how many changes each batch had. */
class Table {
  readonly rows: Row[]
  readonly batches: number[] = []

  constructor(rows: Row[]) {
    this.rows = rows
  }

  readonly write = async (changes: readonly ReencryptChange<Row>[]): Promise<void> => {
    await turnOfTheLoop()
    this.batches.push(changes.length)
    for (const { row, token } of changes) row.stored = token
  }
}

async function optionsFor(table: Table): Promise<ReencryptOptions<Row>> {
  return { cipher: await target(), token: row => row.stored, context: contextOf, write: table.write }
}

async function plaintexts(rows: readonly Row[]): Promise<string[]> {
  const cipher = await createCredentialCipher({ keys: [{ secret: NEW }] })
  return rows.map(row => cipher.decrypt(row.stored, contextOf(row)))
}

describe('reencrypt', () => {
  it('brings every row to the first key, the form and the context of the row', async () => {
    const table = new Table(await oldRows(25))

    const report = await reencrypt(table.rows, { ...(await optionsFor(table)), batchSize: 10 })

    expect(report).toEqual({ seen: 25, changed: 25, failed: [] })
    expect(table.batches).toEqual([10, 10, 5])
    expect(await plaintexts(table.rows)).toEqual(table.rows.map(({ id }) => `credential ${id}`))
  })

  it('skips rows that are there already, and writes no batch without changes', async () => {
    const table = new Table(await oldRows(7))
    const options = { ...(await optionsFor(table)), batchSize: 3 }
    await reencrypt(table.rows.slice(0, 4), options)
    const done = table.rows.slice(0, 4).map(({ stored }) => stored)
    table.batches.length = 0

    const second = await reencrypt(table.rows, options)
    const third = await reencrypt(table.rows, options)

    expect(second).toEqual({ seen: 7, changed: 3, failed: [] })
    expect(third).toEqual({ seen: 7, changed: 0, failed: [] })
    expect(table.batches).toEqual([2, 1])
    expect(table.rows.slice(0, 4).map(({ stored }) => stored)).toEqual(done)
  })

  it('reads rows from an asynchronous source, and 500 of them at once', async () => {
    const table = new Table(await oldRows(501))
    async function* source(): AsyncGenerator<Row> {
      for (const row of table.rows) {
        await turnOfTheLoop()
        yield row
      }
    }

    await reencrypt(source(), await optionsFor(table))

    expect(table.batches).toEqual([500, 1])
  })

  it('takes no rows, and no context', async () => {
    const table = new Table(await oldRows(1))
    const { context: _, ...options } = await optionsFor(table)

    const [none, one] = [await reencrypt([], options), await reencrypt(table.rows, options)]

    expect([none, one]).toEqual([
      { seen: 0, changed: 0, failed: [] },
      { seen: 1, changed: 1, failed: [] },
    ])
    expect((await target()).decrypt(table.rows[0]?.stored ?? '')).toBe('credential 0')
  })

  it('writes nothing in a dry run, and reports what it would do', async () => {
    const table = new Table(await oldRows(5))
    const before = table.rows.map(({ stored }) => stored)
    table.rows.push({ id: 5, stored: 'a plaintext' })

    const report = await reencrypt(table.rows, { ...(await optionsFor(table)), dryRun: true })

    expect(report).toEqual({ seen: 6, changed: 5, failed: [{ index: 5, kind: 'malformed' }] })
    expect(table.batches).toEqual([])
    expect(table.rows.slice(0, 5).map(({ stored }) => stored)).toEqual(before)
  })

  it('reports rows that fail by index and kind, leaves them alone and goes on', async () => {
    const table = new Table(await oldRows(8))
    const [alien, full] = [await cipherOf('an unrelated secret'), await target()]
    const foreign = await createCredentialCipher({
      keys: [{ secret: NEW.toLowerCase(), kdf: 'hkdf-sha256' }],
      format: 'st2',
    })
    const bad = new Map([
      [0, 'plaintext'],
      [2, alien.encrypt('x')],
      [3, full.encrypt('moved here from another row', { table: 'credentials', id: '99' })],
      [5, foreign.encrypt('x')],
      [7, 'st9.x'],
    ])
    for (const [id, stored] of bad) table.rows.splice(id, 1, { id, stored })

    const report = await reencrypt(table.rows, { ...(await optionsFor(table)), batchSize: 3 })

    expect(report).toEqual({
      seen: 8,
      changed: 3,
      failed: [
        { index: 0, kind: 'malformed' },
        { index: 2, kind: 'authentication_failed' },
        { index: 3, kind: 'authentication_failed' },
        { index: 5, kind: 'unknown_key' },
        { index: 7, kind: 'unsupported_version' },
      ],
    })
    for (const [id, stored] of bad) expect(table.rows[id]?.stored).toBe(stored)
  })

  it('tells after each batch how far it has come', async () => {
    const table = new Table(await oldRows(5))
    table.rows.splice(1, 1, { id: 1, stored: 'plaintext' })
    const told: ReencryptReport[] = []

    await reencrypt(table.rows, {
      ...(await optionsFor(table)),
      batchSize: 2,
      onProgress: progress => told.push(progress),
    })

    const failed = [{ index: 1, kind: 'malformed' }]
    expect(told).toEqual([
      { seen: 2, changed: 1, failed },
      { seen: 4, changed: 3, failed },
      { seen: 5, changed: 4, failed },
    ])
  })

  it('hands a failure to write to the caller as it is, and tells before what was done', async () => {
    const table = new Table(await oldRows(6))
    const failure = new Error('disk full')
    const told: ReencryptReport[] = []
    const write = async (changes: readonly ReencryptChange<Row>[]): Promise<void> => {
      if (changes[0]?.row.id === 4) throw failure
      await table.write(changes)
    }
    const options = { ...(await optionsFor(table)), write, batchSize: 2 }

    const error: unknown = await reencrypt(table.rows, {
      ...options,
      onProgress: progress => told.push(progress),
    }).catch((reason: unknown) => reason)

    expect(error).toBe(failure)
    expect(told.at(-1)).toEqual({ seen: 4, changed: 4, failed: [] })
    expect(await reencrypt(table.rows, { ...options, write: table.write })).toEqual({ seen: 6, changed: 2, failed: [] })
  })

  it('hands on the first failure, also when telling fails then', async () => {
    const table = new Table(await oldRows(1))
    const failure = new Error('disk full')

    const running = reencrypt(table.rows, {
      ...(await optionsFor(table)),
      write: () => Promise.reject(failure),
      onProgress: () => {
        throw new Error('terminal gone')
      },
    })

    await expect(running).rejects.toBe(failure)
  })

  it('hands a failure to read a row to the caller', async () => {
    const table = new Table(await oldRows(3))
    const failure = new Error('no such column')
    const token = (row: Row): string => {
      if (row.id === 2) throw failure
      return row.stored
    }

    await expect(reencrypt(table.rows, { ...(await optionsFor(table)), token })).rejects.toBe(failure)
  })

  it('hands on that a token is no text, as of a column that is NULL', async () => {
    const table = new Table(await oldRows(1))
    // What a query without a condition gives.
    const token = () => null as unknown as string

    await expect(reencrypt(table.rows, { ...(await optionsFor(table)), token })).rejects.toThrow(TypeError)
  })

  it('stops before the next batch when told so, keeps what is written and closes the source', async () => {
    const table = new Table(await oldRows(9))
    const stopping = new AbortController()
    const told: ReencryptReport[] = []
    let isClosed = false
    function* source(): Generator<Row> {
      try {
        yield* table.rows
      } finally {
        isClosed = true
      }
    }
    const options = { ...(await optionsFor(table)), batchSize: 3 }

    const error: unknown = await reencrypt(source(), {
      ...options,
      signal: stopping.signal,
      onProgress: progress => {
        told.push(progress)
        stopping.abort()
      },
    }).catch((reason: unknown) => reason)

    expect(error).toBe(stopping.signal.reason)
    expect(isClosed).toBe(true)
    expect(table.batches).toEqual([3])
    expect(told).toEqual([
      { seen: 3, changed: 3, failed: [] },
      { seen: 3, changed: 3, failed: [] },
    ])
    expect(await reencrypt(table.rows, options)).toEqual({ seen: 9, changed: 6, failed: [] })
  })

  it('does not begin when it was stopped before', async () => {
    const table = new Table(await oldRows(1))

    const running = reencrypt(table.rows, { ...(await optionsFor(table)), signal: AbortSignal.abort() })

    await expect(running).rejects.toThrow('aborted')
    expect(table.batches).toEqual([])
  })

  it('gives the event loop turns within a batch', async () => {
    const rows = await oldRows(6000)
    const cipher = await target()
    let turns = 0
    const count = (): void => {
      turns += 1
      ticking = setImmediate(count)
    }
    let ticking = setImmediate(count)
    // All of it in one batch, whose rows come and go without waiting.
    const write = (): void => {}

    await reencrypt(rows, { cipher, token: row => row.stored, context: contextOf, write, batchSize: 10_000 })
    clearImmediate(ticking)

    expect(turns).toBeGreaterThan(3)
  })

  it('moves a table of node:sqlite while it is read', async () => {
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE credentials (id INTEGER PRIMARY KEY, stored TEXT NOT NULL) STRICT')
    const insert = database.prepare('INSERT INTO credentials (id, stored) VALUES (?, ?)')
    for (const { id, stored } of await oldRows(20)) insert.run(id, stored)
    const select = database.prepare('SELECT id, stored FROM credentials ORDER BY id')
    const update = database.prepare('UPDATE credentials SET stored = ? WHERE id = ? AND stored = ?')
    // The statement says which columns there are.
    const rows = () => select.iterate() as Iterable<unknown> as Iterable<Row>
    const options: ReencryptOptions<Row> = {
      cipher: await target(),
      token: row => row.stored,
      context: contextOf,
      write: changes => {
        database.exec('BEGIN IMMEDIATE')
        for (const { row, token } of changes) update.run(token, row.id, row.stored)
        database.exec('COMMIT')
      },
      batchSize: 6,
    }

    const [first, second] = [await reencrypt(rows(), options), await reencrypt(rows(), options)]

    expect([first.changed, second.changed]).toEqual([20, 0])
    expect(await plaintexts([...rows()])).toEqual(Array.from({ length: 20 }, (_, id) => `credential ${id}`))
    database.close()
  })

  it.each([
    ['an option it does not have', { dryrun: true }, TypeError],
    ['a dry run of another type', { dryRun: 'false' }, TypeError],
    ['no rows in a batch', { batchSize: 0 }, RangeError],
    ['half a row in a batch', { batchSize: 0.5 }, RangeError],
  ])('refuses %s before it reads anything', async (_, extra, type) => {
    const table = new Table(await oldRows(1))
    // What untyped code may pass.
    const options = { ...(await optionsFor(table)), ...extra } as ReencryptOptions<Row>

    await expect(reencrypt(table.rows, options)).rejects.toThrow(type)

    expect(table.batches).toEqual([])
  })
})
