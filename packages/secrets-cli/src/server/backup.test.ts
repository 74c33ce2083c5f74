import { createHash } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { jsonAnswer, type LoopbackServer, startScriptedServer } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { asked, atServer, canary } from './__fixtures__/at-server.ts'

const passphrase = `${canary} a long passphrase`

function backup(head: object = {}, rows = '[0,1,"ann"]\n'.repeat(20_000)): string {
  const format = { format: 'st-demo-server backup', version: 1, createdAt: '2026-01-31T12:00:00.000Z', ...head }
  const body = `${JSON.stringify(format)}\n${rows}`
  return `${body}${JSON.stringify({ rows: [1], sha256: createHash('sha256').update(body).digest('hex') })}\n`
}

const octets = { 'content-type': 'application/octet-stream' }
const restored = {
  createdAt: '2026-01-31T12:00:00.000Z',
  rows: { users: 2, credential: 3 },
  undecryptable: 0,
  log: 'kept',
}

function startBackups(body = backup()): Promise<LoopbackServer> {
  return startScriptedServer(({ path }) =>
    path === '/api/backup' ? { status: 200, headers: octets, body } : jsonAnswer(200, restored),
  )
}

function at(name: string): string {
  return join(homedir(), name)
}

describe('backup', () => {
  it('seals the keys with the passphrase from standard input, into a file of its owner alone', async () => {
    await using server = await startBackups()

    const outcome = await atServer(server, ['backup', 'one', '--json'], `${passphrase}\n`)

    expect(outcome.code).toBe(0)
    expect(JSON.parse(outcome.stdout)).toMatchObject({ path: 'one', withKeys: true, createdAt: restored.createdAt })
    expect(readFileSync(at('one'), 'utf8')).toBe(backup())
    expect(statSync(at('one')).mode & 0o777).toBe(0o600)
    expect(server.requests.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([['POST', { passphrase }]])
    expect(outcome.stdout + outcome.stderr).not.toContain(canary)
  })

  it('takes no passphrase where the keys are left out, and says what that means', async () => {
    await using server = await startBackups()

    const { code, stderr } = await atServer(server, ['backup', 'one', '--without-keys'])

    expect(code).toBe(0)
    expect(stderr).toContain('The keys are not in it')
    expect(asked(server)).toEqual(['GET /api/backup'])
  })

  it('replaces a file only with --force, and then whatever its mode was', async () => {
    await using server = await startBackups()
    writeFileSync(at('one'), 'something else')
    chmodSync(at('one'), 0o644)

    const refused = await atServer(server, ['backup', 'one', '--without-keys'])
    const before = readFileSync(at('one'), 'utf8')
    const forced = await atServer(server, ['backup', 'one', '--without-keys', '--force'])

    expect([refused.code, forced.code]).toEqual([7, 0])
    expect(refused.stderr).toContain('--force')
    expect(before).toBe('something else')
    expect(readFileSync(at('one'), 'utf8')).toBe(backup())
    expect(statSync(at('one')).mode & 0o777).toBe(0o600)
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['is cut off', 'truncated', 4],
    ['is reset', 'reset_midway', 4],
    ['is half of it', 'half', 6],
    ['is a page', 'html', 6],
  ] as const)('that %s leaves what was there', async (_name, kind, code) => {
    await using server = await startBackups()
    server.break({ kind })
    writeFileSync(at('one'), 'the backup of before')

    const outcome = await atServer(server, ['backup', 'one', '--without-keys', '--force'])

    expect(outcome.code).toBe(code)
    expect(readFileSync(at('one'), 'utf8')).toBe('the backup of before')
    expect(readdirSync(homedir()).filter(name => name.includes('one'))).toEqual(['one'])
  })

  it.each([
    ['another program', backup({ format: 'something else' })],
    ['a changed row', backup().replace('ann', 'bob')],
    ['nothing', ''],
  ])('of %s is not kept', async (_name, body) => {
    await using server = await startBackups(body)

    expect((await atServer(server, ['backup', 'one', '--without-keys'])).code).toBe(6)
    expect(readdirSync(homedir()).filter(name => name.includes('one'))).toEqual([])
  })

  it('into a folder that is not there, or without a passphrase, is refused before anything is asked', async () => {
    await using server = await startBackups()

    const nowhere = await atServer(server, ['backup', 'none/one', '--without-keys'])
    const without = await atServer(server, ['backup', 'one'])

    expect([nowhere.code, without.code]).toEqual([3, 2])
  })
})

describe('restore', () => {
  it('sends a backup once that is agreed, with the passphrase where its keys are sealed', async () => {
    await using server = await startBackups()
    writeFileSync(at('open'), backup())
    writeFileSync(at('sealed'), backup({ passphraseSalt: 'c2FsdA==' }))

    const asking = await atServer(server, ['restore', 'open'])
    const before = server.requests.length
    const open = await atServer(server, ['restore', 'open', '--yes', '--json'])
    const sealed = await atServer(server, ['restore', 'sealed', '--yes'], `${passphrase}\n`)

    expect([asking.code, open.code, sealed.code]).toEqual([2, 0, 0])
    expect(before).toBe(0)
    expect(JSON.parse(open.stdout)).toEqual(restored)
    expect(sealed.stderr).toContain('Restored 5 rows. The audit log goes on.')
    expect(server.requests.map(({ body }) => body)).toEqual([backup(), backup({ passphraseSalt: 'c2FsdA==' })])
    expect(server.requests.map(({ headers }) => headers['backup-passphrase'])).toEqual([
      undefined,
      Buffer.from(passphrase).toString('base64'),
    ])
    expect(sealed.stdout + sealed.stderr).not.toContain(canary)
  })

  it.each([
    ['another file', 'hello\n', 6],
    ['an empty file', '', 6],
    ['half of one', backup().slice(0, -200), 6],
    ['one without its last line break', backup().slice(0, -1), 6],
    ['one with a changed row', backup().replace('ann', 'bob'), 6],
    ['one that is not there', undefined, 3],
  ])('refuses %s before anything is sent', async (_name, text, code) => {
    await using server = await startBackups()
    if (text !== undefined) writeFileSync(at('one'), text)

    const outcome = await atServer(server, ['restore', 'one', '--yes'])

    expect(outcome.code).toBe(code)
    expect(server.requests).toEqual([])
  })

  it('hides the passphrase, also as it is sent, from what the server says', async () => {
    const encoded = Buffer.from(passphrase).toString('base64')
    await using server = await startScriptedServer(() => jsonAnswer(400, { detail: `${passphrase} ${encoded}` }))
    writeFileSync(at('one'), backup({ passphraseSalt: 'c2FsdA==' }))

    const { code, stderr } = await atServer(server, ['restore', 'one', '--yes'], passphrase)

    expect(code).toBe(6)
    expect(stderr).toContain('******** ********')
    expect(stderr).not.toContain(canary)
  })

  it('says that it is not known what happened when the connection breaks', async () => {
    await using server = await startBackups()
    server.break({ kind: 'reset' })
    writeFileSync(at('one'), backup())

    const { code, stderr } = await atServer(server, ['restore', 'one', '--yes'])

    expect(code).toBe(4)
    expect(stderr).toContain('It is not known whether it was done')
  })
})
