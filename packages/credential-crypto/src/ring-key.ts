import { deriveKeyBytes } from './derive-key.ts'
import { fernetKeys } from './fernet-keys.ts'
import type { FernetKeys } from './fernet-keys.ts'
import { keyFingerprint } from './key-fingerprint.ts'
import { deriveSt2Key } from './st2-key.ts'
import type { CredentialKdf, St2Key } from './st2-key.ts'

/** Everything that is derived from one secret. */
export interface RingKey {
  readonly fernet: FernetKeys
  /** Of the Fernet key. */
  readonly fingerprint: string
  /** Absent for a passphrase without a salt, which has no key of that form. */
  readonly st2?: St2Key | undefined
}

/** What a {@link RingKey} is derived from. */
export interface RingSecret {
  readonly secret: string
  /** `undefined`: nothing is derived for `st2` tokens. */
  readonly kdf: CredentialKdf | undefined
  readonly salt: Buffer
}

const underWay = new Map<string, Promise<RingKey>>()

/** Derives the keys of a secret. Whoever asks for the same while that is under way shares it; nothing is kept after. */
export function ringKey(source: RingSecret): Promise<RingKey> {
  const name = JSON.stringify([source.secret, source.kdf, source.salt.toString('hex')])
  const known = underWay.get(name)
  if (known !== undefined) return known
  const deriving = derive(source).finally(() => underWay.delete(name))
  underWay.set(name, deriving)
  return deriving
}

async function derive({ secret, kdf, salt }: RingSecret): Promise<RingKey> {
  const [v1, st2] = await Promise.all([
    deriveV1(secret),
    kdf === undefined ? undefined : deriveSt2Key({ secret, kdf, salt }),
  ])
  return { ...v1, st2 }
}

async function deriveV1(secret: string): Promise<RingKey> {
  const key = await deriveKeyBytes(secret)
  const derived = { fernet: fernetKeys(key), fingerprint: keyFingerprint(key) }
  key.fill(0)
  return derived
}
