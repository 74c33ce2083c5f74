import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ChangeLog } from '../changes/change-log.ts'
import { openDatabase } from './database.ts'

it('what was recorded is there after the database was closed and opened again', async () => {
  const path = join(homedir(), 'demo.db')
  const first = await openDatabase(path)
  const changes = new ChangeLog(first, () => new Date(0))
  await changes.record('set', 'A')
  await changes.record('deleted', 'B')
  await first.destroy()

  const second = await openDatabase(path)
  const latest = await new ChangeLog(second).latest(5)
  await second.destroy()

  expect(latest).toEqual([
    { changedAt: '1970-01-01T00:00:00.000Z', action: 'deleted', key: 'B' },
    { changedAt: '1970-01-01T00:00:00.000Z', action: 'set', key: 'A' },
  ])
})

it('only the owner can read the database and its journal', async () => {
  const path = join(homedir(), 'demo.db')

  const database = await openDatabase(path)
  const modes = await Promise.all(
    [path, `${path}-wal`].map(async file => ((await stat(file)).mode & 0o777).toString(8)),
  )
  await database.destroy()

  expect(modes).toEqual(['600', '600'])
})

it('a file that is no database is refused and left as it is', async () => {
  const path = join(homedir(), 'demo.db')
  const text = 'not a database, but somebody may want it back '.repeat(50)
  await writeFile(path, text)

  await expect(openDatabase(path)).rejects.toThrow('not a database')

  expect(await readFile(path, 'utf8')).toBe(text)
})

it('a folder in its place is refused', async () => {
  const path = join(homedir(), 'demo.db')
  await mkdir(path)

  await expect(openDatabase(path)).rejects.toMatchObject({ code: 'EISDIR' })
})
