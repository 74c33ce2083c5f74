import { type CredentialCipher, CredentialError, type CredentialKeySource } from '@st/credential-crypto'
import type { Kysely } from 'kysely'
import { AuditKey } from '../audit/audit-key.ts'
import { credentialContext } from '../credentials/credential-cipher-source.ts'
import type { Schema } from '../database/schema.ts'
import { opens } from '../key-rotation/database-key.ts'
import { KeyRing } from '../key-rotation/key-ring.ts'
import type { BackupContext } from './backup-context.ts'
import { BackupError } from './backup-error.ts'
import type { BackupHeader } from './backup-format.ts'
import { type BundledKeys, openKeys } from './sealed-keys.ts'
import type { StagedBackup } from './stage-backup.ts'

/** The keys of a backup, found in it or on this server. */
export interface StagedKeys {
  /** Encrypts with the key of this server and decrypts what is in the backup. */
  readonly cipher: CredentialCipher
  /** Of the audit log in the backup. */
  readonly auditKey: AuditKey
}

/**
 * Finds the keys and sees to it that they are the right ones.
 *
 * @throws BackupError `key_missing`, `passphrase_missing`, `passphrase_wrong`, `audit_key`, `damaged`
 */
export async function findKeys(
  context: BackupContext,
  { header, trailer }: StagedBackup,
  passphrase: string | undefined,
): Promise<StagedKeys> {
  const bundled = await openKeys(header, passphrase)
  // What is missing may be what is sealed.
  const isSealed = header.passphraseSalt !== undefined && passphrase === undefined
  const auditKey = auditKeyFor(context, bundled.auditKey)
  if (auditKey === undefined) throw new BackupError(isSealed ? 'passphrase_missing' : 'audit_key')
  if (!auditKey.verify(trailer.signature, 'backup', [trailer.sha256])) throw new BackupError('damaged', 'signature')
  const ring = await ringFor(context, header, bundled.credentialKeys)
  const cipher = await ring.cipherOf(context.key.cipher.keyFingerprint)
  if (cipher === undefined) throw new BackupError('conflict')
  const missing = header.credentialKeys.find(({ check }) => !opens(cipher, check))
  if (missing !== undefined && isSealed) throw new BackupError('passphrase_missing')
  if (missing !== undefined) throw new BackupError('key_missing', missing.fingerprint)
  return { cipher, auditKey }
}

/**
 * Encrypts all values in the staged backup with the key of this server. Looks at every one of them.
 *
 * @returns How many do not decrypt, and stay as they are: they did not when the backup was made.
 */
export async function reencryptStaged(staged: Kysely<Schema>, cipher: CredentialCipher): Promise<number> {
  let failed = 0
  for (let after = 0; ;) {
    const rows = await staged
      .selectFrom('credential_version as value')
      .innerJoin('credential', 'credential.id', 'value.credential_id')
      .select(['value.id', 'value.value', 'value.version', 'user_id', 'provider', 'name'])
      .where('value.id', '>', after)
      .orderBy('value.id')
      .limit(batchSize)
      .execute()
    failed += await staged.transaction().execute(async transaction => {
      const outcomes = []
      for (const row of rows) {
        const token = rotated(cipher, row.value, credentialContext(row, row.version))
        outcomes.push(token)
        if (token === undefined || token === row.value) continue
        await transaction.updateTable('credential_version').set({ value: token }).where('id', '=', row.id).execute()
      }
      return outcomes.filter(token => token === undefined).length
    })
    after = rows.at(-1)?.id ?? after
    if (rows.length < batchSize) return failed
  }
}

const batchSize = 1000

function rotated(
  cipher: CredentialCipher,
  token: string,
  context: Readonly<Record<string, string>>,
): string | undefined {
  try {
    return cipher.rotate(token, context)
  } catch (error) {
    if (CredentialError.isInstance(error)) return undefined
    throw error
  }
}

/** This server's, or else the one in the backup if it is what it is said to be. */
function auditKeyFor(
  { auditKey }: BackupContext,
  { fingerprint, secret }: BundledKeys['auditKey'],
): AuditKey | undefined {
  if (fingerprint === auditKey.fingerprint) return auditKey
  const bytes = Buffer.from(secret ?? '', 'base64')
  if (bytes.length === 0) return undefined
  const bundled = new AuditKey(bytes)
  if (bundled.fingerprint !== fingerprint) throw new BackupError('damaged', 'its keys')
  return bundled
}

/** The keys of this server come last: of two that are the same, its own is the one that encrypts. */
async function ringFor(
  { key }: BackupContext,
  { salt }: BackupHeader,
  bundled: BackupHeader['credentialKeys'],
): Promise<KeyRing> {
  const secrets = bundled.flatMap(({ secret }) => (secret === undefined ? [] : [{ secret }]))
  const inBackup = await KeyRing.load(secrets, salt)
  const own = await key.loadRing()
  // A passphrase of this server is another key under the salt of another database.
  const passphrases = own.keys.filter(({ source }) => source.salt !== undefined && source.salt !== salt)
  const underItsSalt = await KeyRing.load(
    passphrases.map(({ source }) => salted(source, salt)),
    salt,
  )
  return inBackup.with(underItsSalt).with(own)
}

function salted(source: CredentialKeySource, salt: string): CredentialKeySource {
  return { ...source, salt }
}
