export { createCredentialCipher } from './create-credential-cipher.ts'
export type {
  CredentialCipherOptions,
  CredentialKeyDerivation,
  CredentialKeySource,
} from './credential-cipher-options.ts'
export type { CredentialCipher } from './credential-cipher.ts'
export type { CredentialContext } from './credential-context.ts'
export { CredentialError } from './credential-error.ts'
export type { CredentialErrorDetails, CredentialErrorKind } from './credential-error.ts'
export { decryptCredential, encryptCredential, resetCipher } from './default-cipher.ts'
export { deriveKey } from './derive-key.ts'
export { Fernet } from './fernet.ts'
export type { FernetDecryptOptions } from './fernet.ts'
export { reencrypt } from './reencrypt.ts'
export type { ReencryptChange, ReencryptFailure, ReencryptOptions, ReencryptReport } from './reencrypt.ts'
export type { CredentialKdf } from './st2-key.ts'
