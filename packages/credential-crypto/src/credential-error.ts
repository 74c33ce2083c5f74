const marker: unique symbol = Symbol.for('@st/credential-crypto.error')

/** Why a credential could not be handled. Branch on this, never on the message. Adding a kind is minor, removing one is major. */
export type CredentialErrorKind =
  /** No token: not base64, or of a length that no token has. */
  | 'malformed'
  /** Shaped like a token, of a version that this package does not read. */
  | 'unsupported_version'
  /** Another key, another context, or the token was changed: they cannot be told apart. */
  | 'authentication_failed'
  /** The token names the key that made it, and the cipher has no such key. Only `st2` tokens do. */
  | 'unknown_key'
  /** Older than `ttl`, or stamped more than 60 seconds after `now`. */
  | 'expired'
  /** Text that UTF-8 cannot carry, or an authentic payload that is not UTF-8. */
  | 'not_utf8'
  /** The key itself cannot be used: missing, empty, unreadable, open to others, or not to be saved. */
  | 'key_refused'
  /** None of the keys is the one that the data were encrypted with, as its fingerprint shows. */
  | 'key_mismatch'

/** What else is known about a failure. No member ever holds a token, a plaintext or a key. */
export interface CredentialErrorDetails {
  /** Refinement of `key_refused` for machines: `'missing'`, `'empty'`, `'insecure'`, `'salt_missing'`. An open set. */
  readonly detail?: string | undefined
  /** Key file that was refused. */
  readonly path?: string | undefined
  /** What to do about it: names the option, variable, file or command. */
  readonly hint?: string | undefined
}

/**
 * A credential could not be encrypted or decrypted, or its key could not be had.
 *
 * Neither the message nor any member holds a token, a plaintext or a key, and `cause` is never set.
 */
export class CredentialError extends Error {
  // `declare`, because a field without a value would be an own member that holds `undefined`.
  /** Branch on this, never on `message`. */
  declare readonly kind: CredentialErrorKind
  /** `ST_CRYPTO_` and the kind in capitals, for logs and searches. */
  declare readonly code: `ST_CRYPTO_${Uppercase<CredentialErrorKind>}`
  /** Refinement of `key_refused` for machines: `'missing'`, `'empty'`, `'insecure'`, `'salt_missing'`. An open set. */
  declare readonly detail?: string
  /** Key file that was refused; absent when the failure concerns no file. */
  declare readonly path?: string
  /** What to do about it. */
  declare readonly hint?: string

  /**
   * @param kind - Why.
   * @param message - What failed, on which named thing. Never a value.
   * @param details - What else is known; `undefined` members are left out.
   */
  constructor(kind: CredentialErrorKind, message: string, details: CredentialErrorDetails = {}) {
    super(message)
    this.name = 'CredentialError'
    this.kind = kind
    this.code = codeOf(kind)
    Object.assign(this, definedMembers(details))
    // Not enumerable, so that it stays out of logs.
    Object.defineProperty(this, marker, { value: true })
  }

  /** Like `instanceof`, but also true when two copies of this package are installed. */
  static isInstance(value: unknown): value is CredentialError {
    return value instanceof Error && marker in value
  }

  /** Plain data for logs: every member but the stack. */
  toJSON(): CredentialErrorDetails & {
    readonly name: string
    readonly message: string
    readonly kind: CredentialErrorKind
    readonly code: CredentialError['code']
  } {
    const { name, message, kind, code, detail, path, hint } = this
    return definedMembers({ name, message, kind, code, detail, path, hint })
  }
}

function codeOf(kind: CredentialErrorKind): `ST_CRYPTO_${Uppercase<CredentialErrorKind>}` {
  // `toUpperCase` is typed as `string`; on these ASCII literals it is `Uppercase`.
  return `ST_CRYPTO_${kind.toUpperCase() as Uppercase<CredentialErrorKind>}`
}

function definedMembers<T extends object>(members: T): T {
  // Leaving out `undefined` members keeps the type: each of them is optional.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}
