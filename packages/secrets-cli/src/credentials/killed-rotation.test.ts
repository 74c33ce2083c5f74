import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { oldCipher, testCiphers } from './__fixtures__/keys.ts'
import { rotateFile } from './rotate-file.ts'
import { rotateSqlite } from './rotate-sqlite.ts'
import { noContext } from './row-context.ts'

const program = join(import.meta.dirname, '__fixtures__', 'rotate-child.ts')
const nodeArguments = ['--conditions=@st/source', '--disable-warning=ExperimentalWarning', program]
const isLong = process.env['ST_LONG_TESTS'] === '1'
const rowCount = 1500

/** Tokens in a file and in a database, which has a write-ahead log. */
async function plant(folder: string, rows: number): Promise<void> {
  const old = await oldCipher()
  mkdirSync(folder, { mode: 0o700 })
  const tokens = Array.from({ length: rows }, (_, index) => old.encrypt(`credential ${index}`))
  writeFileSync(join(folder, 'tokens.ndjson'), tokens.map(token => `${JSON.stringify({ token })}\n`).join(''))
  const database = new DatabaseSync(join(folder, 'jobs.db'))
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE credentials (id INTEGER PRIMARY KEY, token TEXT); BEGIN')
  const insert = database.prepare('INSERT INTO credentials VALUES (?, ?)')
  for (const [index, token] of tokens.entries()) insert.run(index, token)
  database.exec('COMMIT')
  database.close()
}

