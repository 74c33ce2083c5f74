import { deepEqual, equal, throws } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { createCredentialCipher } from '@st/credential-crypto'
import { reencryptTable } from './reencrypt-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'st-example-'))
after(() => rmSync(folder, { recursive: true }))

function keyFile(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600 })
  return path
}

test('leaves nothing that the old key can read, reports what nobody can read, and can be run again', async () => {
  const newKeyFile = keyFile('new.key')
  const oldKeyFile = keyFile('old.key')
  const old = await createCredentialCipher({ keys: [{ keyFile: oldKeyFile }] })
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE credentials (id INTEGER PRIMARY KEY, user_id INTEGER, credential_value TEXT)')
  const insert = database.prepare('INSERT INTO credentials (user_id, credential_value) VALUES (?, ?)')
  for (let user = 1; user <= 1200; user += 1) insert.run(user, old.encrypt(`credential of user ${user}`))
  insert.run(1201, 'plain text from long ago')

  const first = await reencryptTable(database, { newKeyFile, oldKeyFile })
  const second = await reencryptTable(database, { newKeyFile, oldKeyFile })

  const unreadable = { index: 1200, kind: 'malformed' }
  deepEqual(first, { seen: 1201, changed: 1200, failed: [unreadable] })
  deepEqual(second, { seen: 1201, changed: 0, failed: [unreadable] })
  const stored = String(
    database.prepare('SELECT credential_value FROM credentials WHERE id = 700').get()?.['credential_value'],
  )
  const current = await createCredentialCipher({ keys: [{ keyFile: newKeyFile }], format: 'st2' })
  equal(current.decrypt(stored, { table: 'credentials', user: '700' }), 'credential of user 700')
  throws(() => current.decrypt(stored, { table: 'credentials', user: '1' }), { kind: 'authentication_failed' })
  throws(() => old.decrypt(stored))
})
