import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { openBrowser } from '../testing/browser.ts'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'

const passphrase = 'a long passphrase ✓'

/** Sends a backup. */
function restore(
  server: RunningServer,
  body: Uint8Array<ArrayBuffer> | ReadableStream | string,
  { headers = {}, as = server.admin }: { readonly headers?: Record<string, string>; readonly as?: TestUser } = {},
): Promise<Response> {
  return fetch(`${server.url}/api/backup/restore`, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/octet-stream', ...headers },
  })
}

function fakeTimers(): Disposable {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  return { [Symbol.dispose]: () => void vi.useRealTimers() }
}

async function untilUploaded({ services }: RunningServer, bytes: number): Promise<void> {
  for (let found = 0; found < bytes; await setImmediate()) {
    const names = (await readdir(services.folder)).filter(name => name.startsWith('backup-'))
    const files = names.map(name => stat(join(services.folder, name, 'upload')).catch(() => ({ size: 0 })))
    found = Math.max(0, ...(await Promise.all(files)).map(({ size }) => size))
  }
}

async function download(server: RunningServer, json?: object): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await server.send('/api/backup', { json })).arrayBuffer())
}

describe('GET /api/backup', () => {
  it('is everything as one file, and in the audit log before the first byte', async () => {
    await using server = await runServer()

    const response = await server.send('/api/backup')
    const entries = await recorded(server, 'backup.created')
    const text = await response.text()

    const bytes = String(Buffer.byteLength(text))
    const headers = ['content-type', 'content-length', 'cache-control'].map(name => response.headers.get(name))
    expect([response.status, ...headers]).toEqual([200, 'application/octet-stream', bytes, 'no-store'])
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="st-backup-\d{4}-\d\d-\d\d\.jsonl"$/,
    )
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ tables: expect.any(Array) })
    expect(entries).toMatchObject([{ actorName: 'admin', outcome: 'done', details: { holdsKeys: false } }])
    expect(text).not.toContain((await readFile(join(server.services.folder, 'credential.key'), 'utf8')).trim())
  })

  it('leaves nothing when that cannot be recorded', async () => {
    await using server = await runServer()
    await server.services.database.write(async transaction => {
      await transaction.updateTable('audit_anchor').set({ signature: 'x' }).execute()
    })

    const answers = [
      await told(server.send('/api/backup')),
      await told(server.send('/api/backup', { json: { passphrase } })),
    ]

    expect(answers).toEqual([
      [503, 'ST_AUDIT_ANCHOR_INVALID'],
      [503, 'ST_AUDIT_ANCHOR_INVALID'],
    ])
  })

  it('is for who may make backups, with a fresh password in a session', async () => {
    await using server = await runServer()
    const operator = await server.makeUser('ann', 'operator')
    const browser = await openBrowser(server, server.admin)
    server.pass(5)

    const answers = [
      await told(server.send('/api/backup', { as: null })),
      await told(server.send('/api/backup', { as: operator })),
      await told(restore(server, 'x', { as: operator })),
      await told(browser.send('/api/backup')),
      await told(browser.send('/api/backup', { passphrase })),
      await told(server.send('/api/backup', { json: { passphrase: 'short' } })),
      await told(server.send('/api/backup', { json: {} })),
    ]

    expect(answers).toEqual([
      [401, 'SIGN_IN_NEEDED'],
      [403, 'PERMISSION_NEEDED'],
      [403, 'PERMISSION_NEEDED'],
      [403, 'PASSWORD_NEEDED'],
      [403, 'PASSWORD_NEEDED'],
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_REQUEST'],
    ])
  })
})