function start(folder: string): ChildProcess {
  const files = [join(folder, 'tokens.ndjson'), join(folder, 'jobs.db')]
  return spawn(process.execPath, [...nodeArguments, ...files], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/**
 * Stops the process again and again and copies what is on the disk then: what a kill would have left. Stopping is not
 * ending: one process gives as many deaths as there is time for.
 */
async function snapshots(folder: string, wanted: number): Promise<readonly string[]> {
  const child = start(folder)
  const exited = once(child, 'exit')
  await once(child.stdout ?? child, 'data')
  const copies: string[] = []
  while (child.exitCode === null && copies.length < wanted) {
    child.kill('SIGSTOP')
    await stopped(child)
    const copy = `${folder}-${copies.length}`
    cpSync(folder, copy, { recursive: true })
    copies.push(copy)
    child.kill('SIGCONT')
    await delay((copies.length * 7) % 13)
  }
  await exited
  return copies
}

/** A signal is on its way for a moment. */
async function stopped({ pid }: ChildProcess): Promise<void> {
  for (let state = ''; !['T', 'Z'].includes(state); await delay(0)) {
    try {
      state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 'Z'
    } catch {
      return
    }
  }
}

/** Tokens that were found to hold what they should; most are in many copies. */
const sound = new Map<string, boolean>()

/** How many tokens of a file and of a database have the new key; all must be there, and readable by the ring. */
async function countsOf(folder: string): Promise<readonly [file: number, database: number]> {
  const { ring } = await testCiphers()
  const lines = readFileSync(join(folder, 'tokens.ndjson'), 'utf8').trimEnd().split('\n')
  const database = new DatabaseSync(join(folder, 'jobs.db'))
  const rows = database.prepare('SELECT token FROM credentials ORDER BY id').all()
  database.close()
  const isNew = (token: string, index: number): boolean => {
    const known = sound.get(`${index} ${token}`)
    if (known !== undefined) return known
    if (ring.decrypt(token) !== `credential ${index}`) throw new Error(`credential ${index} of ${folder} is lost`)
    const found = !ring.needsReencrypt(token)
    sound.set(`${index} ${token}`, found)
    return found
  }
  const count = (tokens: readonly string[]): number => {
    if (tokens.length !== rowCount) throw new Error(`${folder} has ${tokens.length} credentials`)
    return tokens.filter(isNew).length
  }
  return [
    count(lines.map(line => String(Object(JSON.parse(line)).token))),
    count(rows.map(({ token }) => String(token))),
  ]
}

async function resume(folder: string): Promise<void> {
  const options = { ciphers: await testCiphers(), context: noContext }
  const path = join(folder, 'tokens.ndjson')
  await rotateFile({ path, type: 'ndjson', member: 'token', delimiter: ',' }, options)
  await rotateSqlite({ path: join(folder, 'jobs.db'), table: 'credentials', column: 'token' }, options)
}

describe('a rotation that is killed', () => {
  it('loses nothing wherever that happens, and is finished by the next one', { timeout: 300_000 }, async () => {
    const states = new Set<string>()
    let deaths = 0
    for (let round = 0; deaths < 100; round += 1) {
      const folder = join(homedir(), `stopped-${round}`)
      await plant(folder, rowCount)
      const copies = await snapshots(folder, 100 - deaths)
      deaths += copies.length
      for (const [index, copy] of copies.entries()) {
        const [inFile, inDatabase] = await countsOf(copy)
        expect([0, rowCount]).toContain(inFile)
        expect(inDatabase === rowCount || inDatabase % 500 === 0).toBe(true)
        states.add(`${inFile} ${inDatabase}`)
        if (!isLong && index % 10 > 0) continue
        await resume(copy)
        expect(await countsOf(copy)).toEqual([rowCount, rowCount])
        expect(readdirSync(copy).toSorted()).toEqual(['jobs.db', 'tokens.ndjson'])
      }
    }

    expect(deaths).toBe(100)
    // Or else it was never interrupted in the middle.
    expect(states.size).toBeGreaterThan(3)
  })

  it('dies by a real SIGKILL as well', { timeout: 300_000 }, async () => {
    for (let trial = 0; trial < (isLong ? 100 : 3); trial += 1) {
      const folder = join(homedir(), `killed-${trial}`)
      await plant(folder, rowCount)
      const child = start(folder)
      const exited = once(child, 'exit')
      await once(child.stdout ?? child, 'data')
      await delay(30 + ((trial * 67) % 400))
      child.kill('SIGKILL')
      await exited

      await countsOf(folder)
      await resume(folder)

      expect(await countsOf(folder)).toEqual([rowCount, rowCount])
      expect(readdirSync(folder).toSorted()).toEqual(['jobs.db', 'tokens.ndjson'])
    }
  })
})

/** What a rotation says that may write no more than a quarter of a file's length. */
async function rotatedWithoutRoom(path: string, files: string): Promise<unknown> {
  // In blocks of 512 or 1024 bytes.
  const limit = Math.floor(statSync(path).size / 4096)
  const command = `ulimit -f ${limit}; exec '${process.execPath}' ${nodeArguments.join(' ')} ${files}`
  const { stdout } = await promisify(execFile)('sh', ['-c', command])
  return JSON.parse(stdout.split('\n')[1] ?? '')
}

describe('a rotation without room on the disk', () => {
  it('leaves a file as it was', async () => {
    const folder = join(homedir(), 'full')
    await plant(folder, rowCount)
    const path = join(folder, 'tokens.ndjson')
    const before = readFileSync(path)

    const told = await rotatedWithoutRoom(path, `'${path}'`)

    expect(told).toMatchObject({ exitCode: 1, error: expect.stringContaining('no room') })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder).toSorted()).toEqual(['jobs.db', 'tokens.ndjson'])
  })

  it('leaves a database whole, and is finished when there is room', async () => {
    const folder = join(homedir(), 'full')
    await plant(folder, rowCount)
    const path = join(folder, 'jobs.db')

    const told = await rotatedWithoutRoom(path, `'' '${path}'`)

    expect(told).toMatchObject({ exitCode: 1, error: expect.stringContaining('full') })
    const [, inDatabase] = await countsOf(folder)
    expect(inDatabase % 500).toBe(0)
    await resume(folder)
    expect(await countsOf(folder)).toEqual([rowCount, rowCount])
  })
})
