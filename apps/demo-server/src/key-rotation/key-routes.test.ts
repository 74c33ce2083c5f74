import { describe, expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'
import type { RotationProgress } from './rotation-progress.ts'

async function addCredentials(server: RunningServer, count: number): Promise<void> {
  const { credentials } = server.services
  for (let index = 0; index < count; index += 1) {
    const slot = { userId: server.admin.id, provider: 'p', name: String(index) }
    await credentials.set(slot, { value: `value ${index}` }, { name: 'test' })
  }
}

function post(server: RunningServer, path = ''): Promise<readonly [number, unknown]> {
  return told(server.send(`/api/keys/rotation${path}`, { method: 'POST' }))
}

/** The events, to the end of the stream. */
async function eventsOf(response: Response): Promise<readonly { readonly name: string; readonly data: unknown }[]> {
  const text = await response.text()
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(([, name = '', data = '']) => ({
    name,
    data: JSON.parse(data) as unknown,
  }))
}

describe('/api/keys', () => {
  it('tells of the key where it is, which it is and how old it is, and not the key', async () => {
    await using server = await runServer()
    server.pass(3 * 24 * 60)

    const [status, body] = await told(server.send('/api/keys'))

    expect([status, body]).toEqual([
      200,
      {
        source: 'file',
        fingerprint: server.services.key.cipher.keyFingerprint,
        since: expect.stringMatching(/Z$/),
        ageDays: 3,
      },
    ])
  })

  it('is for who may change keys, with a fresh password in a session', async () => {
    await using server = await runServer()
    const operator = await server.makeUser('ann', 'operator')
    const browser = await openBrowser(server, server.admin)
    server.pass(5)

    const stale = await told(browser.send('/api/keys/rotation', undefined, 'POST'))
    const answers = await Promise.all([
      told(server.send('/api/keys', { as: operator })),
      told(server.send('/api/keys/rotation', { as: operator, method: 'POST' })),
      told(server.send('/api/keys/rotation/pause', { as: operator, method: 'POST' })),
      told(server.send('/api/keys/rotation/resume', { as: operator, method: 'POST' })),
      told(server.send('/api/keys/rotation', { as: operator })),
      told(server.send('/api/keys/rotation/events', { as: operator })),
    ])

    expect(stale).toEqual([403, 'PASSWORD_NEEDED'])
    expect(new Set(answers.map(answer => JSON.stringify(answer)))).toEqual(new Set(['[403,"PERMISSION_NEEDED"]']))
  })
})

describe('a rotation of the key', () => {
  it('runs in the background to its end, which its events tell', async () => {
    await using server = await runServer()
    await addCredentials(server, 25)
    const before = server.services.key.cipher.keyFingerprint

    const [status, begun] = await post(server)
    const events = await eventsOf(await server.send('/api/keys/rotation/events'))
    const [, after] = await told(server.send('/api/keys/rotation'))
    const [, key] = await told(server.send('/api/keys'))

    const fingerprint = server.services.key.cipher.keyFingerprint
    const ended = { state: 'done', processed: 25, total: 25, failed: 0, progress: 1, fingerprint }
    expect([status, begun]).toMatchObject([202, { state: 'reencrypting', total: 25, processed: 0, progress: 0 }])
    expect(events.at(-1)).toMatchObject({ name: 'end', data: ended })
    expect(after).toMatchObject(ended)
    expect(key).toMatchObject({ fingerprint, ageDays: 0, rotation: ended })
    expect(fingerprint).not.toBe(before)
    expect(await recorded(server, 'credential.key.rotated')).toMatchObject([
      { action: 'Began to change the key', actorName: 'admin' },
      { action: 'Rotated the key', outcome: 'done' },
    ])
    // By itself it is looked for work every 30 seconds.
  }, 20_000)

  it('is paused and goes on, one at a time', async () => {
    await using server = await runServer()
    await addCredentials(server, 5)
    // Not by a request, after which the work would be done at once.
    await server.services.keyRotation.begin({ name: 'test' })

    const second = await post(server)
    const paused = await post(server, '/pause')
    const [, waiting] = await told(server.send('/api/keys/rotation'))
    const resumed = await post(server, '/resume')
    const events = await eventsOf(await server.send('/api/keys/rotation/events'))
    const over = [await post(server, '/pause'), await post(server, '/resume')]

    expect(second).toEqual([409, 'ROTATION_RUNNING'])
    expect([paused, waiting, resumed]).toMatchObject([
      [200, { isPaused: true }],
      { isPaused: true },
      [200, { isPaused: false }],
    ])
    expect((waiting as RotationProgress).rate).toBeUndefined()
    expect(events.at(-1)).toMatchObject({ name: 'end', data: { state: 'done', processed: 5 } })
    expect(over).toEqual([
      [409, 'NO_ROTATION'],
      [409, 'NO_ROTATION'],
    ])
  }, 20_000)

  it('that there was none of is told, and its events end at once', async () => {
    await using server = await runServer()

    const missing = await told(server.send('/api/keys/rotation'))
    const response = await server.send('/api/keys/rotation/events')

    expect(missing).toEqual([404, 'NO_ROTATION'])
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ])
    expect(await eventsOf(response)).toEqual([{ name: 'end', data: null }])
  })

  it('that is paused does not keep the server from closing, and neither does who watches it', async () => {
    const server = await runServer()
    await server.services.keyRotation.begin({ name: 'test' })
    await post(server, '/pause')

    const response = await server.send('/api/keys/rotation/events')
    await server[Symbol.asyncDispose]()

    // One that has to be cut off is read with an error.
    expect(await eventsOf(response)).toMatchObject([{ name: 'progress', data: { isPaused: true } }])
  })
})
