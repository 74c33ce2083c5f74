import { DatabaseError, type DatabaseErrorKind } from './database-error.ts'

/** What an error of `pg` means, without its message, detail and query, which quote values. */
export function postgresFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)) return new DatabaseError(kindOf(code), code)
  // Of a system call.
  if (/^E[A-Z_]+$/.test(code)) return new DatabaseError('unavailable', code)
  if (/driver has already been destroyed|after calling end on the pool/.test(error.message)) {
    return new DatabaseError('closed')
  }
  // What pg says of a lost or silent connection has no code.
  return /connect|terminat|timeout|socket|discarded/i.test(error.message) ? new DatabaseError('unavailable') : error
}

/** An SQLSTATE, or else its class of two characters (PostgreSQL, appendix A). */
function kindOf(state: string): DatabaseErrorKind {
  return states[state] ?? classes[state.slice(0, 2)] ?? 'internal'
}

const states: Readonly<Record<string, DatabaseErrorKind>> = {
  '23503': 'foreign_key',
  '23505': 'unique',
  '25006': 'read_only',
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'locked',
  // A statement that took too long, and a database in use by others.
  '57014': 'locked',
  '55006': 'locked',
  '53100': 'full',
}

const classes: Readonly<Record<string, DatabaseErrorKind>> = {
  '08': 'unavailable',
  '22': 'constraint',
  '23': 'constraint',
  '28': 'unavailable',
  '3D': 'unavailable',
  '53': 'unavailable',
  '57': 'unavailable',
  '58': 'unavailable',
  XX: 'damaged',
}
