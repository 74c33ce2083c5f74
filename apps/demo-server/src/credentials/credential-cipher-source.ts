import type { CredentialCipher } from '@st/credential-crypto'

/** Where the cipher of the moment comes from; while keys are rotated it changes. */
export interface CipherSource {
  /** Encrypts with the newest key, decrypts with all that are in use. */
  readonly cipher: CredentialCipher
}

/** What a value is bound to: put into another row or version, it does not decrypt. */
export function credentialContext(
  { user_id, provider, name }: { readonly user_id: number; readonly provider: string; readonly name: string },
  version: number,
): Readonly<Record<string, string>> {
  return { table: 'credential', user: String(user_id), provider, name, version: String(version) }
}
