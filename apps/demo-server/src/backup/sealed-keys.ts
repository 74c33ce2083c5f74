import { randomBytes } from 'node:crypto'
import { type CredentialCipher, CredentialError, createCredentialCipher } from '@st/credential-crypto'
import { BackupError } from './backup-error.ts'
import type { BackupHeader } from './backup-format.ts'

/** The keys that a backup holds, by their fingerprints, as text. */
export type BundledKeys = Pick<BackupHeader, 'credentialKeys' | 'auditKey' | 'passphraseSalt'>

const shortest = 12

/**
 * Seals the keys with a passphrase (PBKDF2, 600,000 iterations, AES-256-GCM), each bound to its fingerprint.
 *
 * @throws BackupError `passphrase_short`
 */
export async function sealKeys(keys: BundledKeys, passphrase: string | undefined): Promise<BundledKeys> {
  if (passphrase === undefined) return keys
  if (passphrase.length < shortest) throw new BackupError('passphrase_short')
  const passphraseSalt = randomBytes(16).toString('base64')
  const cipher = await cipherOf(passphrase, passphraseSalt)
  return { ...mapSecrets(keys, (secret, context) => cipher.encrypt(secret, context)), passphraseSalt }
}

/**
 * The keys as they were. Those that are sealed are left out where there is no passphrase: they may not be needed.
 *
 * @throws BackupError `passphrase_wrong`, `damaged`
 */
export async function openKeys(header: BackupHeader, passphrase: string | undefined): Promise<BundledKeys> {
  const { credentialKeys, auditKey, passphraseSalt } = header
  if (passphraseSalt === undefined) return { credentialKeys, auditKey }
  if (passphrase === undefined) return mapSecrets({ credentialKeys, auditKey }, () => undefined)
  try {
    const cipher = await cipherOf(passphrase, passphraseSalt)
    return mapSecrets({ credentialKeys, auditKey }, (secret, context) => cipher.decrypt(secret, context))
  } catch (error) {
    if (!CredentialError.isInstance(error)) throw error
    throw new BackupError(error.kind === 'unknown_key' ? 'passphrase_wrong' : 'damaged', 'its keys')
  }
}

function cipherOf(secret: string, salt: string): Promise<CredentialCipher> {
  return createCredentialCipher({ keys: [{ secret, salt }], format: 'st2' })
}

function mapSecrets(
  { credentialKeys, auditKey }: BundledKeys,
  change: (secret: string, context: Readonly<Record<string, string>>) => string | undefined,
): BundledKeys {
  const mapped = <T extends { readonly fingerprint: string; readonly secret?: string }>(purpose: string, key: T): T => {
    const { secret, ...rest } = key
    const changed = secret === undefined ? undefined : change(secret, { backup: purpose, key: key.fingerprint })
    // Only `secret`, which is optional, is another.
    return (changed === undefined ? rest : { ...rest, secret: changed }) as T
  }
  return {
    credentialKeys: credentialKeys.map(key => mapped('credential', key)),
    auditKey: mapped('audit', auditKey),
  }
}
