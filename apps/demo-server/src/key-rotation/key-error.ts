/** Why the key of the credentials cannot be used with this database. Branch on this, never on the message. */
export type KeyErrorKind =
  /** There is a key, and the database belongs to another. */
  | 'mismatch'
  /** The database belongs to a key, and there is none here. */
  | 'missing'
  /** The key is being changed, and the one of before is not there any more although values of it are left. */
  | 'previous_missing'
  /** Another instance has changed the key, and this one has not got the new one. */
  | 'outdated'

/** The key of the credentials does not fit the database: nothing is written with it. Keys are told by fingerprint only. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
  /** Branch on this. */
  readonly kind: KeyErrorKind
  /** `ST_KEY_` and the kind in capitals. */
  readonly code: string
  /** What to do about it. */
  readonly hint: string
  /** Of the key that the database needs. */
  readonly fingerprint: string

  /** @param fingerprint - Of the key that the database needs. */
  constructor(kind: KeyErrorKind, fingerprint: string) {
    const [message, hint] = texts[kind]
    super(`${message}; it needs the key ${fingerprint}.`)
    this.kind = kind
    this.code = `ST_KEY_${kind.toUpperCase()}`
    this.hint = hint
    this.fingerprint = fingerprint
  }
}

const texts: Readonly<Record<KeyErrorKind, readonly [message: string, hint: string]>> = {
  mismatch: [
    'The credential key does not match this database',
    'Put back the key that encrypted it (SIMPLETUNER_CREDENTIAL_KEY, or credential.key in the state folder), or restore a backup. Nothing was changed.',
  ],
  missing: [
    'There is no credential key, and this database was encrypted with one',
    'Copy credential.key from the instance or the backup that has it, or set SIMPLETUNER_CREDENTIAL_KEY. Nothing was changed.',
  ],
  previous_missing: [
    'The credential key is being changed, and the one of before is not here although values of it are left',
    'Put it back beside the new one (SIMPLETUNER_CREDENTIAL_KEY_NEXT, or credential.key in the state folder) until the rotation is done.',
  ],
  outdated: [
    'Another instance has changed the credential key',
    'Give this instance the new key as well (SIMPLETUNER_CREDENTIAL_KEY_NEXT, or the shared key files); it stores nothing until then.',
  ],
}
