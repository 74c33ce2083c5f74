import { randomBytes } from 'node:crypto'
import { type CredentialCipher, CredentialError } from '@st/credential-crypto'
import type { Selectable, Transaction } from 'kysely'
import { credentialContext } from '../credentials/credential-cipher-source.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { KeyError } from './key-error.ts'
import type { KeyRing } from './key-ring.ts'
import type { KeyCheckTable } from './key-rotation-tables.ts'

/** Which key the database belongs to. */
export type DatabaseKey = Selectable<KeyCheckTable>

type Reads = Pick<Database['reads'], 'selectFrom'>

/** `undefined` while the database belongs to none. */
export function readDatabaseKey(database: Reads): Promise<DatabaseKey | undefined> {
  return database.selectFrom('key_check').selectAll().where('id', '=', 1).executeTakeFirst()
}

/** A salt for the passphrases of a new database. */
export function newSalt(): string {
  return randomBytes(16).toString('base64')
}

/**
 * Makes the database one of this key, unless it is one of another already. One that held credentials before there was a
 * check must open some of them.
 *
 * @returns What the database says after that.
 * @throws KeyError `mismatch`
 */
export function claimDatabase(database: Database, cipher: CredentialCipher, salt: string): Promise<DatabaseKey> {
  return database.write(async transaction => {
    const known = await readDatabaseKey(transaction)
    if (known !== undefined) return known
    await requireOpensSome(transaction, cipher)
    const row = { id: 1, ...checkOf(cipher), previous_fingerprint: null, previous_check_value: null, salt } as const
    await transaction.insertInto('key_check').values(row).execute()
    return row
  })
}

/** What the database keeps of a key, to recognise it by. */
export function checkOf(cipher: CredentialCipher): Pick<DatabaseKey, 'fingerprint' | 'check_value'> {
  return { fingerprint: cipher.keyFingerprint, check_value: cipher.encrypt(checkText, checkContext) }
}

/**
 * Sees to it that the database belongs to keys of this ring.
 *
 * @returns A cipher that encrypts with its key.
 * @throws KeyError `mismatch`, `previous_missing`
 */
export async function cipherFor(row: DatabaseKey, ring: KeyRing): Promise<CredentialCipher> {
  const cipher = await ring.cipherOf(row.fingerprint)
  if (cipher === undefined || !opens(cipher, row.check_value)) throw new KeyError('mismatch', row.fingerprint)
  const { previous_fingerprint: previous, previous_check_value: check } = row
  const isComplete = previous === null || (check !== null && opens(cipher, check))
  if (!isComplete) throw new KeyError('previous_missing', previous)
  return cipher
}

const checkText = 'the key of this database'
const checkContext = { table: 'key_check' }

/** Whether the check value was made by a key of this cipher. */
export function opens(cipher: CredentialCipher, check: string): boolean {
  return succeeds(() => cipher.decrypt(check, checkContext) === checkText)
}

/** One value that opens is enough: others may be damaged. */
async function requireOpensSome(transaction: Transaction<Schema>, cipher: CredentialCipher): Promise<void> {
  const rows = await transaction
    .selectFrom('credential_version as value')
    .innerJoin('credential', 'credential.id', 'value.credential_id')
    .select(['value.value', 'value.version', 'user_id', 'provider', 'name'])
    .orderBy('value.id', 'desc')
    .limit(100)
    .execute()
  const isOpened = rows.some(row =>
    succeeds(() => cipher.decrypt(row.value, credentialContext(row, row.version)) !== undefined),
  )
  const token = rows[0]?.value
  if (token !== undefined && !isOpened) throw new KeyError('mismatch', token.split('.')[1] ?? 'of its values')
}

function succeeds(action: () => boolean): boolean {
  try {
    return action()
  } catch (error) {
    if (CredentialError.isInstance(error)) return false
    throw error
  }
}
