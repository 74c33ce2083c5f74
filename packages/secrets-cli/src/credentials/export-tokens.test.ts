import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it } from 'vitest'
import { oldCipher, testCiphers } from './__fixtures__/keys.ts'
import { exportFile, type ExportOptions, exportSqlite } from './export-tokens.ts'
import { ReplacementFile } from '../replacement-file.ts'
import { noContext } from './row-context.ts'

const canary = 'r8_canary,"9f2c"\nü'
let folder: string
let written: string

beforeEach(() => {
  folder = join(homedir(), 'tokens')
  mkdirSync(folder)
  written = ''
})

async function options(changes: Partial<ExportOptions> = {}): Promise<ExportOptions> {
  const write = async (text: string): Promise<void> => void (written += text)
  return { cipher: (await testCiphers()).ring, context: noContext, write, ...changes }
}

describe('exportFile', () => {
  it('writes plaintexts in the place of tokens in CSV, quoted where they need it', async () => {
    const token = (await oldCipher()).encrypt(canary)
    const path = join(folder, 'a.csv')
    writeFileSync(path, `id,token\r\n1,${token}\r\n2,\r\n`)

    const report = await exportFile({ path, type: 'csv', member: 'token', delimiter: ',' }, await options())

    expect(report).toEqual({ exported: 1, problems: [] })
    expect(written).toBe(`id,token\r\n1,"${canary.replaceAll('"', '""')}"\r\n2,\r\n`)
  })

  it('writes plaintexts in the place of tokens in NDJSON', async () => {
    const token = (await oldCipher()).encrypt(canary)
    const path = join(folder, 'a.ndjson')
    writeFileSync(path, `{"id":1.0,"token":"${token}"}\n`)

    await exportFile({ path, type: 'ndjson', member: 'token', delimiter: ',' }, await options())

    expect(written).toBe(`{"id":1.0,"token":${JSON.stringify(canary)}}\n`)
  })

  it('writes nothing when the last token does not decrypt, and names its line', async () => {
    const token = (await oldCipher()).encrypt(canary)
    const path = join(folder, 'a.ndjson')
    writeFileSync(path, `{"token":"${token}"}\n`.repeat(2000) + '{"token":"never encrypted"}\n')

    const report = await exportFile({ path, type: 'ndjson', member: 'token', delimiter: ',' }, await options())

    expect(report).toEqual({ exported: 0, problems: [{ place: 'line 2001', kind: 'malformed' }] })
    expect(written).toBe('')
  })
})

describe('exportSqlite', () => {
  async function plant(...tokens: readonly (string | Uint8Array | null)[]): Promise<string> {
    const path = join(folder, 'jobs.db')
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE c (user TEXT, token TEXT)')
    for (const token of tokens) database.prepare('INSERT INTO c VALUES (?, ?)').run('7', token)
    database.close()
    return path
  }

  it('writes rows as NDJSON, and leaves the database as it was', async () => {
    const { ring } = await testCiphers('st2')
    const path = await plant(ring.encrypt(canary, { user: '7' }), null)
    const before = readFileSync(path)
    const context = { fixed: {}, members: { user: 'user' } }

    const report = await exportSqlite({ path, table: 'c', column: 'token' }, await options({ cipher: ring, context }))

    expect(report).toEqual({ exported: 1, problems: [] })
    expect(written).toBe(`${JSON.stringify({ rowid: '1', user: '7', token: canary })}\n`)
    expect(readFileSync(path)).toEqual(before)
  })

  it('writes nothing when a token does not decrypt, and names its row', async () => {
    const path = await plant((await oldCipher()).encrypt(canary), 'never encrypted', Buffer.from([1, 2]))

    const report = await exportSqlite({ path, table: 'c', column: 'token' }, await options())

    expect(report.problems.map(({ place, kind }) => [place, kind])).toEqual([
      ['row 2', 'malformed'],
      ['row 3', 'no_text'],
    ])
    expect(written).toBe('')
  })
})

describe('ReplacementFile', () => {
  it('creates a file for this user only, and never over another', async () => {
    const path = join(folder, 'export.csv')
    const first = await ReplacementFile.beside(path)
    await first.write('first')
    await first.create()
    const second = await ReplacementFile.beside(path)

    await expect(second.create()).rejects.toMatchObject({ exitCode: 7 })
    await second.discard()

    expect(readFileSync(path, 'utf8')).toBe('first')
  })
})
