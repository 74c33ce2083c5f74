import {
  type CredentialCipher,
  CredentialError,
  type CredentialKeySource,
  createCredentialCipher,
} from '@st/credential-crypto'

/** A key and its name. */
export interface NamedKey {
  readonly source: CredentialKeySource
  readonly fingerprint: string
  /** Of this key alone. */
  readonly cipher: CredentialCipher
}

/** Keys by their fingerprints, each once. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, NamedKey>
  /** Deriving takes a while, for passphrases. */
  readonly #ciphers = new Map<string, Promise<CredentialCipher>>()

  private constructor(keys: readonly NamedKey[]) {
    this.#keys = new Map(keys.map(key => [key.fingerprint, key]))
  }

  /**
   * Derives the keys.
   *
   * @param salt - For those that are passphrases.
   * @throws CredentialError `key_refused`
   */
  static async load(sources: readonly CredentialKeySource[], salt: string): Promise<KeyRing> {
    return new KeyRing(await Promise.all(sources.map(source => named(source, salt))))
  }

  /** The keys of both. */
  with(other: KeyRing): KeyRing {
    return new KeyRing([...this.keys, ...other.keys])
  }

  /** In the order in which they were given. */
  get keys(): readonly NamedKey[] {
    return [...this.#keys.values()]
  }

  has(fingerprint: string): boolean {
    return this.#keys.has(fingerprint)
  }

  /** A cipher that encrypts with this key and decrypts with all; `undefined` where it is not among them. */
  async cipherOf(fingerprint: string): Promise<CredentialCipher | undefined> {
    const first = this.#keys.get(fingerprint)
    if (first === undefined) return undefined
    if (this.#keys.size === 1) return first.cipher
    const known = this.#ciphers.get(fingerprint)
    if (known !== undefined) return known
    const others = this.keys.filter(key => key !== first)
    const deriving = createCredentialCipher({ keys: [first, ...others].map(({ source }) => source), format: 'st2' })
    this.#ciphers.set(fingerprint, deriving)
    return deriving
  }
}

/** A random key has no salt, as those that were made before there was one. */
async function named(source: CredentialKeySource, salt: string): Promise<NamedKey> {
  try {
    return await derived(source)
  } catch (error) {
    if (!(CredentialError.isInstance(error) && error.detail === 'salt_missing')) throw error
    return derived({ ...source, salt })
  }
}

async function derived(source: CredentialKeySource): Promise<NamedKey> {
  const cipher = await createCredentialCipher({ keys: [source], format: 'st2' })
  return { source, fingerprint: cipher.keyFingerprint, cipher }
}
