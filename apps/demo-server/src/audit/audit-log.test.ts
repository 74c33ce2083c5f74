import { randomInt } from 'node:crypto'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { sql, type Transaction } from 'kysely'
import { expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { describeDatabases } from '../testing/databases.ts'
import { AuditKey } from './audit-key.ts'
import { AuditLog } from './audit-log.ts'
import type { AuditEvent } from './audit-event.ts'
import { verifyAuditChain } from './verify-audit-chain.ts'

const key = new AuditKey(Buffer.from('audit-key'))
const ann = { id: 1, name: 'ann', ip: '10.0.0.1', requestId: 'r-1' }

const saved: AuditEvent = {
  type: 'provider.configured',
  actor: ann,
  target: { type: 'provider', id: 'replicate' },
  action: 'Configured replicate',
  details: { changed: ['webhook_url'] },
}

/** One second later each time. */
function ticking(): () => Date {
  let seconds = 0
  return () => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds++)
}

function logOf(database: Database): AuditLog {
  return new AuditLog(database, key, ticking())
}

async function logOfLength(database: Database, length: number): Promise<AuditLog> {
  const log = logOf(database)
  for (let index = 0; index < length; index += 1) await log.record({ ...saved, details: { index } })
  return log
}

/** Changes the tables as somebody does who can write to them and has no key. */
function tamper(database: Database, query: ReturnType<typeof sql>): Promise<unknown> {
  return database.write(transaction => query.execute(transaction))
}

