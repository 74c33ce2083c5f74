import { mkdtemp, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type SecretProvider, SecretsManager } from '@st/secrets-core'
import { EnvironmentSecretProvider } from '@st/provider-env'
import { FileSecretProvider } from '@st/provider-file'
import type { FastifyInstance } from 'fastify'
import { ChangeLog } from '../changes/change-log.ts'
import { openDatabase } from '../database/open-database.ts'
import { createServer } from '../server.ts'

/** A server on a real socket over a real database, with what it logged. */
export interface RunningServer extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly port: number
  readonly secrets: SecretsManager
  readonly failures: unknown[]
}

/** Starts a server over these providers; default: the given environment above `~/.simpletuner/secrets.*`. */
export async function runServer(
  env: Readonly<Record<string, string>> = {},
  providers: readonly SecretProvider[] = [new EnvironmentSecretProvider({ env }), new FileSecretProvider()],
): Promise<RunningServer> {
  const folder = await mkdtemp(join(homedir(), 'state-'))
  const database = await openDatabase(join(folder, 'demo.db'))
  const secrets = new SecretsManager({ providers })
  const failures: unknown[] = []
  const listen = { host: '127.0.0.1', port: 0 }
  const onFailure = (error: unknown): void => void failures.push(error)
  const app = await createServer({ secrets, changes: new ChangeLog(database), listen, onFailure })
  await app.listen(listen)
  const address = app.server.address()
  return {
    app,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    secrets,
    failures,
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await secrets.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
