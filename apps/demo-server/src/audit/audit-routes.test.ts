import { describe, expect, it } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'
import type { AuditReceipt } from './audit-chain.ts'
import { type AuditEntry, auditEventTypes } from './audit-event.ts'

interface Page {
  readonly entries: readonly AuditEntry[]
  readonly total: number
  readonly nextCursor?: string
}

async function page(server: RunningServer, path: string): Promise<Page> {
  const response = await server.send(path)
  expect(response.status).toBe(200)
  // As the routes declare.
  return (await response.json()) as Page
}

/** A server whose log has an entry for each step: two of Ann's, one about her, one of nobody. */
async function world(): Promise<{ server: RunningServer; annId: number }> {
  const server = await runServer()
  const { id: annId } = await server.makeUser('ann', 'viewer')
  const { audit } = server.services
  const actor = { id: annId, name: 'ann', ip: '10.0.0.1', requestId: 'r' }
  await audit.record({ type: 'credential.created', actor, action: 'Stored a 100% new credential', details: { a: 1 } })
  await audit.record({ type: 'credential.deleted', outcome: 'refused', actor, action: 'Deleted a credential' })
  await audit.record({
    type: 'user.updated',
    actor: { id: server.admin.id },
    target: { type: 'user', id: String(annId) },
    action: 'Changed a user',
  })
  await audit.record({ type: 'auth.login.failed', outcome: 'refused', actor: {}, action: 'Failed to sign in' })
  return { server, annId }
}

describe('GET /api/audit', () => {
  it('gives what matches, newest first', async () => {
    const { server, annId } = await world()
    await using _ = server
    const of = async (query: string): Promise<readonly string[]> => {
      const { entries } = await page(server, `/api/audit?limit=5&${query}`)
      return entries.map(({ type }) => type)
    }

    const found = [
      await of('type=credential.'),
      await of('type=credential.created,auth.'),
      await of('outcome=refused&type=credential.'),
      await of(`actor=${annId}`),
      await of(`targetType=user&targetId=${annId}&type=user.updated`),
      await of('text=100%25%20NEW'),
      await of('until=2020-01-01T00:00:00Z'),
      await of('since=2020-01-01T00:00:00%2B02:00&type=auth.'),
    ]

    expect(found).toEqual([
      ['credential.deleted', 'credential.created'],
      ['auth.login.failed', 'credential.created'],
      ['credential.deleted'],
      ['credential.deleted', 'credential.created'],
      ['user.updated'],
      ['credential.created'],
      [],
      ['auth.login.failed'],
    ])
  })

  it('gives a part at a time with the number of all, and keeps a cursor to its filter and caller', async () => {
    const { server } = await world()
    await using _ = server
    const other = await server.makeUser('other', 'admin')

    const first = await page(server, '/api/audit?type=credential.&limit=1')
    const cursor = encodeURIComponent(first.nextCursor ?? '')
    const second = await page(server, `/api/audit?type=credential.&limit=1&cursor=${cursor}`)
    const foreign = await Promise.all([
      server.send(`/api/audit?cursor=${cursor}`),
      server.send(`/api/audit/security?cursor=${cursor}`),
      server.send(`/api/audit?type=credential.&cursor=${cursor}`, { as: other }),
    ])

    expect([first.total, first.entries[0]?.type, second.total, second.entries[0]?.type, second.nextCursor]).toEqual([
      2,
      'credential.deleted',
      2,
      'credential.created',
      undefined,
    ])
    expect(foreign.map(({ status }) => status)).toEqual([400, 400, 400])
  })

  it('refuses a filter that is none', async () => {
    await using server = await runServer()
    const queries = [
      'type=DROP',
      'outcome=x',
      'actor=0',
      'since=2026-01-01',
      'since=2016-12-31T23:59:60Z',
      'text=',
      'limit=500',
      'filter=x',
    ]

    const answers = await Promise.all(queries.map(async query => (await server.send(`/api/audit?${query}`)).status))

    expect(answers).toEqual(queries.map(() => 400))
  })
})

describe('views of the log', () => {
  it('give one entry, or say that there is none', async () => {
    const { server } = await world()
    await using _ = server
    const [last] = (await page(server, '/api/audit?limit=1')).entries

    const found = await server.send(`/api/audit/${last?.sequence}`)
    const missing = await server.send('/api/audit/999')

    expect(await found.json()).toEqual(last)
    expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'ENTRY_NOT_FOUND' }])
  })

  it('give what a user did and what was done to the user', async () => {
    const { server, annId } = await world()
    await using _ = server

    const { entries, total } = await page(server, `/api/audit/user/${annId}?limit=3`)

    expect(entries.map(({ type }) => type)).toEqual(['user.updated', 'credential.deleted', 'credential.created'])
    expect(total).toBe(5)
  })

  it('give failed sign-ins and refused requests', async () => {
    const { server } = await world()
    await using _ = server
    const viewer = await server.makeUser('viewer', 'viewer')
    await server.send('/api/audit', { as: viewer })

    const { entries } = await page(server, '/api/audit/security')

    expect(entries.map(({ type }) => type)).toEqual(['security.permission_denied', 'auth.login.failed'])
  })

  it('count the last 24 hours', async () => {
    const { server } = await world()
    await using _ = server
    server.pass(24 * 60 + 1)
    const name = 'nobody'
    for (let count = 0; count < 5; count++) {
      await server.send('/api/session', { as: null, json: { name, password: 'wrong password' } })
    }

    const response = await server.send('/api/audit/stats')

    expect(await response.json()).toEqual({
      since: expect.stringMatching(/Z$/),
      total: 13,
      done: 0,
      refused: 5,
      failedSignIns: 5,
      lockOuts: 1,
      types: [
        { type: 'auth.login.failed', count: 4 },
        { type: 'auth.locked', count: 1 },
      ],
    })
  })

  it('name every type of event', async () => {
    await using server = await runServer()

    expect(await (await server.send('/api/audit/types')).json()).toEqual({ types: auditEventTypes })
  })

  it('are closed to who may not audit', async () => {
    await using server = await runServer()
    const as = await server.makeUser('operator', 'operator')
    const paths = ['', '/1', '/stats', '/types', '/user/1', '/security', '/verify', '/export?format=csv']

    const answers = await Promise.all(paths.map(path => server.send(`/api/audit${path}`, { as })))
    const changes = await Promise.all(
      ['verify', 'remove-exported'].map(path => server.send(`/api/audit/${path}`, { as, json: {} })),
    )

    expect([...answers, ...changes].map(({ status }) => status)).toEqual(Array(10).fill(403))
  })
})

