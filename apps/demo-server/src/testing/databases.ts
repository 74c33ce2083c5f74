import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
// By path until the app's package.json may name it.
import { describeWithPeer, type PostgresServer, requirePeer, startPostgres } from '@st/test-peers'
import type { Database } from '../database/database.ts'
import { type DatabaseOptions, openDatabase } from '../database/open-database.ts'

/** What a suite that runs on both databases is given. Call the functions inside the tests only. */
export interface DatabaseSuite {
  readonly kind: 'sqlite' | 'postgres'
  /** An empty database for this test; where it is, for `openDatabase`. */
  readonly locate: () => Promise<string>
  /** The same, opened with its tables; closed at the end of the test. */
  readonly open: (options?: DatabaseOptions) => Promise<Database>
  /** Opens another connection to a place; closed at the end of the test. */
  readonly openAt: (location: string, options?: DatabaseOptions) => Promise<Database>
  /** The PostgreSQL itself. */
  readonly server: () => PostgresServer
}

const peer = await requirePeer('postgres')

/** Registers a group of tests twice: over SQLite, and over a PostgreSQL of its own. Once in a file: each call starts one. */
export function describeDatabases(title: string, body: (suite: DatabaseSuite) => void): void {
  describe(`${title} on SQLite`, () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'st-sqlite-'))
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    body(suiteOf('sqlite', async () => join(folder, `${randomUUID()}.db`), notPostgres))
  })
  describeWithPeer(describe, peer)(`${title} on PostgreSQL`, place => {
    let server: PostgresServer | undefined
    const running = (): PostgresServer => {
      if (server === undefined) throw new Error('PostgreSQL is started before the tests')
      return server
    }
    const made: string[] = []
    beforeAll(async () => {
      server = await startPostgres(place())
    })
    afterAll(async () => {
      if ('url' in place()) await dropAll(running().url, made)
      await server?.[Symbol.asyncDispose]()
    })
    body(suiteOf('postgres', () => makeDatabase(running().url, made), running))
  })
}

function notPostgres(): never {
  throw new Error('This is SQLite')
}

function suiteOf(
  kind: DatabaseSuite['kind'],
  locate: DatabaseSuite['locate'],
  server: DatabaseSuite['server'],
): DatabaseSuite {
  const opened: Database[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(database => database.close()))
  })
  const openAt: DatabaseSuite['openAt'] = async (location, options) => {
    const database = await openDatabase(location, options)
    opened.push(database)
    return database
  }
  return { kind, locate, openAt, open: async options => openAt(await locate(), options), server }
}

async function makeDatabase(url: string, made: string[]): Promise<string> {
  const name = `st_test_${randomUUID().replaceAll('-', '')}`
  await query(url, [`create database ${name}`])
  made.push(name)
  const location = new URL(url)
  location.pathname = `/${name}`
  return location.href
}

async function dropAll(url: string, names: readonly string[]): Promise<void> {
  await query(
    url,
    names.map(name => `drop database ${name} with (force)`),
  )
}

async function query(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}