describeDatabases('the audit log', ({ locate, open, openAt }) => {
  it('keeps every member of an event', async () => {
    const log = logOf(await open())

    const entry = await log.record({ ...saved, outcome: 'refused' })
    const { entries, total } = await log.page({}, { limit: 10 })

    expect(entry).toMatchObject({
      sequence: 1,
      occurredAt: '2026-01-01T00:00:00.000Z',
      type: 'provider.configured',
      outcome: 'refused',
      actorId: 1,
      actorName: 'ann',
      actorIp: '10.0.0.1',
      targetType: 'provider',
      targetId: 'replicate',
      requestId: 'r-1',
      action: 'Configured replicate',
      details: { changed: ['webhook_url'] },
      previousHash: 'genesis',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(entries).toEqual([entry])
    expect(total).toBe(1)
  })

  it('keeps text that a database would not, and what it keeps verifies', async () => {
    const log = logOf(await open())

    const entry = await log.record({
      type: 'security.suspicious',
      outcome: 'refused',
      actor: { name: 'a\0b\uD800' },
      action: '密钥 | pipe',
      details: { key: 'a\0b\uD800' },
    })

    expect(entry).toMatchObject({ actorName: 'a\uFFFDb\uFFFD', details: { key: 'a\0b\uD800' } })
    expect(await log.verify()).toMatchObject({ valid: true, checked: 1 })
    expect((await log.page({ text: 'a\0b' }, { limit: 1 })).total).toBe(1)
  })

  it('holds an event exactly when its change was made', async () => {
    const database = await open()
    const log = logOf(database)
    const change = (fails: boolean): Promise<void> =>
      database.write(async transaction => {
        await transaction
          .insertInto('secret_change')
          .values({ changed_at: '', action: 'set', secret_key: 'A' })
          .execute()
        await log.append(transaction, saved)
        if (fails) throw new Error('no')
      })

    await change(false)
    await change(true).catch(() => undefined)
    const changes = await database.reads.selectFrom('secret_change').selectAll().execute()

    expect(changes).toHaveLength(1)
    expect((await log.page({}, { limit: 10 })).total).toBe(1)
    expect(await log.verify()).toMatchObject({ valid: true, checked: 1 })
  })

  it('pages from the newest to the oldest with the true total', async () => {
    const log = await logOfLength(await open(), 5)

    const first = await log.page({}, { limit: 2 })
    const second = await log.page({}, { limit: 2, before: first.nextBefore })
    const third = await log.page({}, { limit: 2, before: second.nextBefore })

    expect([first, second, third].map(({ entries }) => entries.map(({ sequence }) => sequence))).toEqual([
      [5, 4],
      [3, 2],
      [1],
    ])
    expect([first.total, second.total, third.total]).toEqual([5, 5, 5])
    expect(third).not.toHaveProperty('nextBefore')
  })

  it('filters by each member, and by text that means itself', async () => {
    const log = logOf(await open())
    await log.record(saved)
    await log.record({
      ...saved,
      type: 'api_token.created',
      outcome: 'refused',
      actor: { id: 2 },
      action: '100% done_\\',
    })
    await log.record({ ...saved, type: 'credential.created', target: { type: 'credential', id: '7' }, action: 'Set' })
    const found = async (filter: Parameters<AuditLog['page']>[0]): Promise<readonly number[]> =>
      (await log.page(filter, { limit: 10 })).entries.map(({ sequence }) => sequence)

    const answers = [
      await found({ types: ['credential.'] }),
      await found({ types: ['api_token.', 'provider.configured'] }),
      await found({ types: ['apixtoken.'] }),
      await found({ types: [] }),
      await found({ outcome: 'refused' }),
      await found({ actorId: 1 }),
      await found({ targetType: 'credential', targetId: '7' }),
      await found({ since: new Date('2026-01-01T00:00:01Z'), until: new Date('2026-01-01T00:00:02Z') }),
      await found({ text: '0% DONE' }),
      await found({ text: 'e_\\' }),
      await found({ text: '_' }),
      await found({ text: 'webhook_url' }),
    ]

    expect(answers).toEqual([[3], [2, 1], [], [], [2], [3, 1], [3], [2], [2], [2], [3, 2, 1], [3, 2, 1]])
  })

  it('finds a text in a long log, a part at a time', async () => {
    const database = await open()
    const log = logOf(database)
    await log.record(saved)
    const row = await database.reads.selectFrom('audit_entry').selectAll().executeTakeFirstOrThrow()
    await database.write(async transaction => {
      for (let start = 2; start <= 10_050; start += 1000) {
        const rows = Array.from({ length: Math.min(1000, 10_051 - start) }, (_, index) =>
          Object.assign({}, row, { sequence: start + index, action: (start + index) % 5000 < 2 ? 'Rare' : 'Usual' }),
        )
        await transaction.insertInto('audit_entry').values(rows).execute()
      }
    })

    const first = await log.page({ text: 'rare' }, { limit: 2 })
    const second = await log.page({ text: 'rare' }, { limit: 3, before: first.nextBefore })

    expect(first).toMatchObject({ total: 4, entries: [{ sequence: 10_001 }, { sequence: 10_000 }], nextBefore: 10_000 })
    expect(second.entries.map(({ sequence }) => sequence)).toEqual([5001, 5000])
    expect([second.total, second.nextBefore]).toEqual([4, undefined])
    expect(await log.page({ text: 'nowhere' }, { limit: 2 })).toEqual({ entries: [], total: 0 })
  })

  it('gives one entry, what is about one user, and counts of a time', async () => {
    const log = logOf(await open())
    const first = await log.record(saved)
    await log.record({ type: 'user.updated', actor: {}, target: { type: 'user', id: '1' }, action: 'Changed a user' })
    await log.record({ type: 'user.updated', actor: {}, target: { type: 'user', id: '11' }, action: 'Changed a user' })
    for (const type of ['auth.login.failed', 'auth.login.failed', 'auth.locked'] as const) {
      await log.record({ type, outcome: 'refused', actor: {}, action: 'Failed to sign in' })
    }

    const { entries, total } = await log.page({ userId: 1 }, { limit: 10 })

    expect([await log.entry(1), await log.entry(7)]).toEqual([first, undefined])
    expect([entries.map(({ sequence }) => sequence), total]).toEqual([[2, 1], 2])
    expect(await log.statistics(new Date(Date.UTC(2026, 0, 1, 0, 0, 1)))).toEqual({
      total: 6,
      done: 2,
      refused: 3,
      failedSignIns: 3,
      lockOuts: 1,
      types: [
        { type: 'auth.login.failed', count: 2 },
        { type: 'user.updated', count: 2 },
        { type: 'auth.locked', count: 1 },
      ],
    })
  })

  it('verifies a part from the entry before it', async () => {
    const log = await logOfLength(await open(), 6)

    const parts = [
      await log.verify({ from: 3 }),
      await log.verify({ to: 2 }),
      await log.verify({ from: 2, to: 4 }),
      await log.verify({ from: 7 }),
    ]

    expect(parts).toMatchObject([
      { valid: true, checked: 4 },
      { valid: true, checked: 2 },
      { valid: true, checked: 3 },
      { valid: true, checked: 0 },
    ])
  })

  it('names the entries that are not as they were written', async () => {
    const database = await open()
    const log = await logOfLength(database, 6)

    await tamper(database, sql`update audit_entry set target_id = 'other' where sequence = 2`)
    await tamper(database, sql`delete from audit_entry where sequence = 4`)
    await tamper(database, sql`delete from audit_entry where sequence = 6`)

    expect(await log.verify()).toEqual({
      valid: false,
      checked: 4,
      problemCount: 3,
      problems: [
        { kind: 'changed', sequence: 2, count: 1 },
        { kind: 'missing', sequence: 4, count: 1 },
        { kind: 'missing', sequence: 6, count: 1 },
      ],
    })
    expect(await log.verify({ from: 5, to: 5 })).toMatchObject({ problems: [{ kind: 'missing', sequence: 4 }] })
  })

  it('finds each of 1,000 random changes of the table', { timeout: 180_000 }, async () => {
    const database = await open()
    await logOfLength(database, 24)
    const unnoticed: string[] = []

    for (let trial = 0; trial < 1000; trial += 1) {
      const { name, change } = randomMutation(24)
      const undo = new Error('undo')
      await database
        .write(async transaction => {
          await change(transaction)
          if ((await verifyAuditChain(transaction, key)).valid) unnoticed.push(name)
          throw undo
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error
        })
    }

    expect(unnoticed).toEqual([])
    expect(await verifyAuditChain(database.reads, key)).toMatchObject({ valid: true, checked: 24 })
  })

  it('refuses to go on where its end was changed, and where it is read with another key', async () => {
    const database = await open()
    await logOfLength(database, 3)
    const other = new AuditLog(database, new AuditKey(Buffer.from('another key')))

    const withOtherKey = await other.record(saved).catch((error: unknown) => error)
    await tamper(database, sql`update audit_anchor set sequence = 2`)
    const cutOff = await logOf(database)
      .record(saved)
      .catch((error: unknown) => error)
    await tamper(database, sql`delete from audit_anchor`)
    const withoutEnd = await logOf(database)
      .record(saved)
      .catch((error: unknown) => error)

    for (const refused of [withOtherKey, cutOff, withoutEnd]) {
      expect(refused).toMatchObject({ code: 'ST_AUDIT_ANCHOR_INVALID' })
    }
    expect(await logOf(database).verify()).toMatchObject({ valid: false })
  })

  it('finds by a receipt that the log was put back to an earlier state, its anchor too', async () => {
    const database = await open()
    const log = await logOfLength(database, 3)
    const anchor = await database.reads.selectFrom('audit_anchor').selectAll().executeTakeFirstOrThrow()
    await log.record(saved)
    const receipt = await log.receipt()

    const before = await log.verify({ receipt })
    await tamper(database, sql`delete from audit_entry where sequence = 4`)
    await tamper(
      database,
      sql`update audit_anchor set sequence = 3, hash = ${anchor.hash}, signature = ${anchor.signature}`,
    )

    expect(before.valid).toBe(true)
    expect(await log.verify()).toMatchObject({ valid: true })
    expect(await log.verify({ receipt })).toMatchObject({ problems: [{ kind: 'receipt', sequence: 4 }] })
    expect(await log.verify({ receipt: { ...receipt, sequence: 3 } })).toMatchObject({ valid: false })
  })

  it('gives out all entries of the moment it is asked, over several parts', async () => {
    const database = await open()
    const log = await logOfLength(database, 3)
    await database.write(async transaction => {
      for (let index = 0; index < 1020; index += 1) await log.append(transaction, saved)
    })

    const { entries, receipt } = await log.export()
    await log.record(saved)
    const sequences: number[] = []
    for await (const { sequence } of entries) sequences.push(sequence)

    expect(sequences).toEqual(Array.from({ length: 1023 }, (_, index) => index + 1))
    expect(receipt.sequence).toBe(1023)
    expect(await log.verify({ receipt })).toMatchObject({ valid: true, checked: 1024 })
  })

  it('removes what was exported and is older than a date, and verifies as before', async () => {
    const database = await open()
    const log = await logOfLength(database, 6)
    const early = await log.receipt()
    await log.record(saved)
    const { receipt } = await log.export()

    const removed = await log.removeExported(new Date('2026-01-01T00:00:04Z'), receipt, ann)
    const again = await log.removeExported(new Date('2026-01-01T00:00:04Z'), receipt, ann)
    const { entries } = await log.page({}, { limit: 10 })

    expect([removed, again]).toEqual([4, 0])
    expect(entries.map(({ sequence, type }) => [sequence, type])).toEqual([
      [8, 'audit.removed'],
      [7, 'provider.configured'],
      [6, 'provider.configured'],
      [5, 'provider.configured'],
    ])
    expect(entries[0]?.details).toEqual({ first: 1, last: 4, before: '2026-01-01T00:00:04.000Z' })
    expect(await log.verify({ receipt: early })).toMatchObject({ valid: true, checked: 4 })
    expect(await log.verify({ from: 1, to: 5 })).toMatchObject({ valid: true, checked: 1 })
    await tamper(database, sql`delete from audit_entry where sequence = 5`)
    expect(await log.verify()).toMatchObject({ problems: [{ kind: 'missing', sequence: 5 }] })
  })

  it('removes nothing that was not exported, not without its own receipt, and not what was tampered with', async () => {
    const database = await open()
    const log = await logOfLength(database, 3)
    const receipt = await log.receipt()
    await log.record(saved)
    const later = new Date('2027-01-01')

    const forged = log.removeExported(later, { ...receipt, sequence: 4 }, ann)
    await expect(forged).rejects.toMatchObject({ code: 'ST_AUDIT_RECEIPT_INVALID' })
    await tamper(database, sql`update audit_entry set actor_ip = '10.0.0.2' where sequence = 2`)
    await expect(log.removeExported(later, receipt, ann)).rejects.toMatchObject({ code: 'ST_AUDIT_TAMPERED' })
    await tamper(database, sql`update audit_entry set actor_ip = '10.0.0.1' where sequence = 2`)

    expect(await log.removeExported(later, receipt, ann)).toBe(3)
    expect((await log.page({}, { limit: 10 })).entries.map(({ sequence }) => sequence)).toEqual([5, 4])
    expect(await log.verify()).toMatchObject({ valid: true })
  })

  it('is one chain when two processes write 200 events each', async () => {
    const location = await locate()
    const database = await openAt(location)

    await Promise.all([writeElsewhere(location, 200), writeElsewhere(location, 200)])

    expect(await verifyAuditChain(database.reads, key)).toEqual({
      valid: true,
      checked: 400,
      problemCount: 0,
      problems: [],
    })
  })
})

async function writeElsewhere(location: string, count: number): Promise<void> {
  const child = fork(new URL('__fixtures__/write-events.ts', import.meta.url), [location, String(count)], {
    execArgv: ['--conditions=@st/source'],
  })
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
}

interface Mutation {
  readonly name: string
  readonly change: (transaction: Transaction<Schema>) => Promise<unknown>
}

const textColumns = [
  'occurred_at',
  'event_type',
  'outcome',
  'actor_name',
  'actor_ip',
  'target_type',
  'target_id',
  'request_id',
  'action',
  'details',
  'previous_hash',
  'hash',
] as const

/** One of the ways to change a table of that many entries. */
function randomMutation(length: number): Mutation {
  const at = randomInt(1, length + 1)
  const other = ((at + randomInt(0, length - 1)) % length) + 1
  const column = textColumns[randomInt(textColumns.length)] ?? 'hash'
  const run = (query: ReturnType<typeof sql>) => (transaction: Transaction<Schema>) => query.execute(transaction)
  const mutations: readonly Mutation[] = [
    {
      name: `edit ${column}`,
      change: run(sql`update audit_entry set ${sql.ref(column)} = ${sql.ref(column)} || ' ' where sequence = ${at}`),
    },
    {
      name: `empty ${column}`,
      change: run(sql`update audit_entry set ${sql.ref(column)} = '' where sequence = ${at}`),
    },
    { name: 'edit actor', change: run(sql`update audit_entry set actor_id = actor_id + 1 where sequence = ${at}`) },
    { name: 'forget actor', change: run(sql`update audit_entry set actor_id = null where sequence = ${at}`) },
    { name: 'renumber', change: run(sql`update audit_entry set sequence = ${length + at} where sequence = ${at}`) },
    { name: 'delete one', change: run(sql`delete from audit_entry where sequence = ${at}`) },
    { name: 'cut the tail', change: run(sql`delete from audit_entry where sequence >= ${at}`) },
    { name: 'cut the head', change: run(sql`delete from audit_entry where sequence <= ${at}`) },
    {
      name: 'move text between columns',
      change: run(
        sql`update audit_entry set actor_name = actor_name || actor_ip, actor_ip = '' where sequence = ${at}`,
      ),
    },
    { name: 'swap', change: transaction => swap(transaction, at, other) },
    {
      name: 'append a copy',
      change: run(sql`
        insert into audit_entry
        select ${length + 1}, occurred_at, event_type, outcome, actor_id, actor_name, actor_ip, target_type, target_id,
          request_id, action, details, previous_hash, hash from audit_entry where sequence = ${at}`),
    },
    {
      name: 'cut the tail and move the anchor',
      change: async transaction => {
        await sql`delete from audit_entry where sequence >= ${at}`.execute(transaction)
        await sql`update audit_anchor set sequence = ${at - 1}`.execute(transaction)
      },
    },
    { name: 'forget the anchor', change: run(sql`delete from audit_anchor`) },
  ]
  return mutations[randomInt(mutations.length)] ?? randomMutation(length)
}

async function swap(transaction: Transaction<Schema>, one: number, other: number): Promise<void> {
  const move = (from: number, to: number): Promise<unknown> =>
    sql`update audit_entry set sequence = ${to} where sequence = ${from}`.execute(transaction)
  if (one === other) {
    await move(one, 1000)
    return
  }
  await move(one, 1000)
  await move(other, one)
  await move(1000, other)
}
