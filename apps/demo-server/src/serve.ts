import { join } from 'node:path'
import { SecretError, SecretsManager } from '@st/secrets-core'
import { ChangeLog } from './changes/change-log.ts'
import type { ListenOptions } from './command-line.ts'
import type { Database } from './database/database.ts'
import { DatabaseError } from './database/database-error.ts'
import { openDatabase } from './database/open-database.ts'
import { describeFailure } from './describe-failure.ts'
import { wellKnownKeys } from './secrets/secret-view.ts'
import { createServer } from './server.ts'
import { StartError } from './start-error.ts'
import { ownFolder } from './state-folder.ts'

/**
 * Serves until a signal stops it.
 *
 * @throws StartError when it cannot begin.
 */
export async function serve(listen: ListenOptions): Promise<void> {
  const secrets = makeManager()
  const database = await openOwnDatabase()
  const app = await createServer({ secrets, changes: new ChangeLog(database), listen, onFailure: logFailure })
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await app.close()
    await secrets.close()
    await database.close()
  }
  // Ctrl-C reaches this process from the terminal and from the launcher.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void (stopped ??= stop()))
  try {
    const address = await app.listen(listen)
    console.log(`Listening on ${address} (stop with Ctrl-C)`)
    await warnOfFailures(secrets)
  } catch (error) {
    await (stopped ??= stop())
    throw listenError(error, listen)
  }
}

async function openOwnDatabase(): Promise<Database> {
  const url = process.env['DATABASE_URL']
  if (url) {
    const isPostgres = /^postgres(ql)?:\/\//.test(url)
    if (!isPostgres) throw new StartError('DATABASE_URL must be an address of PostgreSQL: postgres://user@host/name.')
    return open(url, 'the database of DATABASE_URL', 'correct the address, or start PostgreSQL')
  }
  let path = 'the state folder'
  const remedy =
    'make it writable for this user, move a damaged file away, or choose another folder with SIMPLETUNER_STATE_DIR'
  try {
    path = join(ownFolder(process.env), 'demo.db')
  } catch (error) {
    throw new StartError(`Cannot open ${path} (${describeFailure(error)}): ${remedy}.`)
  }
  return open(path, path, remedy)
}

/** What a location is called, because an address may hold a password, and what to do when it cannot be opened. */
async function open(location: string, name: string, remedy: string): Promise<Database> {
  try {
    return await openDatabase(location)
  } catch (error) {
    if (!(error instanceof DatabaseError))
      throw new StartError(`Cannot open ${name} (${describeFailure(error)}): ${remedy}.`)
    const reason = `${error.message.replace(/\.$/, '')}; ${error.driverCode ?? error.code}`
    throw new StartError(`Cannot open ${name} (${reason}): ${error.kind === 'newer' ? error.hint : `${remedy}.`}`)
  }
}

function makeManager(): SecretsManager {
  try {
    return new SecretsManager()
  } catch (error) {
    if (!SecretError.isInstance(error)) throw error
    throw new StartError(`${error.message} ${error.hint ?? ''}`.trim())
  }
}

function logFailure(error: unknown): void {
  console.error(describeFailure(error))
}

/** A source that cannot be read is told at once, and does not keep the others from being served. */
async function warnOfFailures(secrets: SecretsManager): Promise<void> {
  const { failed } = await secrets.list({ include: wellKnownKeys, fresh: true })
  for (const { message, hint } of failed) console.error(`Warning: ${message} ${hint ?? ''}`.trim())
}

function listenError(error: unknown, { host, port }: ListenOptions): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} on ${host} is in use: stop the other program, or choose another with --port (0 = any free one).`,
    )
  }
  if (code === 'EACCES') return new StartError(`Port ${port} needs privileges: choose one above 1023 with --port.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`This machine has no address ${host}: choose another with --host.`)
  }
  return error instanceof Error ? error : new StartError('The server cannot listen.')
}
