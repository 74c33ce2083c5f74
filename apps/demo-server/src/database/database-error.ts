/** Why the database did not do what it was asked. Branch on this, never on the message. */
export type DatabaseErrorKind =
  /** Another process, or a longer write, held the lock for too long. */
  | 'locked'
  /** Too many writes wait already. */
  | 'busy'
  /** The disk, or the share of it that the database may use, is full. */
  | 'full'
  /** It cannot be reached, opened or read. */
  | 'unavailable'
  /** The file is no database, or is damaged. */
  | 'damaged'
  /** It may be read only. */
  | 'read_only'
  /** A later version of this program has changed its tables. */
  | 'newer'
  /** Other writes came in between each time that it was tried. */
  | 'conflict'
  /** The connection was lost while the change was being committed: it may or may not be there. */
  | 'outcome_unknown'
  /** There is a row of this name already. */
  | 'unique'
  /** A row that this one belongs to is not there, or one that others belong to was to be removed. */
  | 'foreign_key'
  /** Some other rule of the tables was broken. */
  | 'constraint'
  /** It was closed. */
  | 'closed'
  /** Anything else: a mistake of this program. */
  | 'internal'

/**
 * The database failed. Neither the message nor any member holds a value, a query or what a driver said, which may quote
 * them; `cause` is never set.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  /** Branch on this. */
  readonly kind: DatabaseErrorKind
  /** `ST_DATABASE_` and the kind in capitals. */
  readonly code: string
  /** What to do about it. */
  readonly hint: string
  /** The driver's own code: an SQLSTATE, `SQLITE_` and a number, or that of a system call. */
  declare readonly driverCode?: string

  constructor(kind: DatabaseErrorKind, driverCode?: string) {
    const [message, hint] = texts[kind]
    super(message)
    this.kind = kind
    this.code = `ST_DATABASE_${kind.toUpperCase()}`
    this.hint = hint
    if (driverCode !== undefined) this.driverCode = driverCode
  }

  /** Whether the same request may succeed a moment later, and cannot have been carried out. */
  get isTransient(): boolean {
    return transient.has(this.kind)
  }
}

const transient: ReadonlySet<DatabaseErrorKind> = new Set(['locked', 'busy', 'unavailable', 'conflict'])

const texts: Readonly<Record<DatabaseErrorKind, readonly [message: string, hint: string]>> = {
  locked: ['The database is locked by another write.', 'Try again; if it stays so, end the process that holds it.'],
  busy: ['Too many writes are waiting for the database.', 'Try again in a moment.'],
  full: ['The disk of the database is full.', 'Free some space; nothing was changed.'],
  unavailable: ['The database cannot be reached.', 'See that it runs and may be opened by this user, then try again.'],
  damaged: ['The database is damaged, or is none.', 'Move the file away, or restore a backup; it was left as it is.'],
  read_only: ['The database may be read only.', 'Make the file and its folder writable, or connect to the primary.'],
  newer: ['The database belongs to a newer version of this program.', 'Run that version, or restore an older backup.'],
  conflict: ['Other changes came in between each time.', 'Try again.'],
  outcome_unknown: [
    'The connection was lost while a change was being committed.',
    'Look whether the change is there before you repeat it.',
  ],
  unique: ['There is one of this name already.', 'Choose another name, or change the one that is there.'],
  foreign_key: ['What this belongs to does not exist.', 'Read it again: it may have been deleted meanwhile.'],
  constraint: ['The database refused the values.', 'This is a mistake of the program: please report it.'],
  closed: ['The database is closed.', 'The server is shutting down.'],
  internal: ['The database failed.', 'This is a mistake of the program: please report it with the code.'],
}
