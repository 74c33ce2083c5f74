import { describe, expect, it } from 'vitest'
import { type Browser, openBrowser } from '../testing/browser.ts'
import { runServer } from '../testing/running-server.ts'

interface Listed {
  readonly id: number
  readonly isCurrent: boolean
}

async function sessionsOf(browser: Browser): Promise<readonly Listed[]> {
  const response = await browser.send('/api/users/me/sessions')
  // As the route declares.
  return ((await response.json()) as { sessions: Listed[] }).sessions
}

const isSignedIn = async (browser: Browser): Promise<boolean> => (await browser.send('/api/session')).status === 200

describe('one’s own sessions', () => {
  it('are listed, the one that asks marked, without what is in the cookie', async () => {
    await using server = await runServer()
    const [here, there] = [await openBrowser(server, server.admin), await openBrowser(server, server.admin)]

    const response = await here.send('/api/users/me/sessions')
    const text = await response.text()

    expect(JSON.parse(text)).toEqual({
      sessions: [
        expect.objectContaining({ isCurrent: false, ip: '127.0.0.1' }),
        expect.objectContaining({ isCurrent: true, ip: '127.0.0.1' }),
      ],
    })
    for (const { cookie } of [here, there]) expect(text).not.toContain(cookie.slice(-43))
  })

  it('are ended, all but the one that asks', async () => {
    await using server = await runServer()
    const here = await openBrowser(server, server.admin)
    const others = [await openBrowser(server, server.admin), await openBrowser(server, server.admin)]

    const response = await here.send('/api/users/me/sessions', undefined, 'DELETE')

    expect([response.status, await response.json()]).toEqual([200, { ended: 2 }])
    expect(await Promise.all([here, ...others].map(isSignedIn))).toEqual([true, false, false])
  })

  it('are ended one by one, and nobody else’s with them', async () => {
    await using server = await runServer()
    const ann = await openBrowser(server, await server.makeUser('ann', 'viewer'))
    const admin = await openBrowser(server, server.admin)
    const [annSession] = await sessionsOf(ann)
    const path = `/api/users/me/sessions/${annSession?.id}`

    const foreign = await admin.send(path, undefined, 'DELETE')
    const still = await isSignedIn(ann)
    const own = await ann.send(path, undefined, 'DELETE')

    expect([foreign.status, await foreign.json()]).toMatchObject([404, { code: 'SESSION_NOT_FOUND' }])
    expect([still, own.status, await isSignedIn(ann)]).toEqual([true, 204, false])
    const { entries } = await server.services.audit.page({ types: ['session.revoked'] }, { limit: 10 })
    expect(entries).toMatchObject([
      { outcome: 'done', actorName: 'ann' },
      { outcome: 'refused', actorName: 'admin', details: { code: 'SESSION_NOT_FOUND' } },
    ])
  })
})

describe('sessions of a user', () => {
  it('are seen and ended by an administrator', async () => {
    await using server = await runServer()
    const user = await server.makeUser('ann', 'viewer')
    const ann = [await openBrowser(server, user), await openBrowser(server, user)]
    const path = `/api/users/${user.id}/sessions`

    const listed = await server.send(path)
    // As the route declares.
    const { sessions } = (await listed.json()) as { sessions: Listed[] }
    const one = await server.send(`${path}/${sessions[0]?.id}`, { method: 'DELETE' })
    const rest = await server.send(path, { method: 'DELETE' })

    expect(sessions.map(({ isCurrent }) => isCurrent)).toEqual([false, false])
    expect([one.status, rest.status, await rest.json()]).toEqual([204, 200, { ended: 1 }])
    expect(await Promise.all(ann.map(isSignedIn))).toEqual([false, false])
  })

  it('of a user who is not there are not found', async () => {
    await using server = await runServer()

    const answers = await Promise.all([
      server.send('/api/users/99/sessions'),
      server.send('/api/users/99/sessions', { method: 'DELETE' }),
      server.send('/api/users/99/sessions/1', { method: 'DELETE' }),
    ])

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
  })
})
