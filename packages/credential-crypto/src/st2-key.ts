import * as nodeCrypto from 'node:crypto'
import { createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { CredentialError } from './credential-error.ts'
import { inDerivationSlot } from './derivation-slot.ts'
import { deriveHkdf } from './hkdf.ts'
import { derivePbkdf2 } from './pbkdf2.ts'

const LABEL = '@st/credential-crypto st2'
const KEY_BYTES = 32
const FINGERPRINT_BYTES = 8

/** OWASP Password Storage Cheat Sheet, for PBKDF2-HMAC-SHA256. */
const PBKDF2_ITERATIONS = 600_000
/** The same, for Argon2id: 19 MiB, two passes, one lane. */
const ARGON2ID = { memory: 19_456, passes: 2, parallelism: 1, tagLength: KEY_BYTES }

/**
 * How the key of `st2` tokens is derived from a secret. Always with the same parameters: nothing in a token can make a
 * derivation cheaper or dearer.
 *
 * - `'hkdf-sha256'`: for secrets of at least 256 random bits. Takes microseconds.
 * - `'pbkdf2-sha256'`: 600,000 iterations, for passphrases. Needs a salt.
 * - `'argon2id'`: 19 MiB, two passes, for passphrases. Needs a salt, and a Node that has Argon2 (24.7 or later).
 */
export type CredentialKdf = 'hkdf-sha256' | 'pbkdf2-sha256' | 'argon2id'

/** The kinds of derivation, from which the key source chooses. */
export const KDFS: readonly CredentialKdf[] = ['hkdf-sha256', 'pbkdf2-sha256', 'argon2id']

/** What a key of `st2` tokens is derived from. */
export interface St2KeySource {
  readonly secret: string
  readonly kdf: CredentialKdf
  /** Random bytes; empty for none, which only `'hkdf-sha256'` allows. */
  readonly salt: Buffer
}

/** A key of `st2` tokens. */
export interface St2Key {
  /** Names the key: 16 hexadecimal digits. */
  readonly fingerprint: string
  /** What its tokens begin with: format, fingerprint, and the salt if there is one. */
  readonly header: string
  readonly key: KeyObject
}

/**
 * Derives a key of `st2` tokens. Labels keep it apart from the Fernet key of the same secret, and from what another
 * derivation makes of that secret.
 *
 * The salt goes into the header of each token, so that it cannot be lost while there is anything to decrypt.
 *
 * @throws {@link CredentialError} `key_refused` when this Node has no Argon2.
 */
export async function deriveSt2Key(source: St2KeySource): Promise<St2Key> {
  const bytes = Buffer.from(source.secret, 'utf8')
  const stretched = await stretch(bytes, source).finally(() => bytes.fill(0))
  const label = `${LABEL} ${source.kdf}`
  const fingerprint = deriveHkdf(stretched, { info: `${label} fingerprint`, length: FINGERPRINT_BYTES }).toString('hex')
  const key = deriveHkdf(stretched, { info: `${label} aes-256-gcm`, length: KEY_BYTES })
  stretched.fill(0)
  const named = { fingerprint, header: headerOf(fingerprint, source.salt), key: createSecretKey(key) }
  key.fill(0)
  return named
}

/** Whether this Node has Argon2. Its types say so of every Node. */
export function hasArgon2(): boolean {
  return 'argon2' in nodeCrypto
}

async function stretch(secret: Buffer, { kdf, salt }: St2KeySource): Promise<Buffer> {
  if (kdf === 'hkdf-sha256') return deriveHkdf(secret, { salt, info: `${LABEL} secret`, length: KEY_BYTES })
  if (kdf === 'pbkdf2-sha256') return derivePbkdf2(secret, salt, PBKDF2_ITERATIONS)
  return deriveArgon2id(secret, salt)
}

async function deriveArgon2id(secret: Buffer, salt: Buffer): Promise<Buffer> {
  if (!hasArgon2()) {
    throw new CredentialError('key_refused', 'This Node has no Argon2, which a credential key is to be derived with', {
      detail: 'kdf_unavailable',
      hint: "Run Node 24.7 or later, or let the keys of new tokens be derived with kdf: 'pbkdf2-sha256'.",
    })
  }
  return inDerivationSlot(() => promisify(nodeCrypto.argon2)('argon2id', { ...ARGON2ID, message: secret, nonce: salt }))
}

function headerOf(fingerprint: string, salt: Buffer): string {
  const header = `st2.${fingerprint}`
  return salt.length === 0 ? header : `${header}.${salt.toString('base64url')}`
}
