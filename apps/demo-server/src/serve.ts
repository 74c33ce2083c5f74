import type { SecretsManager } from '@st/secrets-core'
import { createRedactor } from '@st/secrets-core/redactor'
import type { ServerCommand } from './command-line.ts'
import { replicateValidator } from './credentials/replicate-validator.ts'
import { describeFailure } from './describe-failure.ts'
import { followInvalidations } from './follow-invalidations.ts'
import { makeLog } from './make-log.ts'
import { openFoundations } from './open-foundations.ts'
import { wellKnownKeys } from './secrets/secret-view.ts'
import { createServer } from './server.ts'
import { serverSettings } from './server-settings.ts'
import { composeServices, type Services } from './services.ts'
import { StartError } from './start-error.ts'

/**
 * Serves until a signal stops it: requests under way are finished, a key that is being rotated goes on with the next start.
 *
 * @throws StartError when it cannot begin.
 * @throws UsageError
 */
export async function serve(command: ServerCommand): Promise<void> {
  const settings = serverSettings(command, process.env)
  const redactor = createRedactor()
  const log = makeLog(redactor, process.env)
  const foundations = await openFoundations(redactor)
  const services = composeServices({
    ...foundations,
    credentialValidators: [replicateValidator()],
    allowsPrivateWebhooks: settings.allowsPrivateWebhooks,
  })
  const logFailure = (error: unknown): void => log.error(describeFailure(error))
  const app = await createServer({ services, settings, log, onFailure: logFailure })
  const unfollow = followInvalidations(services.database.invalidations)
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await app.close()
    unfollow()
    await foundations[Symbol.asyncDispose]()
  }
  // Ctrl-C reaches this process from the terminal and from the launcher.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void (stopped ??= stop()))
  try {
    const address = await app.listen(settings.listen)
    const invitation = await inviteAdministrator(services, address)
    console.log(`Listening on ${address} (stop with Ctrl-C)${invitation}`)
    await warnOfFailures(services.secrets)
  } catch (error) {
    await (stopped ??= stop())
    throw listenError(error, settings.listen)
  }
}

/** Without an administrator nobody can sign in: a token makes the first one. */
async function inviteAdministrator({ oneTimeTokens }: Services, address: string): Promise<string> {
  const token = await oneTimeTokens.firstRun()
  if (token === undefined) return ''
  const { secret, expiresAt } = token
  return `\nFirst run: make the administrator at ${address} with this one-time token, until ${expiresAt}:\n\n  ${secret}\n`
}

/** A source that cannot be read is told at once, and does not keep the others from being served. */
async function warnOfFailures(secrets: SecretsManager): Promise<void> {
  const { failed } = await secrets.list({ include: wellKnownKeys, fresh: true })
  for (const { message, hint } of failed) console.error(`Warning: ${message} ${hint ?? ''}`.trim())
}

function listenError(error: unknown, { host, port }: ServerCommand['listen']): Error {
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
