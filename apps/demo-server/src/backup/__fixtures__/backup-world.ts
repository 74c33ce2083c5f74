import { mkdtemp } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { loadAuditKey } from '../../audit/audit-key.ts'
import { AuditLog } from '../../audit/audit-log.ts'
import { AuditedWrites } from '../../audit/audited-writes.ts'
import { Credentials } from '../../credentials/credentials.ts'
import type { Database } from '../../database/database.ts'
import { ChangingKey } from '../../key-rotation/changing-key.ts'
import { keySourceOf } from '../../key-rotation/key-source.ts'
import { KeyRotation } from '../../key-rotation/key-rotation.ts'
import { ApiTokens } from '../../users/api-tokens.ts'
import { UserAccess } from '../../users/user-access.ts'
import { Users } from '../../users/users.ts'
import { settleAuditKey } from '../audit-key-file.ts'
import type { BackupContext } from '../backup-context.ts'

/** The parts of a server that a backup is about. */
export interface BackupWorld extends BackupContext {
  readonly audit: AuditLog
  readonly users: Users
  readonly apiTokens: ApiTokens
  readonly credentials: Credentials
  readonly rotation: KeyRotation
  /** A backup's place. */
  readonly file: string
}

type Env = Readonly<Record<string, string | undefined>>

/** Puts them together over a database; keys are in the environment or in a folder. */
export async function backupWorld(database: Database, env: Env = {}, folder?: string): Promise<BackupWorld> {
  const own = folder ?? (await mkdtemp(join(homedir(), 'state-')))
  const auditKeyFile = join(own, 'audit.key')
  await settleAuditKey(auditKeyFile, database)
  const auditKey = await loadAuditKey(auditKeyFile, env)
  const audit = new AuditLog(database, auditKey)
  const writes = new AuditedWrites(database, audit)
  const key = await ChangingKey.open({ database, source: keySourceOf(env, own) })
  const context = { database, writes, access: new UserAccess(database) }
  return {
    database,
    audit,
    auditKey,
    auditKeyFile: env['SIMPLETUNER_AUDIT_KEY'] === undefined ? auditKeyFile : undefined,
    key,
    folder: own,
    users: new Users(context),
    apiTokens: new ApiTokens(context),
    credentials: new Credentials({ ...context, ciphers: key }),
    rotation: new KeyRotation({ ...context, key }),
    file: join(own, 'test.backup'),
  }
}
