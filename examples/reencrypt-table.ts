// Brings a table to a new key and to the form `st2`. Rows that are done are skipped, so that it can be stopped and run again.
import type { DatabaseSync } from 'node:sqlite'
import { createCredentialCipher, reencrypt, type ReencryptReport } from '@st/credential-crypto'

interface Row {
  readonly id: number
  readonly user_id: number
  readonly credential_value: string
}

export interface KeyChange {
  readonly newKeyFile: string
  readonly oldKeyFile: string
}

export async function reencryptTable(
  database: DatabaseSync,
  { newKeyFile, oldKeyFile }: KeyChange,
): Promise<ReencryptReport> {
  // The first key encrypts; the others are tried for what is there.
  const keys = [{ keyFile: newKeyFile }, { keyFile: oldKeyFile }]
  const cipher = await createCredentialCipher({ keys, format: 'st2' })
  const rows = database.prepare('SELECT id, user_id, credential_value FROM credentials ORDER BY id').iterate()
  // Only if nobody has stored another credential meanwhile.
  const update = database.prepare('UPDATE credentials SET credential_value = ? WHERE id = ? AND credential_value = ?')
  // The statement names the columns, and the table says what they hold.
  return reencrypt(rows as Iterable<unknown> as Iterable<Row>, {
    cipher,
    token: row => row.credential_value,
    context: row => ({ table: 'credentials', user: String(row.user_id) }),
    write: changes => {
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const { row, token } of changes) update.run(token, row.id, row.credential_value)
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    onProgress: ({ seen, changed }) => console.error(`${changed} of ${seen} rows changed`),
  })
}
