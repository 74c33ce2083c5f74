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
 * @throws StartError
 */
export async function openFoundations(redactor: Redactor): Promise<OpenFoundations> {
  const secrets = makeManager(redactor)
  const folder = stateFolder()
  const database = await openOwnDatabase(folder)
  const keys = await loadKeys(folder, database)
  return {
    database,
    secrets,
    ...keys,
    folder,
    [Symbol.asyncDispose]: async () => {
      await secrets.close()
      await database.close()
    },
  }
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

type OwnKeys = Pick<Foundations, 'auditKey' | 'auditKeyFile' | 'key'>

async function loadKeys(folder: string, database: Database): Promise<OwnKeys> {
  try {
    const auditKeyFile = join(folder, 'audit.key')
    await settleAuditKey(auditKeyFile, database)
    const auditKey = await loadAuditKey(auditKeyFile)
    const key = await ChangingKey.open({ database, source: keySourceOf(process.env, folder) })
    return { auditKey, auditKeyFile: process.env['SIMPLETUNER_AUDIT_KEY'] ? undefined : auditKeyFile, key }
  } catch (error) {
    await database.close()
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
