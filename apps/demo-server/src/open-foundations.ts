import { join } from 'node:path'
import { CredentialError } from '@st/credential-crypto'
import { SecretError, SecretsManager } from '@st/secrets-core'
import type { Redactor } from '@st/secrets-core/redactor'
import { AuditError } from './audit/audit-error.ts'
import { loadAuditKey } from './audit/audit-key.ts'
import { settleAuditKey } from './backup/audit-key-file.ts'
import type { Database } from './database/database.ts'
import { DatabaseError } from './database/database-error.ts'
import { openDatabase } from './database/open-database.ts'
import { describeFailure } from './describe-failure.ts'
import { ChangingKey } from './key-rotation/changing-key.ts'
import { FileLock, type LockKind } from './file-lock.ts'
import { KeyError } from './key-rotation/key-error.ts'
import { keySourceOf } from './key-rotation/key-source.ts'
import type { Foundations } from './services.ts'
import { StartError, startErrorOf } from './start-error.ts'
import { ownFolder } from './state-folder.ts'

/** What is open until it is closed. */
export interface OpenFoundations extends Foundations, AsyncDisposable {}

/**
 * Opens the database and the keys, and makes the manager of secrets.
 *
 * @param redactor - Is told every secret.
 * @param use - `exclusive`: no server and no other command may run on them. Default: `shared`.
 * @throws StartError
 */
export async function openFoundations(redactor: Redactor, use: LockKind = 'shared'): Promise<OpenFoundations> {
  const secrets = makeManager(redactor)
  const folder = stateFolder()
  await using opened = new AsyncDisposableStack()
  opened.use(takeFolder(folder, use))
  const database = opened.use(await openOwnDatabase(folder))
  if (use === 'exclusive') await requireOnlyInstance(database)
  const keys = await loadKeys(folder, database)
  opened.defer(() => secrets.close())
  const left = opened.move()
  return { database, secrets, ...keys, folder, [Symbol.asyncDispose]: () => left.disposeAsync() }
}

const remedy =
  'make it writable for this user, move a damaged file away, or choose another folder with SIMPLETUNER_STATE_DIR'

function stateFolder(): string {
  try {
    return ownFolder(process.env)
  } catch (error) {
    throw new StartError(`Cannot open the state folder (${describeFailure(error)}): ${remedy}.`)
  }
}

/** Whoever may not write there cannot restore a backup there either, so that nobody has to be kept from it. */
function takeFolder(folder: string, use: LockKind): FileLock | undefined {
  let lock: FileLock | undefined
  try {
    lock = FileLock.take(join(folder, 'server.lock'), use)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (use === 'shared' && (code === 'EROFS' || code === 'EACCES')) return undefined
    throw new StartError(`Cannot open the state folder (${describeFailure(error)}): ${remedy}.`)
  }
  if (lock !== undefined) return lock
  throw new StartError(use === 'shared' ? 'A backup is being restored: start again when that is done.' : stillRunning)
}

const stillRunning =
  'A server, or another command, is running on this database: stop it first, then restore the backup.'

/** Those on other machines have other folders. */
async function requireOnlyInstance(database: Database): Promise<void> {
  if (await database.isUsedElsewhere()) throw new StartError(stillRunning)
}

type OwnKeys = Pick<Foundations, 'auditKey' | 'auditKeyFile' | 'key'>

async function loadKeys(folder: string, database: Database): Promise<OwnKeys> {
  try {
    const auditKeyFile = join(folder, 'audit.key')
    await settleAuditKey(auditKeyFile, database)
    const auditKey = await loadAuditKey(auditKeyFile)
    const key = await ChangingKey.open({ database, source: keySourceOf(process.env, folder) })
    return { auditKey, auditKeyFile: process.env['SIMPLETUNER_AUDIT_KEY'] ? undefined : auditKeyFile, key }
  } catch (error) {
    const isToldWhole = error instanceof AuditError || error instanceof KeyError || CredentialError.isInstance(error)
    if (isToldWhole) throw startErrorOf(error)
    throw new StartError(`Cannot read the keys in ${folder} (${describeFailure(error)}): ${remedy}.`)
  }
}

async function openOwnDatabase(folder: string): Promise<Database> {
  const url = process.env['DATABASE_URL']
  if (url) {
    const isPostgres = /^postgres(ql)?:\/\//.test(url)
    if (!isPostgres) throw new StartError('DATABASE_URL must be an address of PostgreSQL: postgres://user@host/name.')
    return open(url, 'the database of DATABASE_URL', 'correct the address, or start PostgreSQL')
  }
  const path = join(folder, 'demo.db')
  return open(path, path, remedy)
}

/** What a location is called, because an address may hold a password, and what to do when it cannot be opened. */
async function open(location: string, name: string, advice: string): Promise<Database> {
  try {
    return await openDatabase(location)
  } catch (error) {
    if (!(error instanceof DatabaseError))
      throw new StartError(`Cannot open ${name} (${describeFailure(error)}): ${advice}.`)
    const reason = `${error.message.replace(/\.$/, '')}; ${error.driverCode ?? error.code}`
    throw new StartError(`Cannot open ${name} (${reason}): ${error.kind === 'newer' ? error.hint : `${advice}.`}`)
  }
}

function makeManager(redactor: Redactor): SecretsManager {
  try {
    return new SecretsManager({ redactor })
  } catch (error) {
    if (!SecretError.isInstance(error)) throw error
    throw startErrorOf(error)
  }
}
