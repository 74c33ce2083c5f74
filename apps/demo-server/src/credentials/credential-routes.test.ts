import { describe, expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer, type TestRequest, type TestUser } from '../testing/running-server.ts'
import type { CredentialValidator } from './credential-validator.ts'

const canary = 'canary-cc19f4e0'

/** A service that knows one token. */
const validator: CredentialValidator = {
  provider: 'replicate',
  name: 'api_token',
  validate: async value => (value === `r8_${canary}` ? { outcome: 'valid', account: 'acme' } : { outcome: 'invalid' }),
}

/** The same things at two addresses. */
const addresses = [
  ['one’s own credentials', '/api/users/me', 'ann'],
  ['credentials of a user', '/api/users/:id', 'admin'],
] as const

interface Sender {
  readonly ann: TestUser
  readonly as: TestUser
  /** Of the credentials. */
  readonly path: string
  readonly send: (path?: string, init?: TestRequest) => Promise<Response>
}

async function senderOn(server: RunningServer, pattern: string, by: string): Promise<Sender> {
  const ann = await server.makeUser('ann', 'viewer')
  const as = by === 'ann' ? ann : server.admin
  const path = `${pattern.replace(':id', String(ann.id))}/credentials`
  return { ann, as, path, send: (rest = '', init = {}) => server.send(path + rest, { as, ...init }) }
}

