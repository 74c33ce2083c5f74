import { equal, notEqual, throws } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { encryptedColumn } from './encrypted-column.ts'

const folder = mkdtempSync(join(tmpdir(), 'st-example-'))
after(() => rmSync(folder, { recursive: true }))

function keyFile(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600 })
  return path
}

test('stores what only the same column and key can read', async () => {
  const key = keyFile('credential.key')
  const token = await encryptedColumn('accounts', 'token', key)
  const note = await encryptedColumn('accounts', 'note', key)
  const foreign = await encryptedColumn('accounts', 'token', keyFile('foreign.key'))

  const stored = token.to('r8_example')

  notEqual(stored, token.to('r8_example'))
  equal(token.from(stored), 'r8_example')
  throws(() => note.from(stored), { kind: 'authentication_failed' })
  throws(() => foreign.from(stored), /another key than that in .*foreign\.key/)
})
