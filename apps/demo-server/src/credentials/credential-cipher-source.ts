import type { CredentialCipher } from '@st/credential-crypto'
import type { Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** Where the cipher of the moment comes from; while keys are rotated it changes. */
export interface CipherSource {
  /** Encrypts with the newest key, decrypts with all that are in use. */
  readonly cipher: CredentialCipher
  /**
   * Sees to it, inside a write, that `cipher` encrypts with the key that the database belongs to. Default: nobody else
   * changes the key.
   *
   * @throws KeyError `outdated` when another instance has changed it to one that is not here.
   */
  readonly requireCurrent?: ((transaction: Transaction<Schema>) => Promise<void>) | undefined
  /** Looks whether another instance has changed the key, and says whether. Default: none has. */
  readonly refresh?: (() => Promise<boolean>) | undefined
}

/** What a value is bound to: put into another row or version, it does not decrypt. */
export function credentialContext(
  { user_id, provider, name }: { readonly user_id: number; readonly provider: string; readonly name: string },
  version: number,
): Readonly<Record<string, string>> {
  return { table: 'credential', user: String(user_id), provider, name, version: String(version) }
}