describe('POST /api/backup/restore', () => {
  it('puts back what there was, and leaves no file behind', async () => {
    await using server = await runServer()
    const { providerConfigs, folder } = server.services
    const amount = async (): Promise<unknown> => (await providerConfigs.get('replicate')).config.cost_limit_amount
    const set = (cost_limit_amount: number): Promise<unknown> =>
      providerConfigs.update('replicate', { update: { cost_limit_amount }, actor: { name: 'test' } })
    await set(10)
    const backup = await download(server)
    await set(20)
    const filesBefore = (await readdir(folder)).toSorted()
    const before = await amount()

    const restored = await told(restore(server, backup, { headers: { 'idempotency-key': 'k' } }))
    const after = await amount()

    expect(restored).toEqual([
      200,
      { createdAt: expect.any(String), rows: expect.any(Object), undecryptable: 0, log: expect.any(String) },
    ])
    expect([before, after]).toEqual([20, 10])
    expect((await readdir(folder)).toSorted()).toEqual(filesBefore)
    expect(await recorded(server, 'backup.restored')).toMatchObject([{ actorName: 'admin' }])
    await expect(server.services.audit.verify()).resolves.toMatchObject({ valid: true })
  })

  it('takes the passphrase where the keys in the backup are sealed and needed', async () => {
    await using server = await runServer()
    const { keyRotation } = server.services
    const backup = await download(server, { passphrase })
    await keyRotation.begin({ name: 'test' })
    await keyRotation.resume()
    const restoreWith = (text: string): Promise<readonly [number, unknown]> =>
      told(restore(server, backup, { headers: { 'backup-passphrase': Buffer.from(text).toString('base64') } }))

    const missing = await told(restore(server, backup))
    const wrong = await restoreWith('another passphrase')
    const right = await restoreWith(passphrase)

    expect([missing, wrong]).toEqual([
      [400, 'ST_BACKUP_PASSPHRASE_MISSING'],
      [400, 'ST_BACKUP_PASSPHRASE_WRONG'],
    ])
    expect(right[0]).toBe(200)
  })

  it('refuses what is no backup, is damaged, or does not come as a file, and changes nothing', async () => {
    await using server = await runServer()
    const backup = await download(server)
    const broken = Buffer.from(backup).toString().replace('"admin"', '"admit"')
    const { sequence } = await server.services.audit.receipt()

    const answers = [
      await told(restore(server, 'x\n')),
      await told(restore(server, '')),
      await told(restore(server, backup.slice(0, -10))),
      await told(restore(server, broken)),
      await told(restore(server, '{}', { headers: { 'content-type': 'application/json' } })),
      await told(restore(server, 'x', { headers: { 'content-type': 'text/plain' } })),
      await told(restore(server, 'x', { headers: { 'backup-passphrase': 'ä' } })),
      await told(server.send('/api/backup/restore', { method: 'POST' })),
    ]

    expect(answers).toEqual([
      [400, 'ST_BACKUP_NOT_A_BACKUP'],
      [400, 'ST_BACKUP_NOT_A_BACKUP'],
      [400, 'ST_BACKUP_DAMAGED'],
      [400, 'ST_BACKUP_DAMAGED'],
      [415, 'WRONG_MEDIA_TYPE'],
      [415, 'WRONG_MEDIA_TYPE'],
      [400, 'INVALID_REQUEST'],
      [400, 'NO_BACKUP'],
    ])
    expect((await server.services.audit.receipt()).sequence).toBe(sequence)
    expect(server.failures).toEqual([])
  })

  it('is let take longer than other requests, as large as backups are', async () => {
    await using server = await runServer()
    const backup = Buffer.from(await download(server))
    const large = Buffer.concat([backup, Buffer.alloc(300_000, 'x')])
    using _ = fakeTimers()
    const slowly = async function* () {
      yield large
      await untilUploaded(server, large.length)
      vi.advanceTimersByTime(30_000)
      yield Buffer.from('the end')
    }

    const answer = await told(restore(server, ReadableStream.from(slowly())))

    expect(answer).toEqual([400, 'ST_BACKUP_DAMAGED'])
  })

  it('other routes take JSON only, as before', async () => {
    await using server = await runServer()

    const answer = await told(
      server.send('/api/secrets/A', { json: 'x', headers: { 'content-type': 'application/octet-stream' } }),
    )

    expect(answer).toEqual([415, 'NOT_JSON'])
  })
})
