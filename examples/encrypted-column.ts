// A column that is encrypted in the database and plain in the program. Drizzle's `customType` and TypeORM's transformers are
// synchronous: the key is derived before, and `to` and `from` only compute.
import { createCredentialCipher, CredentialError } from '@st/credential-crypto'

export interface ColumnTransformer {
  to(value: string): string
  from(stored: string): string
}

export async function encryptedColumn(table: string, column: string, keyFile: string): Promise<ColumnTransformer> {
  const cipher = await createCredentialCipher({ keys: [{ keyFile }], format: 'st2' })
  // A value that is copied to another column does not decrypt there.
  const context = { table, column }
  return {
    to: value => cipher.encrypt(value, context),
    from: stored => {
      try {
        return cipher.decrypt(stored, context)
      } catch (error) {
        if (!CredentialError.isInstance(error) || error.kind !== 'unknown_key') throw error
        throw new Error(`${table}.${column} was encrypted with another key than that in ${keyFile}.`, { cause: error })
      }
    },
  }
}
