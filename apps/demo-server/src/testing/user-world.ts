import { AuditKey } from '../audit/audit-key.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { ApiTokens } from '../users/api-tokens.ts'
import { OneTimeTokens } from '../users/one-time-tokens.ts'
import { Sessions } from '../users/sessions.ts'
import { SignIn } from '../users/sign-in.ts'
import { UserAccess } from '../users/user-access.ts'
import { Users } from '../users/users.ts'

/** The parts of the server that are about users, over a database, with a clock that only the test moves. */
export interface UserWorld {
  readonly database: Database
  readonly log: AuditLog
  readonly writes: AuditedWrites
  readonly access: UserAccess
  readonly users: Users
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly oneTimeTokens: OneTimeTokens
  readonly apiTokens: ApiTokens
  readonly now: () => Date
  /** Lets time pass. */
  readonly pass: (minutes: number) => void
  /** What the audit log holds, oldest first: type and outcome. */
  readonly recorded: () => Promise<readonly string[]>
}

/** Puts them together. */
export function userWorld(database: Database): UserWorld {
  let nowMs = Date.UTC(2026, 0, 1)
  const now = (): Date => new Date(nowMs)
  const log = new AuditLog(database, new AuditKey(Buffer.from('audit-key')), now)
  const writes = new AuditedWrites(database, log)
  const access = new UserAccess(database)
  const context = { database, writes, access, now }
  const sessions = new Sessions(context)
  return {
    database,
    log,
    writes,
    access,
    users: new Users(context),
    sessions,
    signIn: new SignIn(context, sessions),
    oneTimeTokens: new OneTimeTokens(context),
    apiTokens: new ApiTokens(context),
    now,
    pass: minutes => {
      nowMs += minutes * 60_000
    },
    recorded: async () => {
      const events: string[] = []
      for await (const { type, outcome } of log.entries()) events.push(outcome === 'done' ? type : `${type} ${outcome}`)
      return events
    },
  }
}
