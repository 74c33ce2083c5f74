import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadAuditKey } from '../audit/audit-key.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { AuditedWrites } from '../audit/audited-writes.ts'
import { credentialContext } from '../credentials/credential-cipher-source.ts'
import { Credentials } from '../credentials/credentials.ts'
import { openDatabase } from '../database/open-database.ts'
import { ChangingKey } from '../key-rotation/changing-key.ts'
import { KeyFiles } from '../key-rotation/key-files.ts'
import { UserAccess } from '../users/user-access.ts'
import { Users } from '../users/users.ts'

const child = fileURLToPath(new URL('__fixtures__/crashing-child.ts', import.meta.url))
const isLong = process.env['ST_LONG_TESTS'] === '1'
const actor = { name: 'test' }

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'st-crash-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('no write that was acknowledged is lost, torn or without its audit entry', { timeout: 3_600_000 }, async () => {
  await using opened = await world()
  await opened.addUser()
  await compileOnce()
  const acknowledged: string[] = []

  const trials = isLong ? 2000 : 200
  await inLanes(trials, async () => {
    acknowledged.push(...(await runAndKill('writes')))
  })

  const { database, log, credentials } = opened
  const { rows: integrity } = await sql`pragma integrity_check`.execute(database.reads)
  const stored = await credentials.list(1, { limit: 1_000_000 })
  const names = new Set(stored.map(({ name }) => name))
  const { total } = await log.page({ types: ['credential.created', 'credential.updated'] }, { limit: 1 })
  const { cipher } = await loaded()
  const torn = (await opened.values()).filter(row => {
    const written = `${row.version === 1 ? '' : 'second '}value of ${row.name}`
    return cipher.decrypt(row.value, credentialContext(row, row.version)) !== written
  })
  expect(integrity).toEqual([{ integrity_check: 'ok' }])
  expect(acknowledged.filter(name => !names.has(name))).toEqual([])
  expect(acknowledged.length).toBeGreaterThanOrEqual(trials)
  expect(torn).toEqual([])
  expect(total).toBe(stored.reduce((sum, { version }) => sum + version, 0))
  expect(await log.verify()).toMatchObject({ valid: true })
})

it(
  'a rotation of the key that is killed loses no value, and ends when it is let run',
  { timeout: 3_600_000 },
  async () => {
    await using opened = await world()
    await opened.addUser()
    const count = 60
    for (let index = 0; index < count; index += 1) {
      await opened.credentials.set(
        { userId: 1, provider: 'p', name: String(index) },
        { value: `value ${index}` },
        actor,
      )
    }
    await compileOnce()
    const undecryptable: string[] = []

    for (let trial = 0; trial < (isLong ? 1000 : 50); trial += 1) {
      await runAndKill('rotation')
      const { cipher } = await loaded()
      for (const row of await opened.values()) {
        const value = cipher.decrypt(row.value, credentialContext(row, row.version))
        if (value !== `value ${row.name}`) undecryptable.push(row.name)
      }
    }

    const key = await ChangingKey.load(new KeyFiles(join(folder, 'credential.key')))
    const last = await key.resume(opened)
    const keys = readdirSync(folder).filter(name => name.startsWith('credential.key'))
    expect(undecryptable).toEqual([])
    expect(await opened.values()).toHaveLength(count)
    expect(['done', undefined]).toContain(last?.state)
    expect((await opened.values()).filter(({ value }) => key.cipher.needsReencrypt(value))).toEqual([])
    expect(keys.filter(name => !/^credential\.key(\.next|\.previous)?(\.[0-9a-f]{12})?$/.test(name))).toEqual([])
    expect(await opened.log.verify()).toMatchObject({ valid: true })
  },
)

function start(mode: 'writes' | 'rotation' | 'nothing') {
  return spawn(process.execPath, ['--conditions=@st/source', child, folder, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  })
}

/** What a process compiles is kept when it ends, which those that are killed do not. */
async function compileOnce(): Promise<void> {
  const [code] = await once(start('nothing'), 'close')
  expect(code).toBe(0)
}

/** Starts the child, lets it write for a random time, kills it, and gives what it has said. */
async function runAndKill(mode: 'writes' | 'rotation'): Promise<readonly string[]> {
  const program = start(mode)
  const ended = once(program, 'close')
  const said: string[] = []
  const lines = createInterface(program.stdout)
  const first = once(lines, 'line')
  lines.on('line', line => said.push(line))
  await first
  await delay(randomInt(40))
  program.kill('SIGKILL')
  await ended
  return said
}

/** Two at a time, which is two processes that write to one database. */
async function inLanes(count: number, work: () => Promise<void>): Promise<void> {
  let left = count
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  await Promise.all([lane(), lane()])
}

async function loaded() {
  return { cipher: await new KeyFiles(join(folder, 'credential.key')).load() }
}

async function world() {
  const database = await openDatabase(join(folder, 'demo.db'))
  const log = new AuditLog(database, await loadAuditKey(join(folder, 'audit.key')))
  const writes = new AuditedWrites(database, log)
  const users = new Users({ database, writes, access: new UserAccess(database) })
  return {
    database,
    log,
    writes,
    credentials: new Credentials({ database, writes, ciphers: await loaded() }),
    addUser: () => users.create({ name: 'ann', role: 'viewer' }, actor),
    values: () =>
      database.reads
        .selectFrom('credential_version as value')
        .innerJoin('credential', 'credential.id', 'value.credential_id')
        .select(['value.value', 'value.version', 'user_id', 'provider', 'name'])
        .execute(),
    [Symbol.asyncDispose]: () => database.close(),
  }
}