describe('verification', () => {
  async function verify(server: RunningServer, query = '', json?: unknown): Promise<unknown> {
    return (await server.send(`/api/audit/verify${query}`, { json })).json()
  }

  it('finds an entry that was changed, and nothing in the parts beside it', async () => {
    const { server } = await world()
    await using _ = server
    const before = await verify(server)
    await server.services.database.write(transaction =>
      transaction.updateTable('audit_entry').set({ actor_name: 'eve' }).where('sequence', '=', 3).execute(),
    )

    expect(before).toEqual({ valid: true, checked: 8, problemCount: 0, problems: [] })
    expect(await verify(server)).toMatchObject({ valid: false, problems: [{ kind: 'changed', sequence: 3 }] })
    expect(await verify(server, '?from=4')).toMatchObject({ valid: true, checked: 5 })
    expect(await verify(server, '?from=1&to=2')).toMatchObject({ valid: true, checked: 2 })
    expect(await verify(server, '', { from: 3, to: 3 })).toMatchObject({ valid: false, checked: 1 })
  })

  it('finds by a receipt what the chain alone does not show', async () => {
    const { server } = await world()
    await using _ = server
    const receipt = await server.services.audit.receipt()

    expect(await verify(server, '', { receipt })).toMatchObject({ valid: true })
    expect(await verify(server, '', { receipt: { ...receipt, hash: '0'.repeat(64) } })).toMatchObject({
      valid: false,
      problems: [{ kind: 'receipt' }],
    })
    expect((await server.send('/api/audit/verify', { json: { receipt, extra: 1 } })).status).toBe(400)
  })
})

describe('POST /api/audit/remove-exported', () => {
  it('removes what was exported before a date, says how much, and leaves a log that verifies', async () => {
    const { server } = await world()
    await using _ = server
    const receipt = await server.services.audit.receipt()
    await server.services.audit.record({ type: 'auth.logout', actor: {}, action: 'Signed out' })

    const response = await server.send('/api/audit/remove-exported', {
      json: { before: '2099-01-01T00:00:00Z', receipt },
    })

    expect([response.status, await response.json()]).toEqual([200, { removed: 8 }])
    expect(await (await server.send('/api/audit/verify')).json()).toMatchObject({ valid: true, checked: 2 })
    expect((await server.send('/api/audit/1')).status).toBe(404)
    expect((await page(server, '/api/audit')).entries).toMatchObject([
      { type: 'audit.removed', actorName: 'admin', details: { first: 1, last: 8 } },
      { type: 'auth.logout' },
    ])
  })

  it('removes nothing for a receipt of another log, nor from a log that was changed, on record', async () => {
    const { server } = await world()
    await using _ = server
    const receipt = await server.services.audit.receipt()
    const remove = async (given: AuditReceipt): Promise<unknown> => {
      const json = { before: '2099-01-01T00:00:00Z', receipt: given }
      const response = await server.send('/api/audit/remove-exported', { json })
      return [response.status, await response.json()]
    }

    const foreign = await remove({ ...receipt, sequence: receipt.sequence + 1 })
    await server.services.database.write(transaction =>
      transaction.updateTable('audit_entry').set({ action: 'Nothing' }).where('sequence', '=', 3).execute(),
    )
    const tampered = await remove(receipt)

    expect([foreign, tampered]).toMatchObject([
      [400, { code: 'ST_AUDIT_RECEIPT_INVALID' }],
      [409, { code: 'ST_AUDIT_TAMPERED' }],
    ])
    expect(await page(server, '/api/audit?type=audit.&limit=5')).toMatchObject({
      total: 2,
      entries: [
        { outcome: 'refused', details: { code: 'ST_AUDIT_TAMPERED' } },
        { outcome: 'refused', details: { code: 'ST_AUDIT_RECEIPT_INVALID' } },
      ],
    })
  })

  it('takes a fresh password in a session', async () => {
    await using server = await runServer()
    const browser = await openBrowser(server, server.admin)
    server.pass(5)

    const response = await browser.send('/api/audit/remove-exported', {})

    expect([response.status, await response.json()]).toMatchObject([403, { code: 'PASSWORD_NEEDED' }])
  })
})
