/** Why a backup was not made or not restored. Branch on this, never on the message. */
export type BackupErrorKind =
  /** There is a file of this name. */
  | 'exists'
  /** It cannot be read or written. */
  | 'unavailable'
  /** It is something else. */
  | 'not_a_backup'
  /** It was cut off or changed, or was written wrongly. */
  | 'damaged'
  /** A later version of this program has made it. */
  | 'newer'
  /** Neither the backup nor this server has the key of its credentials. */
  | 'key_missing'
  /** The keys in it are sealed, and there is no passphrase. */
  | 'passphrase_missing'
  /** It is not the one that they were sealed with. */
  | 'passphrase_wrong'
  /** Short ones can be guessed. */
  | 'passphrase_short'
  /** Its audit log was signed with another key than this server's. */
  | 'audit_key'
  /** Its audit log is not as it was written. */
  | 'audit_tampered'
  /** Its audit log and that of this server do not continue one another: entries would be lost. */
  | 'other_log'
  /** The server was changed meanwhile. */
  | 'conflict'

/** A backup was not made or not restored; nothing was changed. The message holds no key and no value. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
  /** Branch on this. */
  readonly kind: BackupErrorKind
  /** `ST_BACKUP_` and the kind in capitals. */
  readonly code: string
  /** What to do about it. */
  readonly hint: string

  /** @param what - Names it where there are several: a line, a fingerprint, a path, the code of a system call. */
  constructor(kind: BackupErrorKind, what?: string) {
    const [message, hint] = texts[kind]
    super(what === undefined ? `${message}.` : `${message} (${what}).`)
    this.kind = kind
    this.code = `ST_BACKUP_${kind.toUpperCase()}`
    this.hint = hint
  }
}

const texts: Readonly<Record<BackupErrorKind, readonly [message: string, hint: string]>> = {
  exists: ['There is a file of this name already', 'Choose another name: a backup is never written over anything.'],
  unavailable: ['The backup cannot be read or written', 'See that the folder exists, may be used and has space.'],
  not_a_backup: ['The file is no backup of this server', 'Choose the file that the backup was written to.'],
  damaged: ['The backup is damaged', 'Use another copy of it, or another backup; nothing was changed.'],
  newer: ['The backup was made by a newer version of this program', 'Restore it with that version.'],
  key_missing: [
    'The credentials in the backup need a key that is not here',
    'Put it into SIMPLETUNER_CREDENTIAL_KEY_NEXT until the backup is restored; nothing was changed.',
  ],
  passphrase_missing: ['The keys in the backup are sealed', 'Give the passphrase that it was made with.'],
  passphrase_wrong: ['The passphrase does not open the keys in the backup', 'Give the one that it was made with.'],
  passphrase_short: ['The passphrase is too short', 'Use at least 12 characters.'],
  audit_key: [
    'The audit log in the backup was signed with another key than that of this server',
    'Set SIMPLETUNER_AUDIT_KEY to that key; or stop the server and restore by the command, which puts the key back.',
  ],
  audit_tampered: ['The audit log in the backup is not as it was written', 'Use another backup; nothing was changed.'],
  other_log: [
    'The audit log of this server does not continue that of the backup: entries would be lost',
    'Export the log first; then stop the server and restore by the command, which says in the log what it replaced.',
  ],
  conflict: ['The server was changed meanwhile', 'Try again.'],
}
