import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { loadAuditKey } from '../audit/audit-key.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { AuditedWrites } from '../audit/audited-writes.ts'
import { backupWorld } from '../backup/__fixtures__/backup-world.ts'
import { createBackup } from '../backup/create-backup.ts'
import { readBackup } from '../backup/read-backup.ts'
import { credentialContext } from '../credentials/credential-cipher-source.ts'
import { Credentials } from '../credentials/credentials.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open-database.ts'
import { ChangingKey } from '../key-rotation/changing-key.ts'
import { KeyFiles } from '../key-rotation/key-files.ts'
import { KeyRotation } from '../key-rotation/key-rotation.ts'
import { UserAccess } from '../users/user-access.ts'
import { Users } from '../users/users.ts'

const childSource = fileURLToPath(new URL('__fixtures__/crashing-child.ts', import.meta.url))
const isLong = process.env['ST_LONG_TESTS'] === '1'
const actor = { name: 'test' }
const count = 60

let folder: string
/** The child in one file. */
let child: string

// Most of a trial is the start of the child, and most of that was finding and reading its 300 modules.
beforeAll(async () => {
  const bundles = mkdtempSync(join(tmpdir(), 'st-crashing-child-'))
  child = join(bundles, 'child.mjs')
  await build({
    entryPoints: [childSource],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@st/source'],
    external: ['*/open-postgres.ts'],
  })
  // What a process compiles is kept when it ends, which those that are killed do not.
  await once(start('nothing', bundles), 'close')
  return () => rmSync(bundles, { recursive: true, force: true })
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'st-crash-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('no write that was acknowledged is lost, torn or without its audit entry', { timeout: 3_600_000 }, async () => {
  await using opened = await world()
  await opened.addUser()
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
  const { cipher } = await openKey(database)
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
    for (let index = 0; index < count; index += 1) {
      await opened.credentials.set(
        { userId: 1, provider: 'p', name: String(index) },
        { value: `value ${index}` },
        actor,
      )
    }
    const undecryptable: string[] = []

    for (let trial = 0; trial < (isLong ? 1000 : 50); trial += 1) {
      // In every other trial two processes do it, which share the files of the keys.
      await Promise.all(Array.from({ length: 1 + (trial % 2) }, () => runAndKill('rotation')))
      const { cipher } = await openKey(opened.database)
      for (const row of await opened.values()) {
        const value = cipher.decrypt(row.value, credentialContext(row, row.version))
        if (value !== `value ${row.name}`) undecryptable.push(row.name)
      }
    }

    const key = await openKey(opened.database)
    const last = await new KeyRotation({ ...opened, key }).resume()
    const keys = readdirSync(folder).filter(name => name.startsWith('credential.key'))
    expect(undecryptable).toEqual([])
    expect(await opened.values()).toHaveLength(count)
    expect(['done', undefined]).toContain(last?.state)
    expect((await opened.values()).filter(({ value }) => key.cipher.needsReencrypt(value))).toEqual([])
    expect(keys.filter(name => !/^credential\.key(\.lock|\.next|\.previous)?(\.[0-9a-f]{12})?$/.test(name))).toEqual([])
    expect(await opened.log.verify()).toMatchObject({ valid: true })
  },
)

it('a backup that is killed is there whole or not at all', { timeout: 3_600_000 }, async () => {
  await using opened = await world()
  await opened.addUser()
  await addCredentials(opened.credentials, 'value')
  const acknowledged: string[] = []

  for (let trial = 0; trial < (isLong ? 500 : 5); trial += 1) {
    acknowledged.push(...(await runAndKill('backup', 120)).filter(line => line !== 'ready'))
  }

  const files = readdirSync(folder).filter(name => name.endsWith('.backup'))
  expect(acknowledged.filter(path => !files.includes(basename(path)))).toEqual([])
  for (const file of files) {
    let parts = 0
    for await (const { kind } of readBackup(join(folder, file))) parts += kind === 'row' ? 1 : 0
    expect(parts).toBeGreaterThanOrEqual(2 * count)
  }
  const { total } = await opened.log.page({ types: ['backup.created'] }, { limit: 1 })
  expect(total).toBeGreaterThanOrEqual(files.length)
})

it(
  'a restore that is killed leaves everything of before, or everything of the backup',
  { timeout: 3_600_000 },
  async () => {
    for (const name of ['even', 'odd']) await makeBackup(name)
    const found = new Set<string>()

    for (let trial = 0; trial < (isLong ? 500 : 6); trial += 1) {
      // Once before the first one is done, once after it.
      await runAndKill('restore', 400, 1 + (trial % 2))
      await using database = await openDatabase(join(folder, 'demo.db'))
      // As a start does it: the key of the log, then the one of the credentials.
      const { credentials, audit, key } = await backupWorld(database, {}, folder)
      const stored = await credentials.list(1, { limit: 1000 })
      const values = await Promise.all(stored.map(({ name }) => credentials.use({ userId: 1, provider: 'p', name })))
      const { rows: integrity } = await sql`pragma integrity_check`.execute(database.reads)
      const tokens = await database.reads.selectFrom('credential_version').select('value').execute()
      found.add([...new Set(values)].join())
      expect(values).toHaveLength(stored.length === 0 ? 0 : count)
      expect(['', 'even', 'odd']).toContain([...new Set(values)].join())
      expect(tokens.filter(({ value }) => key.cipher.needsReencrypt(value))).toEqual([])
      expect(integrity).toEqual([{ integrity_check: 'ok' }])
      expect(await audit.verify()).toMatchObject({ valid: true })
    }

    expect(found.has('even') || found.has('odd')).toBe(true)
    expect(readdirSync(folder)).not.toContain('audit.key.restored')
  },
)

/** Of another server, with keys of its own; all values are its name. */
async function makeBackup(name: string): Promise<void> {
  const own = mkdtempSync(join(folder, `${name}-`))
  await using database = await openDatabase(join(own, 'demo.db'))
  const other = await backupWorld(database, {}, own)
  await other.users.create({ name, role: 'viewer' }, actor)
  await addCredentials(other.credentials, name)
  await createBackup(join(folder, `${name}.backup`), other, { actor })
}

async function addCredentials(credentials: Credentials, value: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await credentials.set({ userId: 1, provider: 'p', name: String(index) }, { value }, actor)
  }
}

type Mode = 'writes' | 'rotation' | 'backup' | 'restore'

function start(mode: Mode | 'nothing', place = folder) {
  return spawn(process.execPath, [child, place, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(child), 'compiled') },
  })
}

/** Starts the child, lets it write for a random time, kills it, and gives what it has said. */
async function runAndKill(mode: Mode, withinMs = 40, afterLines = 1): Promise<readonly string[]> {
  const program = start(mode)
  const ended = once(program, 'close')
  const said: string[] = []
  const lines = createInterface(program.stdout)
  const reached = Promise.withResolvers<void>()
  lines.on('line', line => {
    if (said.push(line) === afterLines) reached.resolve()
  })
  await reached.promise
  await delay(randomInt(withinMs))
  program.kill('SIGKILL')
  await ended
  return said
}

/** Two at a time, which is two processes that write to one database. */
async function inLanes(trials: number, work: () => Promise<void>): Promise<void> {
  let left = trials
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  await Promise.all([lane(), lane()])
}

function openKey(database: Database): Promise<ChangingKey> {
  return ChangingKey.open({ database, source: new KeyFiles(join(folder, 'credential.key')) })
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
    credentials: new Credentials({ database, writes, ciphers: await openKey(database) }),
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