describe.each(addresses)('%s', (_, pattern, by) => {
  it('are stored, viewed, described, switched, restored and removed, and no value is in any answer or log', async () => {
    await using server = await runServer({ credentialValidators: [validator] })
    const { ann, as, send } = await senderOn(server, pattern, by)
    const slot = '/replicate/api_token'
    const name = { provider: 'replicate', name: 'api_token' }
    const shown = { ...name, userId: ann.id, status: 'active' }
    const texts: string[] = []
    const answer = async (rest: string, init?: TestRequest): Promise<readonly [number, unknown]> => {
      const response = await send(rest, init)
      texts.push(await response.clone().text())
      return told(response)
    }

    const answers = {
      stored: await answer('', { json: { ...name, value: `r8_${canary}`, description: 'mine' } }),
      again: await answer('', { json: { ...name, value: `r8_${canary}-2` } }),
      listed: await answer(''),
      viewed: await answer(slot),
      described: await answer(slot, { method: 'PATCH', json: { description: null } }),
      deactivated: await answer(`${slot}/deactivate`, { method: 'POST' }),
      unusable: await answer(`${slot}/validate`, { method: 'POST' }),
      activated: await answer(`${slot}/activate`, { method: 'POST' }),
      refused: await answer(`${slot}/validate`, { method: 'POST' }),
      history: await answer(`${slot}/history`),
      restored: await answer(`${slot}/restore`, { json: { version: 1 } }),
      valid: await answer(`${slot}/validate`, { method: 'POST' }),
      deleted: await answer(slot, { method: 'DELETE' }),
      gone: await answer(slot),
    }

    expect(answers).toMatchObject({
      stored: [201, { ...shown, version: 1, description: 'mine', isActive: true }],
      again: [200, { ...shown, version: 2, description: 'mine' }],
      listed: [200, { credentials: [{ ...shown, version: 2 }] }],
      viewed: [200, shown],
      described: [200, { ...shown, description: null }],
      deactivated: [200, { ...shown, isActive: false }],
      unusable: [409, 'CREDENTIAL_NOT_USABLE'],
      activated: [200, { ...shown, isActive: true }],
      refused: [200, { valid: false, outcome: 'invalid' }],
      history: [
        200,
        {
          versions: [
            { version: 2, createdBy: as.name },
            { version: 1, createdBy: as.name },
          ],
        },
      ],
      restored: [200, { ...shown, version: 3 }],
      valid: [200, { valid: true, outcome: 'valid', account: 'acme' }],
      deleted: [204, undefined],
      gone: [404, 'CREDENTIAL_NOT_FOUND'],
    })
    const entries = await recorded(server, 'credential.')
    expect(entries.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
      'credential.created done',
      'credential.updated done',
      'credential.updated done',
      'credential.deactivated done',
      'credential.activated done',
      'credential.used done',
      'credential.restored done',
      'credential.deleted done',
    ])
    expect([...texts, ...server.log, JSON.stringify(entries)].join('\n')).not.toContain(canary)
  })

  it('may have any name, percent-encoded', async () => {
    await using server = await runServer()
    const { send } = await senderOn(server, pattern, by)
    const names = ['a/b:c', '...', 'ü %2F', '{}', 'constructor']

    const answers: unknown[] = []
    for (const name of names) {
      const slot = `/${encodeURIComponent('a:b/c')}/${encodeURIComponent(name)}`
      answers.push([
        await told(send('', { json: { provider: 'a:b/c', name, value: 'x' } })),
        await told(send(`${slot}/history`)),
        await told(send(`${slot}/deactivate`, { method: 'POST' })),
        await told(send(slot, { method: 'DELETE' })),
      ])
    }

    expect(answers).toMatchObject(
      names.map(name => [
        [201, { provider: 'a:b/c', name }],
        [200, { versions: [{ version: 1 }] }],
        [200, { name, isActive: false }],
        [204, undefined],
      ]),
    )
  })

  it('are listed in parts, those for one provider too, and revoked', async () => {
    await using server = await runServer()
    const { send, ann } = await senderOn(server, pattern, by)
    const other = await server.makeUser('bob', 'admin')
    for (const [provider, name] of [
      ['b', '1'],
      ['a', '2'],
      ['a', '1'],
    ]) {
      await send('', { json: { provider, name, value: 'x' } })
    }
    await server.services.credentials.set({ userId: other.id, provider: 'a', name: '1' }, { value: 'x' }, {})
    type Part = { readonly credentials: readonly { provider: string; name: string }[]; readonly nextCursor?: string }
    const list = async (query: string): Promise<Part> => (await (await send(query)).json()) as Part

    const first = await list('?limit=2')
    const second = await list(`?limit=2&cursor=${first.nextCursor}`)
    const ofA = await list('?provider=a')
    const otherList = await told(send(`?limit=2&provider=a&cursor=${first.nextCursor}`))
    const otherCaller = await told(send(`?limit=2&cursor=${first.nextCursor}`, { as: other }))
    const revokedA = await told(send('/rotate', { json: { provider: 'a' } }))
    const revoked = [await told(send('/rotate', { json: {} })), await told(send('/rotate', { json: {} }))]

    const slots = ({ credentials }: Part): readonly string[] =>
      credentials.map(({ provider, name }) => `${provider}/${name}`)
    expect([slots(first), slots(second), slots(ofA)]).toEqual([['a/1', 'a/2'], ['b/1'], ['a/1', 'a/2']])
    expect(second.nextCursor).toBeUndefined()
    expect([otherList, otherCaller]).toEqual([
      [400, 'INVALID_CURSOR'],
      [400, 'INVALID_CURSOR'],
    ])
    expect([revokedA, ...revoked]).toEqual([
      [200, { revoked: 2 }],
      [200, { revoked: 1 }],
      [200, { revoked: 0 }],
    ])
    expect(await server.services.credentials.list(other.id, { limit: 10 })).toHaveLength(1)
    expect(await recorded(server, 'credential.deleted')).toMatchObject([
      { targetId: String(ann.id), details: { count: 2 } },
      { details: { count: 1 } },
      { details: { count: 0 } },
    ])
  })

  it('are revealed with the reason in the audit log, with a fresh password, and never a second time by repeating', async () => {
    await using server = await runServer()
    const { send, path, as } = await senderOn(server, pattern, by)
    await send('', { json: { provider: 'p', name: 'n', value: canary } })
    const browser = await openBrowser(server, as)

    const revealed = await send('/p/n/reveal', { json: { reason: 'moving' }, headers: { 'idempotency-key': 'k' } })
    const repeated = await told(
      send('/p/n/reveal', { json: { reason: 'moving' }, headers: { 'idempotency-key': 'k' } }),
    )
    const fresh = await told(browser.send(`${path}/p/n/reveal`, {}))
    server.pass(6)
    const old = await told(browser.send(`${path}/p/n/reveal`, {}))
    const missing = await told(send('/p/none/reveal', { json: {} }))

    expect(revealed.headers.get('cache-control')).toBe('no-store')
    expect(await told(revealed)).toEqual([200, { provider: 'p', name: 'n', value: canary }])
    expect([repeated, fresh[0], old, missing]).toEqual([
      [409, 'ALREADY_DONE'],
      200,
      [403, 'PASSWORD_NEEDED'],
      [404, 'CREDENTIAL_NOT_FOUND'],
    ])
    const entries = await recorded(server, 'credential.revealed')
    expect(entries).toMatchObject([
      { outcome: 'done', actorName: as.name, details: { reason: 'moving', provider: 'p', name: 'n' } },
      { outcome: 'done' },
      { outcome: 'refused', details: { code: 'CREDENTIAL_NOT_FOUND' } },
    ])
    expect(JSON.stringify([entries, server.log])).not.toContain(canary)
  })

  it('stay where they are when that they are revealed cannot be recorded', async () => {
    await using server = await runServer()
    const { send } = await senderOn(server, pattern, by)
    await send('', { json: { provider: 'p', name: 'n', value: canary } })
    await server.services.database.write(async transaction => {
      await transaction.updateTable('audit_anchor').set({ signature: 'x' }).execute()
    })

    const response = await send('/p/n/reveal', { json: {} })
    const body = await response.text()

    expect([response.status, JSON.parse(body).code]).toEqual([503, 'ST_AUDIT_ANCHOR_INVALID'])
    expect(body).not.toContain(canary)
  })

  it('stand above the global secret, and tell where what is used comes from', async () => {
    await using server = await runServer({
      env: { REPLICATE_API_TOKEN: `r8_${canary}` },
      credentialValidators: [validator],
    })
    const { send } = await senderOn(server, pattern, by)
    const json = { provider: 'replicate', name: 'api_token' }
    const ask = async (): Promise<unknown> => [
      await told(send('/replicate/api_token/source')),
      await told(send('/validate', { json })),
    ]

    const global = await ask()
    await send('', { json: { ...json, value: 'r8_own' } })
    const own = await ask()
    await send('', { json: { ...json, value: '' } })
    const empty = await ask()
    const nowhere = [
      await told(send('/acme/key/source')),
      await told(send('/validate', { json: { provider: 'acme', name: 'key' } })),
    ]
    await send('', { json: { provider: 'acme', name: 'key', value: 'x' } })
    const unsupported = await told(send('/validate', { json: { provider: 'acme', name: 'key' } }))

    const fromGlobal = { source: 'global', secretProvider: 'env' }
    const inGlobal = [
      [200, fromGlobal],
      [200, { ...fromGlobal, valid: true, outcome: 'valid', account: 'acme' }],
    ]
    expect(global).toEqual(inGlobal)
    expect(own).toEqual([
      [200, { source: 'user' }],
      [200, { source: 'user', valid: false, outcome: 'invalid' }],
    ])
    expect(empty).toEqual(inGlobal)
    expect(nowhere).toEqual([
      [200, { source: null }],
      [200, { source: null, valid: false, outcome: 'missing' }],
    ])
    expect(unsupported).toEqual([200, { source: 'user', valid: false, outcome: 'unsupported' }])
    expect(server.log.join('')).not.toContain(canary)
  })

  it('are refused where a rule is broken', async () => {
    await using server = await runServer()
    const { send } = await senderOn(server, pattern, by)
    await send('', { json: { provider: 'p', name: 'n', value: 'x' } })

    const answers = [
      await told(send('', { json: { provider: 'p', name: 'n' } })),
      await told(send('', { json: { provider: 'p', name: 'n', value: 'x', isActive: true } })),
      await told(send('', { json: { provider: 'p', name: 'n\n', value: 'x' } })),
      await told(send('', { json: { provider: 'p', name: '..', value: 'x' } })),
      await told(send('', { json: { provider: 'p'.repeat(201), name: 'n', value: 'x' } })),
      await told(send('', { json: { provider: 'p', name: 'n', value: 'x'.repeat(65_537) } })),
      await told(send('', { json: { provider: 'p', name: 'n', value: 'x', description: '\0' } })),
      await told(send('/p/n', { method: 'PATCH', json: {} })),
      await told(send('/p/n/restore', { json: { version: 9 } })),
      await told(send('/p/n/restore', { json: { version: 0 } })),
      await told(send('/p/none', { method: 'DELETE' })),
      await told(send('/p/none/validate', { method: 'POST' })),
      await told(send('?limit=0')),
      await told(send('?cursor=x')),
    ]

    expect(answers).toEqual([
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_CREDENTIAL_NAME'],
      [400, 'INVALID_CREDENTIAL_NAME'],
      [400, 'INVALID_CREDENTIAL_NAME'],
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_DESCRIPTION'],
      [400, 'INVALID_REQUEST'],
      [404, 'VERSION_NOT_FOUND'],
      [400, 'INVALID_REQUEST'],
      [404, 'CREDENTIAL_NOT_FOUND'],
      [404, 'CREDENTIAL_NOT_FOUND'],
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_CURSOR'],
    ])
  })
})

