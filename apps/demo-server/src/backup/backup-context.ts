import type { AuditKey } from '../audit/audit-key.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Database } from '../database/database.ts'
import type { ChangingKey } from '../key-rotation/changing-key.ts'

/** What backups are made of and restored to. */
export interface BackupContext {
  readonly database: Database
  readonly audit: AuditLog
  readonly auditKey: AuditKey
  /** Where that key is; `undefined` where it comes from the environment: whoever set it keeps it. */
  readonly auditKeyFile?: string | undefined
  /** Of the credentials. */
  readonly key: ChangingKey
  /** The server's own, for what is written on the way. */
  readonly folder: string
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}
