import { describe, expect, it } from 'vitest'
import { runServer, type RunningServer } from '../testing/running-server.ts'

function set(
  server: RunningServer,
  key: string,
  { value = 'x', name = 'A', as = server.admin } = {},
): Promise<Response> {
  return server.send(`/api/secrets/${name}`, { as, json: { value }, headers: { 'idempotency-key': key } })
}

async function changes(server: RunningServer): Promise<number> {
  const { total } = await server.services.audit.page({ types: ['secret.set'] }, { limit: 1 })
  return total
}

describe('a POST with an Idempotency-Key', () => {
  it('is carried out once and answered alike each time', async () => {
    await using server = await runServer()

    const first = await set(server, 'k1')
    const second = await set(server, 'k1')

    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ])
    expect([second.status, await second.json()]).toEqual([first.status, await first.json()])
    expect(await changes(server)).toBe(1)
  })

  it('is carried out once also when both come at the same time', async () => {
    await using server = await runServer()

    const statuses = (await Promise.all(Array.from({ length: 5 }, () => set(server, 'k1')))).map(({ status }) => status)

    expect(statuses.filter(status => status !== 200 && status !== 409)).toEqual([])
    expect(await changes(server)).toBe(1)
  })

  it('is refused when it is another request', async () => {
    await using server = await runServer()
    await set(server, 'k1')

    const answers = [await set(server, 'k1', { value: 'y' }), await set(server, 'k1', { name: 'B' })]

    expect(answers.map(({ status }) => status)).toEqual([422, 422])
    expect(await changes(server)).toBe(1)
  })

  it('is another one for another user, and a day later', async () => {
    await using server = await runServer()
    const other = await server.makeUser('other', 'operator')

    await set(server, 'k1')
    const elsewhere = await set(server, 'k1', { as: other })
    server.pass(24 * 60 + 1)
    const later = await set(server, 'k1')

    expect([elsewhere, later].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, null])
  })

  it.each([
    ['', 400],
    ['k'.repeat(256), 400],
  ])('of no or too many characters is refused: %#', async (key, status) => {
    await using server = await runServer()

    expect((await set(server, key)).status).toBe(status)
  })

  it('is tried again when the server failed', async () => {
    await using server = await runServer({
      providers: [
        {
          name: 'flaky',
          isAvailable: () => true,
          getSecret: async () => undefined,
          setSecret: failingOnce(),
        },
      ],
    })

    const failed = await set(server, 'k1')
    const second = await set(server, 'k1')

    expect(failed.status).toBeGreaterThanOrEqual(500)
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, null])
  })
})

function failingOnce(): () => Promise<void> {
  let calls = 0
  return async () => {
    calls += 1
    if (calls === 1) throw new Error('the disk has gone')
  }
}