it('credentials of others are not there for who is no administrator, and of nobody for who is', async () => {
  await using server = await runServer()
  const [ann, oda] = [await server.makeUser('ann', 'viewer'), await server.makeUser('oda', 'operator')]
  const own = '/api/users/me/credentials'
  await server.send(own, { as: ann, json: { provider: 'p', name: 'n', value: 'x' } })
  const anns = `/api/users/${ann.id}/credentials`

  const answers = [
    await told(server.send(anns, { as: oda })),
    await told(server.send(`${anns}/p/n/reveal`, { as: oda, json: {} })),
    await told(server.send(`${anns}/p/n`, { as: oda, method: 'DELETE' })),
    await told(server.send(`${anns}/p/n`, { as: ann })),
    await told(server.send(`${own}/p/n`, { as: oda })),
    await told(server.send(own, { as: null })),
  ]
  const nobody = await Promise.all([
    told(server.send('/api/users/999/credentials')),
    told(server.send('/api/users/999/credentials', { json: { provider: 'p', name: 'n', value: 'x' } })),
    told(server.send('/api/users/999/credentials/rotate', { json: {} })),
    told(server.send('/api/users/999/credentials/stale')),
    told(server.send('/api/users/999/credentials/validate', { json: { provider: 'p', name: 'n' } })),
    told(server.send('/api/users/999/credentials/p/n/source')),
  ])

  expect(answers).toEqual([
    [404, 'NOT_FOUND'],
    [404, 'NOT_FOUND'],
    [404, 'NOT_FOUND'],
    [404, 'NOT_FOUND'],
    [404, 'CREDENTIAL_NOT_FOUND'],
    [401, 'SIGN_IN_NEEDED'],
  ])
  expect(nobody).toEqual(nobody.map(() => [404, 'USER_NOT_FOUND']))
  expect(await recorded(server, 'security.permission_denied')).toHaveLength(4)
})
