import { createCredentialCipher } from '@st/credential-crypto'
import type { CipherSource } from '../credentials/credential-cipher-source.ts'

/** A cipher with a key of the test's own. */
export async function testCiphers(): Promise<CipherSource> {
  const secret = 'AKWxbVYFD5LyRZBDg0nfKmQW2oTIvPZ9hUeC1EjsN8c'
  return { cipher: await createCredentialCipher({ keys: [{ secret }], format: 'st2' }) }
}
