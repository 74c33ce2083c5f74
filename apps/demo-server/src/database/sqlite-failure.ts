import { DatabaseError, type DatabaseErrorKind } from './database-error.ts'

/** What an error of `node:sqlite` means, without its message. */
export function sqliteFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ERR_INVALID_STATE') return new DatabaseError('closed')
  if (error.code !== 'ERR_SQLITE_ERROR' || !('errcode' in error) || typeof error.errcode !== 'number') return error
  return new DatabaseError(kindOf(error.errcode), `SQLITE_${error.errcode}`)
}

/** The low byte is the kind of failure, the rest its refinement (https://sqlite.org/rescode.html). */
function kindOf(code: number): DatabaseErrorKind {
  return refinedKinds[code] ?? kinds[code & 0xff] ?? 'internal'
}

const refinedKinds: Readonly<Record<number, DatabaseErrorKind>> = {
  // SQLITE_CONSTRAINT_FOREIGNKEY, _PRIMARYKEY, _UNIQUE, _ROWID
  787: 'foreign_key',
  1555: 'unique',
  2067: 'unique',
  2579: 'unique',
}

const kinds: Readonly<Record<number, DatabaseErrorKind>> = {
  // SQLITE_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _CONSTRAINT, _AUTH, _NOTADB
  3: 'unavailable',
  5: 'locked',
  6: 'locked',
  8: 'read_only',
  10: 'unavailable',
  11: 'damaged',
  13: 'full',
  14: 'unavailable',
  19: 'constraint',
  23: 'unavailable',
  26: 'damaged',
}
