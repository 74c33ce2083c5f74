import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { runServer, type RunningServer } from '../testing/running-server.ts'

async function lines(response: Response): Promise<readonly Record<string, unknown>[]> {
  const body = await response.text()
  expect(body.endsWith('\n')).toBe(true)
  // One object a line, as the route promises.
  return body
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
}

/** `fetch` does not give trailers. */
async function exportCsv(
  server: RunningServer,
  query = '',
): Promise<{ readonly body: string; readonly receipt: string | undefined }> {
  const headers = { authorization: `Bearer ${server.admin.token}` }
  const { promise, resolve, reject } = Promise.withResolvers<{ body: string; receipt: string | undefined }>()
  get(`${server.url}/api/audit/export?format=csv${query}`, { headers }, response => {
    text(response).then(body => resolve({ body, receipt: response.trailers['audit-receipt'] }), reject)
  }).on('error', reject)
  return promise
}

describe('GET /api/audit/export', () => {
  it('sends every entry, its own too, and the receipt in the last line', async () => {
    await using server = await runServer()

    const response = await server.send('/api/audit/export?format=ndjson')
    const [last, ...entries] = (await lines(response)).toReversed()
    const removed = await server.send('/api/audit/remove-exported', {
      json: { before: '2099-01-01T00:00:00Z', receipt: last?.['receipt'] },
    })

    expect([response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([
      'application/x-ndjson; charset=utf-8',
      expect.stringMatching(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.ndjson"$/),
    ])
    expect(entries.map(({ type }) => type)).toEqual(['audit.exported', 'api_token.created', 'user.created'])
    expect(entries[0]).toMatchObject({ actorName: 'admin', requestId: response.headers.get('x-request-id') })
    expect(await removed.json()).toEqual({ removed: 3 })
  })

  it('sends a table, with the receipt after its end', async () => {
    await using server = await runServer()
    await server.services.audit.record({ type: 'auth.logout', actor: { name: '=cmd' }, action: 'x "y"\r\nz' })

    const { body, receipt } = await exportCsv(server)

    expect(body.split('\r\n')[0]).toMatch(/^sequence,occurredAt,type/)
    expect(body).toContain(`"'=cmd"`)
    expect(body).toContain('"x ""y""\r\nz"')
    expect(JSON.parse(receipt ?? '{}')).toEqual({
      sequence: 4,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('sends a part without a receipt', async () => {
    await using server = await runServer()

    const response = await server.send('/api/audit/export?format=ndjson&type=user.')
    const csv = await exportCsv(server, '&type=user.')

    expect(await lines(response)).toMatchObject([{ type: 'user.created' }])
    expect(csv.body.trimEnd().split('\r\n')).toHaveLength(2)
    expect(csv.receipt).toBeUndefined()
  })

  it('sends a long log whole', async () => {
    await using server = await runServer()
    const { audit, database } = server.services
    const event = { type: 'auth.logout', actor: { name: 'x'.repeat(200) }, action: 'Signed out' } as const
    await database.write(async transaction => {
      for (let count = 0; count < 1200; count++) await audit.append(transaction, event)
    })

    const sent = await lines(await server.send('/api/audit/export?format=ndjson'))

    const sequences = sent.slice(0, -1).map(({ sequence }) => sequence)
    expect(sequences).toEqual(Array.from({ length: 1203 }, (_, index) => index + 1))
  })

  it('goes on serving when who asked for it goes away', async () => {
    await using server = await runServer()
    const { audit, database } = server.services
    await database.write(async transaction => {
      for (let count = 0; count < 600; count++) {
        await audit.append(transaction, { type: 'auth.logout', actor: {}, action: 'x'.repeat(2000) })
      }
    })
    const leaving = new AbortController()

    const response = await fetch(`${server.url}/api/audit/export?format=csv`, {
      headers: { authorization: `Bearer ${server.admin.token}` },
      signal: leaving.signal,
    })
    leaving.abort()

    await expect(response.text()).rejects.toThrow('aborted')
    expect((await server.send('/api/audit/stats')).status).toBe(200)
    expect(server.failures).toEqual([])
  })

  it('is no export without a format, or as HEAD', async () => {
    await using server = await runServer()

    const answers = [
      await server.send('/api/audit/export'),
      await server.send('/api/audit/export?format=xml'),
      await server.send('/api/audit/export?format=csv', { method: 'HEAD' }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect((await server.services.audit.page({ types: ['audit.'] }, { limit: 1 })).total).toBe(0)
  })
})
